/**
 * Lines of /proc/PID/mountinfo (proc(5)) that are network namespaces: nsfs mounts whose root is `net:[INODE]`.
 * Pure text; whether the mount point can be reached is leads-to.ts's business.
 */
import { netnsId, type NetnsId } from '../../model/ids.ts'

export type NetnsMount = {
  readonly id: NetnsId
  /** As a path, escapes decoded. Relative to the root of the process whose mountinfo it is. */
  readonly mountPoint: string
  /** Why the path leads nowhere although the mount exists. */
  readonly unreachable: 'deleted' | 'not UTF-8' | null
}

const needle = Buffer.from(' - nsfs ')
/** What the kernel appends to the path of an unlinked mount point (fs/d_path.c). */
const deletedSuffix = '//deleted'

export function netnsMounts(mountinfo: Buffer): readonly NetnsMount[] {
  if (!mountinfo.includes(needle)) return []
  // latin1 keeps every byte as one character, so that bytes that are no UTF-8 survive until the path is decoded.
  return mountinfo
    .toString('latin1')
    .split('\n')
    .filter((line) => line.includes(' - nsfs '))
    .map(netnsMount)
    .filter((mount) => mount !== null)
}

/**
 * `66 65 0:4 net:[4026532248] /run/netns/a rw shared:2 - nsfs nsfs rw`. Blanks inside a field are escaped, and
 * there is a varying number of optional fields before the lone `-`.
 */
function netnsMount(line: string): NetnsMount | null {
  const fields = line.split(' ')
  const separator = fields.indexOf('-', 6)
  if (separator < 0 || fields[separator + 1] !== 'nsfs') return null
  const id = netnsIdOf(fields[3] ?? '')
  if (id === null) return null
  const bytes = Buffer.from(unescapeOctal(fields[4] ?? ''), 'latin1')
  const path = bytes.toString('utf8')
  if (!Buffer.from(path, 'utf8').equals(bytes)) {
    return { id, mountPoint: path, unreachable: 'not UTF-8' }
  }
  if (path.endsWith(deletedSuffix)) {
    return { id, mountPoint: path.slice(0, -deletedSuffix.length), unreachable: 'deleted' }
  }
  return { id, mountPoint: path, unreachable: null }
}

/** `net:[4026532248]` → `4026532248`; null for links to namespaces of other types. */
export function netnsIdOf(text: string): NetnsId | null {
  const inode = inodeOf(text, 'net')
  return inode === null ? null : netnsId(inode)
}

/** The number in `TYPE:[number]`, as /proc/PID/ns/TYPE shows it; null where the text is something else. */
export function inodeOf(text: string, type: string): string | null {
  const digits = text.startsWith(`${type}:[`) && text.endsWith(']') ? text.slice(type.length + 2, -1) : ''
  return /^\d{1,20}$/.test(digits) ? digits : null
}

/** The kernel writes blank, tab, line end, backslash and # as `\ooo` (mangle_path in fs/seq_file.c). */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))
}
