/** Packets seen on links, and where a flow was seen and where not. */
import type { NetnsRef } from './ids.ts'
import type { Place } from './probe.ts'

/** A link on which is listened. */
export type CaptureLink = {
  readonly place: Place
  readonly link: string
  /** How it is called in every line: `eth0@web`, `docker0`. */
  readonly label: string
  /** Its place on the way of a packet: 0 first. Links of the same place in the order have the same number. */
  readonly order: number
  /** Its hardware address, and that of the other end of its pair: they tell which way a packet goes. */
  readonly lladdr?: string | null
  readonly peerLladdr?: string | null
}

export type CaptureRequest = {
  readonly kind: 'capture'
  /** Where it was asked for. */
  readonly place: Place
  readonly links: readonly CaptureLink[]
  /** In pcap-filter(7)'s language; empty: everything. */
  readonly filter: string
  /** Ends after so many packets, after so long, after so many bytes of packets; null: not. */
  readonly count: number | null
  readonly durationMs: number | null
  readonly maxBytes: number | null
  /** Bytes kept of each packet; 0: all. */
  readonly snapLength: number
  /** A new pcapng file, absolute; `-`: as `bytes` events; null: none. */
  readonly file: string | null
  /** How much of the latest is kept to be saved afterwards; 0: nothing. */
  readonly keepMs: number
  /** Address → name, for the lines. */
  readonly names: Readonly<Record<string, string>>
}

export type CapturedPacket = {
  /** Grows by one a packet. */
  readonly number: number
  /** Milliseconds since the epoch, with fractions. */
  readonly time: number
  /** The label of its link. */
  readonly link: string
  readonly direction: 'in' | 'out' | null
  /** On the wire. */
  readonly length: number
  /** `172.17.0.2 > 192.0.2.1: ICMP echo request, id 7, seq 1`, names in place of addresses. Sanitised. */
  readonly summary: string
  /** The same for both directions; null: not IP. */
  readonly flow: string | null
}

/** Where one direction of a flow was seen. */
export type TrackSeen = {
  /** On the link that saw most of them. */
  readonly packets: number
  /** Labels, in the order in which it passes them, with how many packets of it. */
  readonly seen: readonly { readonly link: string; readonly packets: number }[]
  /** The last place on its way where it was seen. */
  readonly lastSeen: string
  /** Where it should have been seen next; null: it came as far as is listened. */
  readonly next: string | null
  /** All links where it was not, also those before its first place. */
  readonly notSeen: readonly string[]
}

/** A flow as its first packet goes, and what came back. */
export type FlowSeen = TrackSeen & {
  /** `icmp 172.17.0.3 > 198.51.100.1 id 7`: as its first packet had it, whatever it is translated to on the way. */
  readonly flow: string
  /** The same flow under other addresses or ports, as packets of it were seen on other links. */
  readonly translated: readonly string[]
  /** Answers, and ICMP errors about it; null: none. */
  readonly back: TrackSeen | null
  /** `host 10.7.0.1 unreachable …`, each once. */
  readonly errors: readonly string[]
}

export type CaptureResult = {
  readonly kind: 'capture'
  readonly ok: boolean
  readonly netns: NetnsRef
  readonly captured: number
  /** By the kernel, because nobody took them in time; null: tcpdump did not say. */
  readonly dropped: number | null
  readonly file: string | null
  /** `onWay`: they stand along the way of a packet, so that where it was not seen says something. */
  readonly onWay: boolean
  readonly links: readonly {
    readonly label: string
    readonly packets: number
    /** Why it ended before the others: `the link vanished`; null: it did not. */
    readonly ended: string | null
  }[]
  /** The first that began; there were at least `moreFlows` others. */
  readonly flows: readonly FlowSeen[]
  readonly moreFlows: number
  /** What ended it. */
  readonly because: 'stopped' | 'count' | 'duration' | 'size' | 'links gone'
}
