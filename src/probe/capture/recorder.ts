/** What is made of each packet, in the order of time: numbered, counted, put in words, followed, kept. */
import { sanitise } from '../../lib/sanitise.ts'
import type { CapturedPacket, CaptureRequest } from '../../model/capture.ts'
import { decodePacket } from './decode/decode-packet.ts'
import { directionOf } from './direction.ts'
import { flowBook, type FlowBook } from './flow-book.ts'
import type { RawPacket } from './pcap-stream.ts'
import type { LinkPacket } from './pcapng-writer.ts'

export type Recorder = {
  /** Answers which limit it reached; nothing more is taken then. */
  take(link: number, packet: RawPacket, linkType: number): 'count' | 'size' | null
  captured(): number
  /** On each link. */
  counts(): readonly number[]
  flows(): ReturnType<FlowBook['seen']>
}

type Listeners = {
  readonly onBytes: (packet: LinkPacket) => void
  readonly onWords: (packet: CapturedPacket) => void
}

export function recorder(request: CaptureRequest, { onBytes, onWords }: Listeners): Recorder {
  const { links, count, maxBytes } = request
  const names = new Map(Object.entries(request.names).map(([address, name]) => [address, sanitise(name)]))
  const nameOf = (address: string): string => names.get(address) ?? address
  const labels = links.map(({ label }) => sanitise(label))
  const counts = links.map(() => 0)
  const book = flowBook(links)
  let captured = 0
  let bytes = 0
  let full: 'count' | 'size' | null = null

  return {
    take: (link, packet, linkType) => {
      const of = links[link]
      if (full !== null || of === undefined) return full
      const decoded = decodePacket(packet.data, linkType, nameOf)
      const direction = directionOf(packet.data, linkType, of)
      const time = packet.seconds * 1000 + packet.nanos / 1e6
      captured += 1
      bytes += packet.data.length
      counts[link] = (counts[link] ?? 0) + 1
      onBytes({ link, packet, linkType, direction })
      onWords({
        number: captured,
        time,
        link: labels[link] ?? '',
        direction,
        length: packet.length,
        summary: decoded.text,
        flow: book.note(decoded, link, time, direction),
      })
      if (count !== null && captured >= count) full = 'count'
      else if (maxBytes !== null && bytes >= maxBytes) full = 'size'
      return full
    },
    captured: () => captured,
    counts: () => counts,
    flows: () => book.seen(),
  }
}
