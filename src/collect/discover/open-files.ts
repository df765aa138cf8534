/**
 * Namespaces that an open file of a process holds. Dear (every descriptor of every process is looked at) and
 * noticed by security monitors together with sockets.ts, so only when asked.
 */
import { bytesOf, isDenied, isErrno, linkText, namesIn, statusOf } from './file-access.ts'
import { netnsIdOf } from './mountinfo.ts'
import { isNetworkNamespace } from './nsfs.ts'
import type { Scan } from './scan.ts'
import { netnsId, type NetnsId } from '../../model/ids.ts'

/** What a socket's descriptor shows; sockets.ts asks each which namespace it is in. */
export type OpenSocket = { readonly pid: number; readonly fd: number; readonly link: string }

/** Reports open namespace files, and gives back the sockets it came by. */
export async function lookAtOpenFiles(scan: Scan): Promise<readonly OpenSocket[]> {
  const sockets: OpenSocket[] = []
  let looked = 0
  let denied = 0
  for (const { pid, isKernelThread, process } of scan.memory.processes.values()) {
    // Our own descriptors are for the moment only.
    if (isKernelThread || pid === scan.self) continue
    if (scan.memory.closed) break
    const folder = `${scan.proc}/${pid}/fd`
    const names = namesIn(folder)
    if (isDenied(names)) denied++
    if (isErrno(names)) continue
    for (const fd of names.map(Number)) {
      if (++looked % 32 === 0) await scan.breathe()
      const link = linkText(`${folder}/${fd}`)
      if (isErrno(link)) continue
      if (link.startsWith('socket:')) sockets.push({ pid, fd, link })
      const id = netnsBehind(scan, pid, fd, link)
      if (id !== null) scan.report({ kind: 'fd', id, pid, fd, comm: process.comm })
    }
  }
  if (denied > 0) scan.error(`${denied} processes: permission denied`)
  return sockets
}

/**
 * Inode numbers of namespaces: PROC_DYNAMIC_FIRST is 0xf0000000, the first ones of each type stand a little below
 * (uapi/linux/nsfs.h).
 */
const firstInode = 0xefffff00
const lastInode = 0xffffffff

/**
 * A namespace opened through /proc shows `net:[INODE]`; opened through a bind mount it shows the mount's path, and
 * `/` once that is unmounted. For those fdinfo tells the inode (since Linux 5.14) without touching the file,
 * which may lie on a network file system that does not answer.
 */
export function netnsBehind(scan: Scan, pid: number, fd: number, link: string): NetnsId | null {
  const id = netnsIdOf(link)
  if (id !== null || !link.startsWith('/') || link.startsWith('/dev/')) return id
  const fdinfo = bytesOf(`${scan.proc}/${pid}/fdinfo/${fd}`)
  if (isErrno(fdinfo)) return null
  const digits = /^ino:\s*(\d+)$/m.exec(fdinfo.toString('latin1'))?.[1]
  const suspect =
    digits === undefined ? link === '/' : Number(digits) >= firstInode && Number(digits) <= lastInode
  if (!suspect) return null
  const path = `${scan.proc}/${pid}/fd/${fd}`
  const status = statusOf(path)
  if (isErrno(status) || status.dev !== scan.dev) return null
  const found = netnsId(status.ino)
  return scan.seen.has(found) || isNetworkNamespace(scan.libc, path) ? found : null
}
