/** What an IP packet tells to what it carries. */
import type { Flow } from './layer.ts'

/** Of the IP header, as far as what follows needs it. */
export type IpPacket = {
  readonly family: 4 | 6
  readonly source: string
  readonly destination: string
  /** `a > b`, with names. */
  readonly between: string
  /** Of IPv4 the identification, of IPv6 the flow label. */
  readonly id: number
  /** Of what it carries, as the header says; more than was captured, maybe. */
  readonly length: number
  readonly fragment: Flow['fragment']
}

const names: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  4: 'ipip',
  6: 'tcp',
  17: 'udp',
  41: 'ipv6',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmp6',
  89: 'ospf',
  103: 'pim',
  112: 'vrrp',
  132: 'sctp',
}

/** `tcp`, `protocol 99`; no next header is IPv6's own word for nothing. */
export function protocolName(protocol: number, family: 4 | 6): string {
  if (family === 6 && protocol === 59) return 'no next header'
  return names[protocol] ?? `protocol ${protocol}`
}

export function flowOf(
  protocol: string,
  ip: Pick<IpPacket, 'source' | 'destination' | 'fragment'>,
  more: Partial<Flow> = {},
): Flow {
  const { source, destination, fragment } = ip
  return {
    protocol,
    source,
    destination,
    sourcePort: null,
    destinationPort: null,
    id: null,
    fragment,
    error: null,
    ...more,
  }
}
