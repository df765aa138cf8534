/**
 * The user namespace that owns a network namespace (ioctl_nsfs(2)): whose root is root in there. It never changes,
 * so it is asked for once, best while the file is open for another reason.
 */
import type { NetnsId } from '../../model/ids.ts'
import { unknown, type Known } from '../../model/known.ts'
import type { FoundNetns } from '../reader.ts'
import type { Libc } from './libc.ts'
import { openNamespace } from './open-namespace.ts'

/** linux/nsfs.h. */
const NS_GET_USERNS = 0xb701

export type Owners = {
  /** Asks through a descriptor of the namespace. An inode that is used again is asked again. */
  note(id: NetnsId, fd: number): void
  /** Its inode. Unknown with EPERM: the owner is not below our own user namespace. */
  of(found: FoundNetns): Known<string>
  keep(found: ReadonlyMap<NetnsId, FoundNetns>): void
}

export function owners(libc: Libc): Owners {
  const known = new Map<NetnsId, Known<string>>()
  return {
    note: (id, fd) => {
      known.set(id, ownerBehind(libc, fd))
    },
    of: (found) => {
      const noted = known.get(found.id)
      if (noted !== undefined) return noted
      const opened = openNamespace(libc, found)
      if (!opened.ok) return unknown(opened.failure.unknown)
      try {
        const owner = ownerBehind(libc, opened.value)
        known.set(found.id, owner)
        return owner
      } finally {
        libc.close(opened.value)
      }
    },
    keep: (found) => {
      for (const id of known.keys()) if (!found.has(id)) known.delete(id)
    },
  }
}

function ownerBehind(libc: Libc, fd: number): Known<string> {
  const owner = libc.ioctl(fd, NS_GET_USERNS, 0)
  if (owner < 0) return unknown(libc.errno())
  try {
    const inode = libc.inodeOf(owner)
    return inode === null ? unknown(libc.errno()) : String(inode.ino)
  } finally {
    // Not closeSync: a worker complains of descriptors that Node did not open.
    libc.close(owner)
  }
}
