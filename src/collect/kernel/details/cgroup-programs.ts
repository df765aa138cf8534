/**
 * eBPF programs on the cgroups of a namespace's processes: they see its packets (cgroup_skb), and may send a
 * connection elsewhere before there is a packet (connect4 of a kube-proxy replacement). Only cgroup v2 has them.
 */
import { statfsSync } from 'node:fs'
import { isUnknown, unknown, type Known } from '../../../model/known.ts'
import { O_CLOEXEC, O_RDONLY, type Libc } from '../libc.ts'
import { queryPrograms } from './bpf.ts'
import type { ReadProc } from './read-proc.ts'
import type { SocketProcess } from './socket-owners.ts'

/** enum bpf_attach_type, in the words of libbpf's section names. */
const places = [
  { type: 0, attach: 'cgroup_skb/ingress' },
  { type: 1, attach: 'cgroup_skb/egress' },
  { type: 8, attach: 'cgroup/bind4' },
  { type: 9, attach: 'cgroup/bind6' },
  { type: 10, attach: 'cgroup/connect4' },
  { type: 11, attach: 'cgroup/connect6' },
  { type: 14, attach: 'cgroup/sendmsg4' },
  { type: 15, attach: 'cgroup/sendmsg6' },
  { type: 19, attach: 'cgroup/recvmsg4' },
  { type: 20, attach: 'cgroup/recvmsg6' },
]
/** Also those that come from the cgroups above (BPF_F_QUERY_EFFECTIVE). */
const effective = 1

type Place = { readonly ifindex: null; readonly attach: string; readonly ids: readonly number[] }

export function cgroupPrograms(
  libc: Libc,
  read: ReadProc,
  processes: readonly SocketProcess[],
): Known<Place[]> {
  if (processes.length === 0) return []
  const mount = mountOf(read)
  if (mount === null) return []
  const found = new Map<string, Set<number>>()
  for (const path of cgroupsOf(read, processes)) {
    const reason = askCgroup(libc, `${mount}${path}`, found)
    if (reason !== null) return unknown(reason)
  }
  return [...found].map(([attach, ids]) => ({ ifindex: null, attach, ids: [...ids] }))
}

/** CGROUP2_SUPER_MAGIC (linux/magic.h). */
const cgroup2Magic = 0x63677270
/** A look at mountinfo is good for a moment: it has a line for each named namespace. */
const mountMs = 1000
let kept: { readonly mount: string | null; readonly at: number } | null = null

/** Where it was it is still, as long as that is a cgroup2; that there was none holds for a second. */
function mountOf(read: ReadProc): string | null {
  if (kept !== null && performance.now() - kept.at < mountMs) {
    if (kept.mount === null || isCgroup2(kept.mount)) return kept.mount
  }
  const mountinfo = read('self/mountinfo')
  const mount = typeof mountinfo === 'string' ? cgroup2Mount(mountinfo) : null
  kept = { mount, at: performance.now() }
  return mount
}

function isCgroup2(path: string): boolean {
  try {
    return statfsSync(path).type === cgroup2Magic
  } catch {
    return false
  }
}

function askCgroup(libc: Libc, path: string, into: Map<string, Set<number>>): string | null {
  const fd = libc.open(path, O_RDONLY | O_CLOEXEC)
  // Gone with its last process.
  if (fd < 0 && libc.errno() === 'ENOENT' && !path.includes('/../')) return null
  if (fd < 0) return `cgroup ${path}: ${libc.errno()}`
  try {
    for (const place of places) {
      const found = queryPrograms(libc, fd, place, effective)
      if (isUnknown(found)) return found.unknown
      if (found.length === 0) continue
      into.set(place.attach, new Set([...(into.get(place.attach) ?? []), ...found]))
    }
    return null
  } finally {
    libc.close(fd)
  }
}

function cgroupsOf(read: ReadProc, processes: readonly SocketProcess[]): ReadonlySet<string> {
  const paths = processes.flatMap(({ pid }) => {
    const content = read(`${pid}/cgroup`)
    return typeof content === 'string' ? (cgroup2Path(content) ?? []) : []
  })
  return new Set(paths)
}

/** The line `0::/system.slice/docker.service` of /proc/PID/cgroup (cgroups(7)). */
export function cgroup2Path(content: string): string | null {
  const path = /^0::(\/.*)$/m.exec(content)?.[1]
  return path === undefined || path.endsWith(' (deleted)') ? null : path
}

/** Where the whole cgroup2 tree is mounted: `… 30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw`. */
export function cgroup2Mount(mountinfo: string): string | null {
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ')
    const columns = before.split(' ')
    if (after.startsWith('cgroup2 ') && columns[3] === '/') return unescapeMount(columns[4] ?? '')
  }
  return null
}

/** Spaces, tabs, line ends and backslashes are octal in mountinfo (`\040`). */
function unescapeMount(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))
}
