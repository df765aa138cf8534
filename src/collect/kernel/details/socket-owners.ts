/** Which process holds a socket: the links in /proc/PID/fd that read `socket:[INODE]`. */
import { readdirSync, readlinkSync } from 'node:fs'
import { unknown, type Known } from '../../../model/known.ts'
import { errnoOf } from './read-proc.ts'

export type SocketProcess = { readonly pid: number; readonly name: string }
/** Socket inode → its process; null for one that none of the known processes holds. */
export type SocketOwners = (inode: string) => Known<SocketProcess | null>

/** A socket without inode (TIME-WAIT, a request not yet accepted) belongs to the kernel alone. */
const noInode = '0'

/**
 * The processes are looked into when the first socket asks: a namespace without sockets costs nothing. Of several
 * that share a socket after fork, the oldest is named: processes come in that order.
 */
export function socketOwners(processes: readonly SocketProcess[]): SocketOwners {
  let found: Found | null = null
  return (inode) => {
    if (inode === noInode) return null
    found ??= find(processes)
    const owner = found.owners.get(inode)
    if (owner !== undefined) return owner
    return found.refused === 0
      ? null
      : unknown(`permission denied: the open files of processes here are hidden (${found.refused})`)
  }
}

type Found = { readonly owners: ReadonlyMap<string, SocketProcess>; readonly refused: number }

function find(processes: readonly SocketProcess[]): Found {
  const owners = new Map<string, SocketProcess>()
  let refused = 0
  for (const process of processes) {
    const inodes = socketInodes(process.pid)
    if (inodes === null) refused++
    for (const inode of inodes ?? []) {
      if (!owners.has(inode)) owners.set(inode, process)
    }
  }
  return { owners, refused }
}

/** null: may not be read. A process that has ended holds nothing. */
function socketInodes(pid: number): readonly string[] | null {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).flatMap((fd) => {
      const inode = socketInode(`${folder}/${fd}`)
      return inode === null ? [] : [inode]
    })
  } catch (error) {
    const errno = errnoOf(error)
    return errno === 'EACCES' || errno === 'EPERM' ? null : []
  }
}

function socketInode(file: string): string | null {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(file))?.[1] ?? null
  } catch {
    // Closed meanwhile.
    return null
  }
}
