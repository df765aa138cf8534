/** A socket to ask an engine at, and what is known of who answers there. */
import { lstatSync, statSync } from 'node:fs'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import { isErrno, linkText } from '../discover/file-access.ts'
import { inodeOf } from '../discover/mountinfo.ts'
import { pathBelow } from './below-root.ts'

export type EngineSocket = {
  /** As this program reaches it; below /proc/PID/root where the engine has a mount namespace of its own. */
  readonly path: string
  /** The process that listens; null where none is to be seen (it may be outside our pid namespace). */
  readonly daemon: Process | null
  /** The file's owner where there is no process. */
  readonly uid: number
  /** Device and inode, which tell whether two paths are one socket. */
  readonly key: string
}

/** Null: no socket there, or none that may be looked at. `root`: where the path begins; empty for our own. */
export function socketAt(root: string, path: string, daemon: Process | null): EngineSocket | null {
  const below = pathBelow(root, path)
  if (below === null) return null
  try {
    const status = root === '' ? statSync(below) : lstatSync(below)
    if (!status.isSocket()) return null
    return { path: below, daemon, uid: daemon?.uid ?? status.uid, key: `${status.dev}:${status.ino}` }
  } catch {
    return null
  }
}

/** Inodes of the namespaces that this program is in, as text; null where they cannot be read. */
export type OwnNamespaces = {
  readonly mnt: string | null
  readonly pid: string | null
  readonly user: string | null
}

export function ownNamespaces(proc: string): OwnNamespaces {
  const inode = (type: keyof OwnNamespaces): string | null => {
    const text = linkText(`${proc}/self/ns/${type}`)
    return isErrno(text) ? null : inodeOf(text, type)
  }
  return { mnt: inode('mnt'), pid: inode('pid'), user: inode('user') }
}

export function namespaceOf(process: Process, type: string): string | null {
  return isUnknown(process.namespaces) ? null : (process.namespaces[type] ?? null)
}

/** Where a path of this process is found from here. */
export function rootOf(proc: string, process: Process, own: OwnNamespaces): string {
  const mnt = namespaceOf(process, 'mnt')
  return mnt !== null && mnt === own.mnt ? '' : `${proc}/${process.pid}/root`
}

export function netnsOf(process: Process | null): NetnsId | null {
  return process === null || isUnknown(process.netns) ? null : process.netns
}

/** It runs in a user namespace other than ours, or as another user than root. */
export function isRootless({ daemon, uid }: EngineSocket, own: OwnNamespaces): boolean {
  if (uid !== 0) return true
  const user = daemon === null ? null : namespaceOf(daemon, 'user')
  return user !== null && own.user !== null && user !== own.user
}
