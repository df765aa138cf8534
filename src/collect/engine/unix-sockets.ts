/** Unix sockets that a process listens on, by their paths: how an engine is found that was told to listen elsewhere. */
import { bytesOf, isErrno, linkText, namesIn } from '../discover/file-access.ts'

/** SS_UNCONNECTED with this flag (__SO_ACCEPTCON, include/linux/net.h) is a listening socket. */
const acceptsConnections = 0x10000
const streamType = 1

/** A line of /proc/PID/net/unix: `Num: RefCount Protocol Flags Type St Inode Path`, numbers in hex but the inode. */
const socketLine = /^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]+) ([0-9A-F]+) [0-9A-F]+ +(\d+) (\/.*)$/

/** Inode → path, of the listening stream sockets of one network namespace. Abstract ones (`@…`) have no path. */
export function parseListening(table: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>()
  for (const line of table.split('\n')) {
    const [, flags = '', type = '', inode = '', path = ''] = socketLine.exec(line) ?? []
    if (path === '' || parseInt(type, 16) !== streamType) continue
    if ((parseInt(flags, 16) & acceptsConnections) !== 0) paths.set(inode, path)
  }
  return paths
}

/** Of the namespace that the process is in now; a socket keeps the one that it was made in. */
export function listeningAround(proc: string, pid: number): ReadonlyMap<string, string> {
  const table = bytesOf(`${proc}/${pid}/net/unix`)
  return isErrno(table) ? new Map() : parseListening(table.toString('utf8'))
}

/** Paths, in the process's own mount namespace, of the sockets among `listening` that it has open. */
export function listenedBy(
  proc: string,
  pid: number,
  listening: ReadonlyMap<string, string>,
): readonly string[] {
  const fds = namesIn(`${proc}/${pid}/fd`)
  if (isErrno(fds) || listening.size === 0) return []
  const paths = new Set<string>()
  for (const fd of fds) {
    const link = linkText(`${proc}/${pid}/fd/${fd}`)
    const inode = isErrno(link) ? undefined : /^socket:\[(\d+)\]$/.exec(link)?.[1]
    const path = inode === undefined ? undefined : listening.get(inode)
    if (path !== undefined) paths.add(path)
  }
  return [...paths]
}
