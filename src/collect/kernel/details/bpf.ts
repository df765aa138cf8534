/** Asking the kernel which eBPF programs are attached at a place (bpf(2), BPF_PROG_QUERY). Changes nothing. */
import { unknown, type Known } from '../../../model/known.ts'
import type { Libc } from '../libc.ts'

const BPF_PROG_GET_FD_BY_ID = 13
const BPF_OBJ_GET_INFO_BY_FD = 15
const BPF_PROG_QUERY = 16
/** BPF_MPROG_MAX; cgroups may have as many too. */
const maxPrograms = 64
const attrSize = 64

const attr = Buffer.alloc(attrSize)
const ids = Buffer.alloc(maxPrograms * 4)
/** struct bpf_prog_info up to and with `name` (16 bytes at 64). */
const info = Buffer.alloc(80)

/**
 * Ids of the programs at a place. `target` is a descriptor or, for tcx and netkit, an ifindex; the latter counts in
 * the thread's present namespace.
 */
export function queryPrograms(
  libc: Libc,
  target: number,
  place: { readonly type: number; readonly attach: string },
  flags = 0,
): Known<readonly number[]> {
  attr.fill(0)
  attr.writeUInt32LE(target, 0)
  attr.writeUInt32LE(place.type, 4)
  attr.writeUInt32LE(flags, 8)
  attr.writeBigUInt64LE(libc.addressOf(ids), 16)
  attr.writeUInt32LE(maxPrograms, 24)
  if (libc.bpf(BPF_PROG_QUERY, attr) !== 0) return refused(libc.errno(), place.attach)
  const count = Math.min(attr.readUInt32LE(24), maxPrograms)
  return Array.from({ length: count }, (_, at) => ids.readUInt32LE(at * 4))
}

/**
 * EINVAL: an older kernel has no such place; ENOSYS and EOPNOTSUPP: it has no eBPF; ENODEV, ENXIO and ENOENT: the
 * link is gone, or of another kind. All of these mean that no program is there.
 */
const nothingThere = ['EINVAL', 'ENOSYS', 'EOPNOTSUPP', 'ENODEV', 'ENXIO', 'ENOENT']

function refused(errno: string, attach: string): Known<readonly number[]> {
  if (nothingThere.includes(errno)) return []
  const reason =
    errno === 'EPERM' || errno === 'EACCES'
      ? `permission denied (${errno}): needs CAP_NET_ADMIN in the first user namespace`
      : errno
  return unknown(`programs at ${attach}: ${reason}`)
}

/** The name its author gave it, up to 15 characters; null where there is none or CAP_SYS_ADMIN is missing. */
export function programName(libc: Libc, id: number): string | null {
  attr.fill(0)
  attr.writeUInt32LE(id, 0)
  const fd = libc.bpf(BPF_PROG_GET_FD_BY_ID, attr)
  if (fd < 0) return null
  try {
    attr.fill(0)
    info.fill(0)
    attr.writeUInt32LE(fd, 0)
    attr.writeUInt32LE(info.length, 4)
    attr.writeBigUInt64LE(libc.addressOf(info), 8)
    if (libc.bpf(BPF_OBJ_GET_INFO_BY_FD, attr) !== 0) return null
    const end = info.indexOf(0, 64)
    const name = info.toString('utf8', 64, end === -1 ? info.length : end)
    return name === '' ? null : name
  } finally {
    libc.close(fd)
  }
}
