/** `linkinfo` of `ip -j -d link` → the part of a Link that depends on its kind. */
import { unknown } from '../../model/known.ts'
import { flag, number, printed, text, type Printed } from './json.ts'

type KindPart = { readonly kind: string; readonly [data: string]: unknown }

const plain = new Set(['veth', 'dummy', 'ifb'])
const tunnels = new Set([
  'gre',
  'gretap',
  'ip6gre',
  'ip6gretap',
  'ipip',
  'sit',
  'ip6tnl',
  'vti',
  'vti6',
  'erspan',
  'ip6erspan',
])

const readers: { readonly [kind: string]: (data: Printed) => object } = {
  bridge: (data) => ({
    id: bridgeId(data, 'bridge_id'),
    rootId: bridgeId(data, 'root_id'),
    stp: number(data, 'stp_state') !== 0,
    forwardDelay: number(data, 'forward_delay') ?? 0,
    ageing: number(data, 'ageing_time') ?? 0,
    vlanFiltering: number(data, 'vlan_filtering') === 1,
    defaultPvid: number(data, 'vlan_default_pvid'),
    mcastSnooping: number(data, 'mcast_snooping') === 1,
    nfCallIptables: number(data, 'nf_call_iptables') === 1,
    nfCallIp6tables: number(data, 'nf_call_ip6tables') === 1,
    nfCallArptables: number(data, 'nf_call_arptables') === 1,
  }),
  vlan: (data) => ({ id: number(data, 'id') ?? 0, protocol: text(data, 'protocol') ?? '802.1Q' }),
  vxlan: (data) => ({
    vni: number(data, 'id') ?? 0,
    group: text(data, 'group') ?? text(data, 'group6'),
    remote: text(data, 'remote') ?? text(data, 'remote6'),
    local: text(data, 'local') ?? text(data, 'local6'),
    dstport: number(data, 'port') ?? 0,
    // Printed only when off.
    learning: data['learning'] !== false,
    proxy: flag(data, 'proxy'),
    l2miss: flag(data, 'l2miss'),
    l3miss: flag(data, 'l3miss'),
    ttl: number(data, 'ttl') ?? 0,
    ageing: number(data, 'ageing') ?? 0,
    external: flag(data, 'external'),
    udpCsum: typeof data['udp_csum'] === 'boolean' ? data['udp_csum'] : null,
  }),
  macvlan: (data) => ({
    mode: text(data, 'mode') ?? 'unknown',
    flags: flag(data, 'nopromisc') ? ['nopromisc'] : [],
  }),
  // `mode_flag` is always printed: `bridge` stands for no flag.
  ipvlan: (data) => ({
    mode: text(data, 'mode') ?? 'unknown',
    flags: [text(data, 'mode_flag') ?? 'bridge'].filter((each) => each !== 'bridge'),
  }),
  bond: (data) => ({
    mode: text(data, 'mode') ?? 'unknown',
    // Printed by name; the caller has no use for a guess.
    activeSlave: null,
    miimon: number(data, 'miimon'),
  }),
  vrf: (data) => ({ table: number(data, 'table') ?? 0 }),
  tun: (data) => {
    const owner = number(data, 'user')
    const group = number(data, 'group')
    // An owner with an account is printed by name, which may be of another user namespace.
    if ((owner === null && 'user' in data) || (group === null && 'group' in data)) {
      return unknown('`ip` prints its owner by name')
    }
    return {
      type: text(data, 'type') ?? 'unknown',
      owner,
      group,
      persist: flag(data, 'persist'),
      multiQueue: flag(data, 'multi_queue'),
    }
  },
  geneve: (data) => ({
    vni: number(data, 'id'),
    remote: text(data, 'remote') ?? text(data, 'remote6'),
    dstport: number(data, 'port') ?? 0,
    ttl: number(data, 'ttl') ?? 0,
    external: flag(data, 'external'),
  }),
  netkit: (data) => ({
    mode: text(data, 'mode') ?? 'unknown',
    primary: text(data, 'type') === 'primary',
    policy: text(data, 'policy') ?? 'unknown',
    peerPolicy: text(data, 'peer_policy') ?? 'unknown',
  }),
  tunnel: (data) => ({
    local: endpoint(data, 'local'),
    remote: endpoint(data, 'remote'),
    inputKey: key(data, 'ikey'),
    outputKey: key(data, 'okey'),
    ttl: number(data, 'ttl'),
    external: flag(data, 'external'),
  }),
}

export function parseKind(info: Printed, linkType: string): KindPart {
  const kind = text(info, 'info_kind')
  if (kind === null) return { kind: linkType === 'loopback' ? 'loopback' : 'device' }
  if (plain.has(kind)) return { kind }
  if (kind === 'wireguard') return { kind, wireguard: unknown('`ip` does not print it; `wg show` does') }
  const data =
    kind === 'macvtap' ? 'macvlan' : kind === 'ipvtap' ? 'ipvlan' : tunnels.has(kind) ? 'tunnel' : kind
  const reader = readers[data]
  if (reader === undefined) return { kind: 'other', kindName: kind, raw: {} }
  const infoData = info['info_data']
  return {
    kind,
    [data]: infoData === undefined ? unknown('this iproute2 does not print it') : reader(printed(infoData)),
  }
}

/** A 32-bit key is printed like an IPv4 address: `0.0.0.42`. */
function key(data: Printed, name: string): number | null {
  const printedKey = text(data, name)
  if (printedKey === null) return null
  return printedKey.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

/** iproute2 prints `any` where the other side is open. */
function endpoint(data: Printed, key: string): string | null {
  const address = text(data, key)
  return address === 'any' ? null : address
}

/** `8000.2:42:d7:8d:d:3b`, without leading zeros → `8000.0242d78d0d3b`, as brctl and sysfs write it. */
function bridgeId(data: Printed, name: string): string {
  const [priority = '', lladdr = ''] = (text(data, name) ?? '').split('.')
  const bytes = lladdr.split(':').map((byte) => byte.padStart(2, '0'))
  return `${priority.padStart(4, '0')}.${bytes.join('')}`
}
