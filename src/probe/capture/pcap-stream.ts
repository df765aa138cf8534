/**
 * The stream that `tcpdump -w -` writes (pcap-savefile(5)), taken apart as it comes, in pieces that end anywhere. Both
 * byte orders, times in microseconds or nanoseconds.
 */
export type RawPacket = {
  readonly seconds: number
  readonly nanos: number
  /** On the wire. */
  readonly length: number
  /** As much of it as was captured. */
  readonly data: Buffer
}

export type PcapStream = {
  /** What became whole with this piece. */
  feed(chunk: Buffer): readonly RawPacket[]
  /** LINKTYPE_* of the file header; null: it has not come yet. */
  linkType(): number | null
  /** What is wrong with it: from then on nothing comes of it. */
  problem(): string | null
}

const headerBytes = 24
const recordBytes = 16
/** libpcap's MAXIMUM_SNAPLEN is 256 KiB; what claims to be longer is no packet. */
const mostBytes = 1 << 20
const microsecondMagic = 0xa1b2c3d4
const nanosecondMagic = 0xa1b23c4d

type Header = { readonly little: boolean; readonly nanosPerTick: number; readonly linkType: number }

export function pcapStream(): PcapStream {
  let header: Header | null = null
  let problem: string | null = null
  let rest: Buffer = Buffer.alloc(0)

  const records = (little: boolean, nanosPerTick: number): readonly RawPacket[] => {
    const u32 = (at: number): number => (little ? rest.readUInt32LE(at) : rest.readUInt32BE(at))
    const packets: RawPacket[] = []
    let at = 0
    while (rest.length - at >= recordBytes) {
      const captured = u32(at + 8)
      if (captured > mostBytes) {
        problem = `a packet of ${captured} bytes cannot be`
        break
      }
      const end = at + recordBytes + captured
      if (end > rest.length) break
      packets.push({
        seconds: u32(at),
        nanos: u32(at + 4) * nanosPerTick,
        length: u32(at + 12),
        data: rest.subarray(at + recordBytes, end),
      })
      at = end
    }
    rest = rest.subarray(at)
    return packets
  }

  return {
    feed: (chunk) => {
      if (problem !== null) return []
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      if (header === null) {
        if (rest.length < headerBytes) return []
        header = headerOf(rest)
        if (header === null) {
          problem = 'it is no pcap stream'
          return []
        }
        rest = rest.subarray(headerBytes)
      }
      return records(header.little, header.nanosPerTick)
    },
    linkType: () => header?.linkType ?? null,
    problem: () => problem,
  }
}

function headerOf(bytes: Buffer): Header | null {
  const [little, big] = [bytes.readUInt32LE(0), bytes.readUInt32BE(0)]
  const isLittle = little === microsecondMagic || little === nanosecondMagic
  const magic = isLittle ? little : big
  if (magic !== microsecondMagic && magic !== nanosecondMagic) return null
  const type = isLittle ? bytes.readUInt32LE(20) : bytes.readUInt32BE(20)
  return {
    little: isLittle,
    nanosPerTick: magic === nanosecondMagic ? 1 : 1000,
    // The upper half tells the length of a frame check sequence.
    linkType: type & 0xffff,
  }
}
