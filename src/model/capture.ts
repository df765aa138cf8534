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

export type FlowSeen = {
  /** `icmp 172.17.0.3 > 198.51.100.1 id 7`. */
  readonly flow: string
  readonly packets: number
  /** Labels, in the order of the way, with how many packets of it. */
  readonly seen: readonly { readonly link: string; readonly packets: number }[]
  /** The last place on the way where it was seen. */
  readonly lastSeen: string
  readonly notSeen: readonly string[]
}

export type CaptureResult = {
  readonly kind: 'capture'
  readonly ok: boolean
  readonly netns: NetnsRef
  readonly captured: number
  /** By the kernel, because nobody took them in time; null: tcpdump did not say. */
  readonly dropped: number | null
  readonly file: string | null
  readonly links: readonly {
    readonly label: string
    readonly packets: number
    /** Why it ended before the others: `the link vanished`; null: it did not. */
    readonly ended: string | null
  }[]
  readonly flows: readonly FlowSeen[]
  /** What ended it. */
  readonly because: 'stopped' | 'count' | 'duration' | 'size' | 'links gone'
}
