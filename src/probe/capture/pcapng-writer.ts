/** Packets of several links as one pcapng stream: each link's interface stands before its first packet. */
import type { CaptureRequest } from '../../model/capture.ts'
import type { Direction } from './direction.ts'
import type { RawPacket } from './pcap-stream.ts'
import { interfaceBlock, packetBlock, sectionBlock, statisticsBlock } from './pcapng.ts'

/** A packet of the link with this number. */
export type LinkPacket = {
  readonly link: number
  readonly packet: RawPacket
  readonly linkType: number
  readonly direction: Direction
}

export type LinkCounts = {
  readonly link: number
  readonly received: number
  readonly dropped: number
}

export type PcapngWriter = {
  /** Before its first packet, and also of a link that has none. */
  addLink(link: number, linkType: number): void
  add(packet: LinkPacket): void
  /** `at`: milliseconds. */
  end(counts: readonly LinkCounts[], at: number): void
}

type Request = Pick<CaptureRequest, 'links' | 'filter' | 'snapLength'>

export function pcapngWriter(request: Request, write: (block: Buffer) => void): PcapngWriter {
  const numbers = new Map<number, number>()
  const numberOf = (link: number, linkType: number): number => {
    const known = numbers.get(link)
    if (known !== undefined) return known
    const { label = '', place } = request.links[link] ?? {}
    write(
      interfaceBlock({
        linkType,
        snapLength: request.snapLength,
        name: label,
        comment: place === undefined ? '' : `netns ${place.netns.name} (${place.netns.id})`,
        filter: request.filter,
      }),
    )
    numbers.set(link, numbers.size)
    return numbers.size - 1
  }
  write(sectionBlock('vethscope'))
  return {
    addLink: (link, linkType) => void numberOf(link, linkType),
    add: ({ link, packet, linkType, direction }) =>
      write(packetBlock(packet, numberOf(link, linkType), direction)),
    end: (counts, at) => {
      for (const { link, received, dropped } of counts) {
        const number = numbers.get(link)
        if (number !== undefined) write(statisticsBlock(number, { at, received, dropped }))
      }
    },
  }
}
