/** Numbers of the kernel's headers → the words that iproute2 prints for them. */

/**
 * Bits → names, in the order of the table. The same bits give the same array each time: flags repeat on
 * thousands of links, and shared arrays keep a large World small.
 */
export function flagNames(
  table: readonly (readonly [bit: number, name: string])[],
): (bits: number) => readonly string[] {
  const seen = new Map<number, readonly string[]>()
  return (bits) => {
    const known = seen.get(bits)
    if (known !== undefined) return known
    const names = table.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name)
    seen.set(bits, names)
    return names
  }
}

/** IFF_* (linux/if.h). iproute2 leaves out RUNNING, whose absence it prints as NO-CARRIER. */
export const linkFlags = flagNames([
  [1 << 3, 'LOOPBACK'],
  [1 << 1, 'BROADCAST'],
  [1 << 4, 'POINTOPOINT'],
  [1 << 12, 'MULTICAST'],
  [1 << 7, 'NOARP'],
  [1 << 9, 'ALLMULTI'],
  [1 << 8, 'PROMISC'],
  [1 << 10, 'MASTER'],
  [1 << 11, 'SLAVE'],
  [1 << 2, 'DEBUG'],
  [1 << 15, 'DYNAMIC'],
  [1 << 14, 'AUTOMEDIA'],
  [1 << 13, 'PORTSEL'],
  [1 << 5, 'NOTRAILERS'],
  [1 << 0, 'UP'],
  [1 << 16, 'LOWER_UP'],
  [1 << 17, 'DORMANT'],
  [1 << 18, 'ECHO'],
])

/** IF_OPER_* (linux/if.h). */
const operstates = ['UNKNOWN', 'NOTPRESENT', 'DOWN', 'LOWERLAYERDOWN', 'TESTING', 'DORMANT', 'UP']

export function operstateName(value: number): string {
  return operstates[value] ?? `${value}`
}

/** ARPHRD_* (linux/if_arp.h). */
const linkTypes = new Map<number, string>([
  [0, 'generic'],
  [1, 'ether'],
  [24, 'ieee1394'],
  [32, 'infiniband'],
  [256, 'slip'],
  [280, 'can'],
  [512, 'ppp'],
  [513, 'hdlc'],
  [519, 'rawip'],
  [768, 'ipip'],
  [769, 'tunnel6'],
  [772, 'loopback'],
  [776, 'sit'],
  [778, 'gre'],
  [779, 'pimreg'],
  [801, 'ieee802.11'],
  [802, 'ieee802.11/prism'],
  [803, 'ieee802.11/radiotap'],
  [804, 'ieee802.15.4'],
  [823, 'gre6'],
  [824, 'netlink'],
  [825, '6lowpan'],
  [0xfffe, 'none'],
  [0xffff, 'void'],
])

export function linkTypeName(value: number): string {
  return linkTypes.get(value) ?? `[${value}]`
}

/** BR_STATE_* (linux/if_bridge.h). */
const portStates = ['disabled', 'listening', 'learning', 'forwarding', 'blocking']

export function portStateName(value: number): string {
  return portStates[value] ?? `${value}`
}

/** RT_SCOPE_* (linux/rtnetlink.h). */
export function scopeName(value: number): string {
  if (value === 0) return 'global'
  if (value === 253) return 'link'
  if (value === 254) return 'host'
  if (value === 200) return 'site'
  return value === 255 ? 'nowhere' : `${value}`
}

/** RTPROT_* (linux/rtnetlink.h). */
const routeProtocols = new Map<number, string>([
  [0, 'unspec'],
  [1, 'redirect'],
  [2, 'kernel'],
  [3, 'boot'],
  [4, 'static'],
  [8, 'gated'],
  [9, 'ra'],
  [10, 'mrt'],
  [11, 'zebra'],
  [12, 'bird'],
  [13, 'dnrouted'],
  [14, 'xorp'],
  [15, 'ntk'],
  [16, 'dhcp'],
  [18, 'keepalived'],
  [42, 'babel'],
  [99, 'openr'],
  [186, 'bgp'],
  [187, 'isis'],
  [188, 'ospf'],
  [189, 'rip'],
  [192, 'eigrp'],
])

export function routeProtocolName(value: number): string {
  return routeProtocols.get(value) ?? `${value}`
}

/** RTN_* (linux/rtnetlink.h). */
const routeTypes = [
  'none',
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
  'xresolve',
]

export function routeTypeName(value: number): string {
  return routeTypes[value] ?? `${value}`
}

/** RTNH_F_* in the low byte, RTM_F_* above (linux/rtnetlink.h). */
export const routeFlags = flagNames([
  [0x1, 'dead'],
  [0x4, 'onlink'],
  [0x2, 'pervasive'],
  [0x8, 'offload'],
  [0x40, 'trap'],
  [0x100, 'notify'],
  [0x10, 'linkdown'],
  [0x20, 'unresolved'],
  [0x4000, 'rt_offload'],
  [0x8000, 'rt_trap'],
  [0x20000000, 'rt_offload_failed'],
])

/** LWTUNNEL_ENCAP_* (linux/lwtunnel.h). */
const encapTypes = ['none', 'mpls', 'ip', 'ila', 'ip6', 'seg6', 'bpf', 'seg6local', 'rpl', 'ioam6', 'xfrm']

export function encapName(value: number): string {
  return encapTypes[value] ?? `${value}`
}

export function familyName(value: number): string {
  if (value === 2) return 'inet'
  if (value === 10) return 'inet6'
  return value === 0 ? 'unspec' : `${value}`
}
