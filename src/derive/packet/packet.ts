/** A packet as far as it is known: what is not said (null) could be anything, and the answer says so. */
export type Packet = {
  readonly family: 'ip' | 'ip6'
  /** Link names; '' where there is none (a packet of the host's own, or to it). */
  readonly iif: string | null
  readonly oif: string | null
  readonly source: string | null
  readonly destination: string | null
  /** Whether the destination is an address of this namespace (RTN_LOCAL). */
  readonly toLocal: boolean | null
  readonly protocol: string | null
  readonly sourcePort: number | null
  readonly destinationPort: number | null
  /** NEW, ESTABLISHED … */
  readonly state: string | null
  readonly mark: number | null
}

export const anyPacket: Packet = {
  family: 'ip',
  iif: null,
  oif: null,
  source: null,
  destination: null,
  toLocal: null,
  protocol: null,
  sourcePort: null,
  destinationPort: null,
  state: null,
  mark: null,
}
