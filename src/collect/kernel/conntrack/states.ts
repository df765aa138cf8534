/** What conntrack's numbers are called, as conntrack(8) and the kernel's headers have it. */

/** IPS_* by bit (linux/netfilter/nf_conntrack_common.h). */
const statusBits = [
  'EXPECTED',
  'SEEN_REPLY',
  'ASSURED',
  'CONFIRMED',
  'SRC_NAT',
  'DST_NAT',
  'SEQ_ADJUST',
  'SRC_NAT_DONE',
  'DST_NAT_DONE',
  'DYING',
  'FIXED_TIMEOUT',
  'TEMPLATE',
  'UNTRACKED',
  'HELPER',
  'OFFLOAD',
  'HW_OFFLOAD',
] as const

/** A host has few different sets of bits, and very many connections: each set is made once. */
const statusLists = new Map<number, readonly string[]>()

export function statusNames(status: number): readonly string[] {
  const kept = statusLists.get(status)
  if (kept !== undefined) return kept
  const names = Array.from({ length: 32 }, (_, bit) =>
    ((status >>> bit) & 1) === 1 ? [statusBits[bit] ?? `BIT_${bit}`] : [],
  ).flat()
  statusLists.set(status, names)
  return names
}

/** IPPROTO_*: the ones that conntrack tracks by name. */
const protocols: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
}

export const IPPROTO_GRE = 47

export function protocolName(number: number): string {
  return protocols[number] ?? String(number)
}

/** enum tcp_conntrack (linux/netfilter/nf_conntrack_tcp.h); 9 was LISTEN once and means simultaneous open now. */
const tcp = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
]
/** enum ct_dccp_states (net/netfilter/nf_conntrack_proto_dccp.c). */
const dccp = [
  'NONE',
  'REQUEST',
  'RESPOND',
  'PARTOPEN',
  'OPEN',
  'CLOSEREQ',
  'CLOSING',
  'TIMEWAIT',
  'IGNORE',
  'INVALID',
]
/** enum sctp_conntrack (linux/netfilter/nf_conntrack_sctp.h). */
const sctp = [
  'NONE',
  'CLOSED',
  'COOKIE_WAIT',
  'COOKIE_ECHOED',
  'ESTABLISHED',
  'SHUTDOWN_SENT',
  'SHUTDOWN_RECD',
  'SHUTDOWN_ACK_SENT',
  'HEARTBEAT_SENT',
  'HEARTBEAT_ACKED',
]
/** By the attribute of CTA_PROTOINFO that they stand in (enum ctattr_protoinfo). */
const states: Readonly<Record<number, readonly string[]>> = { 1: tcp, 2: dccp, 3: sctp }

export function stateName(attribute: number, state: number): string {
  return states[attribute]?.[state] ?? String(state)
}
