/**
 * The namespace that another process's socket is in, where nothing else leads there. The way is a copy of its
 * descriptor (pidfd_getfd(2), since Linux 5.6), which security monitors notice: never for what a path leads to.
 */
import { SYS_pidfd_getfd, SYS_pidfd_open, type Libc } from './libc.ts'

/** linux/sockios.h: a descriptor of the socket's network namespace. */
const SIOCGSKNS = 0x894c

/**
 * A descriptor of that namespace, or -1 and errno. The caller compares its inode with the one it expects, because
 * descriptors are reused, and closes it at once after use. Of the socket nothing stays open.
 */
export function openNetnsOfSocket(
  libc: Libc,
  { pid, fd }: { readonly pid: number; readonly fd: number },
): number {
  const owner = libc.syscall(SYS_pidfd_open, pid, 0, 0, 0)
  if (owner < 0) return -1
  // A close that succeeds leaves errno as it was.
  const copy = libc.syscall(SYS_pidfd_getfd, owner, fd, 0, 0)
  libc.close(owner)
  if (copy < 0) return -1
  const netns = libc.ioctl(copy, SIOCGSKNS, 0)
  libc.close(copy)
  return netns
}
