/** What a part of a packet comes to: a line of words, and what follows it across links. */

/** Who speaks with whom, as this packet has it. */
export type Flow = {
  /** `tcp`, `udp`, `icmp`, `icmp6`, `igmp`, `protocol 99`. */
  readonly protocol: string
  readonly source: string
  readonly destination: string
  /** null: it has none, or the packet is a later fragment. */
  readonly sourcePort: number | null
  readonly destinationPort: number | null
  /** Of an echo request or reply. */
  readonly id: number | null
  /** Of a fragment: what all fragments of the packet share; `first`: this one has the ports. */
  readonly fragment: { readonly id: number; readonly first: boolean } | null
  /** An ICMP error about the flow, in words. It goes towards the flow's source, and `source` is that of the flow. */
  readonly error: string | null
}

export type Decoded = {
  readonly text: string
  /** null: not IP. */
  readonly flow: Flow | null
  /** The same on every link that the packet passes, also where its addresses are translated; null: nothing tells. */
  readonly fingerprint: string | null
  /** Or hop limit; null: not IP. */
  readonly ttl: number | null
}

export type Context = {
  /** What an address is called in the line. */
  readonly nameOf: (address: string) => string
  /** How many packets are around this one: tunnels in tunnels end somewhere. */
  readonly depth: number
  /** Packets may carry packets: the decoders that begin again with those. */
  readonly inside: { readonly ip: Decoder; readonly ethernet: Decoder }
}

export type Decoder = (bytes: Buffer, context: Context) => Decoded

/** Deeper ones are only named. */
export const deepest = 4

export function words(text: string): Decoded {
  return { text, flow: null, fingerprint: null, ttl: null }
}

/** The packet ends before this header does. */
export function cutOff(what: string): Decoded {
  return words(`${what}, cut off`)
}

/** FNV-1a over the beginning, enough to tell packets of one second apart. */
export function hashOf(bytes: Buffer): string {
  const end = Math.min(bytes.length, 64)
  let hash = 0x811c9dc5
  for (let at = 0; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return (hash >>> 0).toString(16)
}
