/**
 * Files of /proc, read synchronously, so that they can be read from inside another namespace. Which namespace a
 * file below `net/` or `sys/net/` speaks of is decided by the thread that opens it: `/proc/net` is the main
 * thread's, so paths here start at /proc/thread-self/net or /proc/sys/net.
 */
import { closeSync, openSync, readSync } from 'node:fs'

export type ProcError = { readonly errno: string }
/** Contents of a file below /proc (`thread-self/net/snmp`, `sys/net/ipv4/ip_forward`), or why there are none. */
export type ReadProc = (path: string) => string | ProcError

/** /proc/net/tcp of a host with 400,000 sockets. */
const maxBytes = 64 * 1024 * 1024
const chunk = Buffer.allocUnsafe(64 * 1024)

export function readProc(path: string): string | ProcError {
  return readThrough(path, chunk)
}

/** `buffer` is filled again and again until the file ends. */
export function readThrough(path: string, buffer: Buffer): string | ProcError {
  let fd
  try {
    fd = openSync(`/proc/${path}`, 'r')
  } catch (error) {
    return { errno: errnoOf(error) }
  }
  try {
    return readAll(fd, buffer)
  } catch (error) {
    return { errno: errnoOf(error) }
  } finally {
    closeSync(fd)
  }
}

/** The size that stat tells of a /proc file is 0: it is read until it ends. Most fit in one read. */
function readAll(fd: number, buffer: Buffer): string | ProcError {
  const parts: Buffer[] = []
  for (let total = 0; ;) {
    const length = readSync(fd, buffer, 0, buffer.length, null)
    if (length === 0) return parts.length === 0 ? '' : Buffer.concat(parts).toString('utf8')
    total += length
    if (total > maxBytes) return { errno: 'EFBIG' }
    parts.push(Buffer.from(buffer.subarray(0, length)))
  }
}

export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EIO'
}

/** The reason for a person. `absent` says what it means that the file is not there. */
export function reasonOf(error: ProcError, absent = 'not there'): string {
  if (error.errno === 'ENOENT' || error.errno === 'ENOTDIR') return absent
  if (error.errno === 'EACCES' || error.errno === 'EPERM') return `permission denied (${error.errno})`
  if (error.errno === 'EFBIG') return 'larger than 64 MiB'
  return `cannot be read (${error.errno})`
}
