/**
 * Packets of several links in the order of their time. Each link's own come in order; how late a link is depends on when
 * its tcpdump got to run. A packet waits until every other link is known to be past it, but not for ever.
 */
import type { RawPacket } from './pcap-stream.ts'

export type Merge = {
  add(link: number, packets: readonly RawPacket[], now: number): void
  /** Nothing comes from this link any more: nobody waits for it. */
  close(link: number): void
  /** Those whose turn it is. */
  take(now: number): readonly { readonly link: number; readonly packet: RawPacket }[]
  /** All that is left. */
  flush(): readonly { readonly link: number; readonly packet: RawPacket }[]
}

type Waiting = { readonly packet: RawPacket; readonly came: number }
type Queue = { items: Waiting[]; at: number; open: boolean }

/** `windowMs`: how long a packet waits for links that say nothing. */
export function mergeByTime(links: number, windowMs: number): Merge {
  const queues: readonly Queue[] = Array.from({ length: links }, () => ({ items: [], at: 0, open: true }))

  const earliest = (): number => {
    let best = -1
    let head: RawPacket | undefined
    for (const [link, { items, at }] of queues.entries()) {
      const packet = items[at]?.packet
      // Of two at the same time the link that stands first on the way: a bridge keeps the time its port gave.
      if (packet !== undefined && (head === undefined || isBefore(packet, head)))
        [best, head] = [link, packet]
    }
    return best
  }
  const takeWhile = (isDue: (waiting: Waiting) => boolean) => {
    const taken: { readonly link: number; readonly packet: RawPacket }[] = []
    for (let link = earliest(); link !== -1; link = earliest()) {
      const queue = queues[link]
      const waiting = queue?.items[queue.at]
      if (queue === undefined || waiting === undefined || !isDue(waiting)) break
      taken.push({ link, packet: waiting.packet })
      queue.at += 1
      if (queue.at === queue.items.length) Object.assign(queue, { items: [], at: 0 })
    }
    return taken
  }

  return {
    add: (link, packets, now) => {
      for (const packet of packets) queues[link]?.items.push({ packet, came: now })
    },
    close: (link) => {
      const queue = queues[link]
      if (queue !== undefined) queue.open = false
    },
    take: (now) =>
      takeWhile(
        ({ came }) =>
          now - came >= windowMs || queues.every(({ items, at, open }) => !open || at < items.length),
      ),
    flush: () => takeWhile(() => true),
  }
}

function isBefore(a: RawPacket, b: RawPacket): boolean {
  return a.seconds < b.seconds || (a.seconds === b.seconds && a.nanos < b.nanos)
}
