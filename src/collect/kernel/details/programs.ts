/**
 * eBPF programs that a packet of this namespace may meet, by where they sit: xdp and tcx and netkit on links, tc
 * filters, the namespace's own (flow_dissector, sk_lookup), and those of its processes' cgroups.
 * What they do is not read: on a path they mean "opaque here".
 */
import { isUnknown, unknown, type Known } from '../../../model/known.ts'
import type { Program } from '../../../model/traffic-control.ts'
import { O_CLOEXEC, O_RDONLY, type Libc } from '../libc.ts'
import { attribute, header } from '../netlink/build.ts'
import { attributes, text, u32, u8, walk, walkNested, type Bytes } from '../netlink/bytes.ts'
import { describeNetlinkError, type Netlink } from '../netlink/socket.ts'
import { programName, queryPrograms } from './bpf.ts'
import { cgroupPrograms } from './cgroup-programs.ts'
import type { ReadProc } from './read-proc.ts'
import type { SocketProcess } from './socket-owners.ts'

/** enum bpf_attach_type (linux/bpf.h) of 6.6 and later. */
const linkAttach = [
  { type: 46, attach: 'tcx/ingress', kind: null },
  { type: 47, attach: 'tcx/egress', kind: null },
  { type: 54, attach: 'netkit/primary', kind: 'netkit' },
  { type: 55, attach: 'netkit/peer', kind: 'netkit' },
] as const
const netnsAttach = [
  { type: 17, attach: 'flow_dissector' },
  { type: 36, attach: 'sk_lookup' },
] as const

type Place = { readonly ifindex: number | null; readonly attach: string; readonly ids: readonly number[] }

/** All places or a reason: a list that lacks some would read as "nothing there". */
export function readPrograms(
  libc: Libc,
  socket: Netlink,
  read: ReadProc,
  processes: readonly SocketProcess[],
): Known<Program[]> {
  const links = readLinks(socket)
  if (isUnknown(links)) return links
  const places: Place[] = []
  for (const link of links) {
    if (link.xdp.length > 0) places.push({ ifindex: link.ifindex, attach: 'xdp', ids: link.xdp })
    for (const place of linkAttach) {
      if (place.kind !== null && place.kind !== link.kind) continue
      const ids = queryPrograms(libc, link.ifindex, place)
      if (isUnknown(ids)) return ids
      places.push({ ifindex: link.ifindex, attach: place.attach, ids })
    }
  }
  const rest = [ofNamespace(libc), cgroupPrograms(libc, read, processes)]
  for (const found of rest) {
    if (isUnknown(found)) return found
    places.push(...found)
  }
  const names = new Map<number, string | null>()
  const nameOf = (id: number) => {
    if (!names.has(id)) names.set(id, programName(libc, id))
    return names.get(id) ?? null
  }
  return places.flatMap(({ ifindex, attach, ids }) =>
    ids.map((id) => ({ ifindex, attach, id, name: nameOf(id) })),
  )
}

/** The descriptor is closed at once: it would keep the namespace alive. */
function ofNamespace(libc: Libc): Known<Place[]> {
  const fd = libc.open('/proc/thread-self/ns/net', O_RDONLY | O_CLOEXEC)
  if (fd < 0) return unknown(`cannot open the namespace: ${libc.errno()}`)
  try {
    const places: Place[] = []
    for (const place of netnsAttach) {
      const ids = queryPrograms(libc, fd, place)
      if (isUnknown(ids)) return ids
      places.push({ ifindex: null, attach: place.attach, ids })
    }
    return places
  } finally {
    libc.close(fd)
  }
}

const RTM_GETLINK = 18
const ifinfomsgSize = 16
const IFLA_LINKINFO = 18
const IFLA_INFO_KIND = 1
const IFLA_EXT_MASK = 29
const RTEXT_FILTER_SKIP_STATS = 1 << 3
const IFLA_XDP = 43
/** IFLA_XDP_PROG_ID; with several programs (XDP_ATTACHED_MULTI) those of driver, stack and hardware. */
const xdpIds = [4, 5, 6, 7]
const IFLA_XDP_ATTACHED = 2

type FoundLink = { readonly ifindex: number; readonly kind: string | null; readonly xdp: readonly number[] }

function readLinks(socket: Netlink): Known<readonly FoundLink[]> {
  const request = Buffer.concat([header(ifinfomsgSize), attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)])
  const answer = socket.dump(RTM_GETLINK, request, parseLinkPrograms)
  return answer.ok ? answer.values : unknown(`links: ${describeNetlinkError(answer.error)}`)
}

const found = attributes(IFLA_XDP)
const linkInfo = attributes(2)
const xdp = attributes(9)

export function parseLinkPrograms(bytes: Bytes, start: number, end: number): FoundLink | null {
  if (end - start < ifinfomsgSize) {
    bytes.broken = true
    return null
  }
  walk(bytes, start + ifinfomsgSize, end, found)
  walkNested(bytes, found, IFLA_LINKINFO, linkInfo)
  walkNested(bytes, found, IFLA_XDP, xdp)
  const attached = u8(bytes, xdp, IFLA_XDP_ATTACHED) ?? 0
  const ids = attached === 0 ? [] : xdpIds.flatMap((type) => u32(bytes, xdp, type) ?? [])
  return {
    ifindex: bytes.view.getInt32(start + 4, true),
    kind: text(bytes, linkInfo, IFLA_INFO_KIND),
    xdp: [...new Set(ids)],
  }
}
