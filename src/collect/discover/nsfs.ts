/**
 * What only an ioctl on a namespace's file tells (ioctl_nsfs(2)). Each descriptor is closed before the function
 * returns: an open one would keep a deleted namespace alive.
 */
import { closeSync, constants, openSync } from 'node:fs'
import { CLONE_NEWNET, type Libc } from '../kernel/libc.ts'

/** linux/nsfs.h. */
const NS_GET_NSTYPE = 0xb703

/** Mounts and descriptors do not say of which type a namespace is. False also where it cannot be asked. */
export function isNetworkNamespace(libc: Libc | null, path: string): boolean {
  if (libc === null) return false
  const type = withFile(path, (fd) => libc.ioctl(fd, NS_GET_NSTYPE, 0))
  return type === CLONE_NEWNET
}

/** O_NONBLOCK: a FIFO put in the place of the file must not stop us. Null: it cannot be opened. */
function withFile<T>(path: string, ask: (fd: number) => T): T | null {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return null
  }
  try {
    return ask(fd)
  } finally {
    closeSync(fd)
  }
}
