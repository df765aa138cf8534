/** The latest packets in memory, to be saved when it turned out that they matter. */
import type { Outcome } from '../../lib/failure.ts'
import { writeNewFile, type WrittenFile } from '../../lib/new-file.ts'
import type { CaptureRequest } from '../../model/capture.ts'
import { pcapngWriter, type LinkPacket } from './pcapng-writer.ts'

export type KeptPackets = {
  add(packet: LinkPacket): void
  /** Seconds that are covered, and how many packets there are. */
  size(): { readonly packets: number; readonly seconds: number }
  save(file: string): Promise<Outcome<WrittenFile>>
}

const mostBytes = 64 * 1024 * 1024
/** What a packet costs beside its bytes. */
const overheadBytes = 200
const blocksAtOnce = 2000

export function keptPackets(
  keepMs: number,
  request: Pick<CaptureRequest, 'links' | 'filter' | 'snapLength'>,
): KeptPackets {
  let packets: LinkPacket[] = []
  /** Those before it are let go; the array is made anew now and then only. */
  let start = 0
  let bytes = 0

  const letGo = (now: number): void => {
    for (let oldest = packets[start]; oldest !== undefined; oldest = packets[start]) {
      if (bytes <= mostBytes && timeOf(oldest) >= now - keepMs) break
      bytes -= oldest.packet.data.length + overheadBytes
      start += 1
    }
    if (start > 1000 && start > packets.length / 2) [packets, start] = [packets.slice(start), 0]
  }

  return {
    add: (packet) => {
      // A copy: the piece of the stream that it came in may be much larger.
      const data = Buffer.from(packet.packet.data)
      packets.push({ ...packet, packet: { ...packet.packet, data } })
      bytes += data.length + overheadBytes
      letGo(timeOf(packet))
    },
    size: () => {
      const [first, last] = [packets[start], packets.at(-1)]
      const ms = first === undefined || last === undefined ? 0 : timeOf(last) - timeOf(first)
      return { packets: packets.length - start, seconds: ms / 1000 }
    },
    save: (file) => {
      const saved = packets.slice(start)
      return writeNewFile(file, async (handle) => {
        let blocks: Buffer[] = []
        const writer = pcapngWriter(request, (block) => blocks.push(block))
        for (let at = 0; at < saved.length || blocks.length > 0; at += blocksAtOnce) {
          for (const packet of saved.slice(at, at + blocksAtOnce)) writer.add(packet)
          await handle.appendFile(Buffer.concat(blocks))
          blocks = []
        }
      })
    },
  }
}

function timeOf({ packet }: LinkPacket): number {
  return packet.seconds * 1000 + packet.nanos / 1e6
}
