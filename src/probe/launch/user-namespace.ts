/** Whether a user who is not root may become part of the user namespace of a process. */
import { O_CLOEXEC, O_RDONLY, type Libc } from '../../collect/kernel/libc.ts'

/** linux/nsfs.h: who made it; that user has every capability in it (user_namespaces(7)). */
const NS_GET_OWNER_UID = 0xb704

/** nsenter would say less, and with an exit code that a program may have as well. null: he may. */
export function userNamespaceRefusal(libc: Libc, pid: number): string | null {
  const fd = libc.open(`/proc/${pid}/ns/user`, O_RDONLY | O_CLOEXEC)
  if (fd < 0) return libc.errno() === 'ENOENT' ? 'its process has ended' : 'permission denied'
  const owner = Buffer.alloc(4)
  const asked = libc.ioctlBuffer(fd, NS_GET_OWNER_UID, owner)
  libc.close(fd)
  return asked === 0 && owner.readUInt32LE(0) !== process.geteuid?.() ? 'permission denied' : null
}
