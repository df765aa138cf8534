import { expect, test } from 'vitest'
import { mergeByTime } from '../../../src/probe/capture/merge.ts'
import { pcapStream, type RawPacket } from '../../../src/probe/capture/pcap-stream.ts'
import {
  interfaceBlock,
  packetBlock,
  sectionBlock,
  statisticsBlock,
} from '../../../src/probe/capture/pcapng.ts'
import { directionOf } from '../../../src/probe/capture/direction.ts'
import { ipv4, echo, frame, macA, macB } from './frames.ts'

type Order = 'LE' | 'BE'
function stream(
  order: Order,
  magic: number,
  packets: readonly (readonly [number, number, Buffer])[],
): Buffer {
  const header = Buffer.alloc(24)
  const u32 = (into: Buffer, at: number, value: number) =>
    order === 'LE' ? into.writeUInt32LE(value, at) : into.writeUInt32BE(value, at)
  u32(header, 0, magic)
  u32(header, 16, 262_144)
  u32(header, 20, 1)
  return Buffer.concat([
    header,
    ...packets.flatMap(([seconds, fraction, data]) => {
      const record = Buffer.alloc(16)
      for (const [at, value] of [seconds, fraction, data.length, data.length + 100].entries())
        u32(record, at * 4, value)
      return [record, data]
    }),
  ])
}

test.each([
  ['LE', 0xa1b2c3d4, 1000],
  ['BE', 0xa1b2c3d4, 1000],
  ['LE', 0xa1b23c4d, 1],
  ['BE', 0xa1b23c4d, 1],
] as const)('a stream in byte order %s with magic %i, in pieces of any length', (order, magic, nanos) => {
  const bytes = stream(order, magic, [
    [1_700_000_000, 123, Buffer.from('first')],
    [1_700_000_001, 456, Buffer.from('the second')],
    [1_700_000_002, 789, Buffer.alloc(0)],
  ])
  for (const size of [1, 3, 7, 24, 1000]) {
    const it = pcapStream()
    const packets: RawPacket[] = []
    for (let at = 0; at < bytes.length; at += size) packets.push(...it.feed(bytes.subarray(at, at + size)))
    expect(it.linkType()).toBe(1)
    expect(
      packets.map(({ seconds, nanos, length, data }) => [seconds, nanos, length, data.toString()]),
    ).toEqual([
      [1_700_000_000, 123 * nanos, 105, 'first'],
      [1_700_000_001, 456 * nanos, 110, 'the second'],
      [1_700_000_002, 789 * nanos, 100, ''],
    ])
  }
})

test('what is no stream of packets is said, once and for all', () => {
  const text = pcapStream()
  expect(text.feed(Buffer.from('tcpdump: what is this, no pcap'))).toEqual([])
  expect(text.problem()).toBe('it is no pcap stream')
  const broken = pcapStream()
  const bytes = stream('LE', 0xa1b2c3d4, [[1, 1, Buffer.from('good')]])
  const record = Buffer.alloc(16, 0xff)
  expect(broken.feed(Buffer.concat([bytes, record]))).toHaveLength(1)
  expect(broken.problem()).toMatch(/cannot be/)
  expect(broken.feed(bytes)).toEqual([])
})

test('blocks of pcapng, byte for byte', () => {
  const hex = (bytes: Buffer) => bytes.toString('hex').replace(/.{8}\B/g, '$& ')
  expect(hex(sectionBlock('vs'))).toBe(
    '0a0d0d0a 28000000 4d3c2b1a 01000000 ffffffff ffffffff 04000200 76730000 00000000 28000000',
  )
  const link = { linkType: 1, snapLength: 256, name: 'v1', comment: '', filter: 'arp' }
  expect(hex(interfaceBlock(link))).toBe(
    '01000000 30000000 01000000 00010000 02000200 76310000 09000100 09000000 0b000400 00617270 00000000 30000000',
  )
  const packet = { seconds: 1, nanos: 5, length: 60, data: Buffer.from('abcde') }
  // 1,000,000,005 ns: the high half stands first.
  const time = '00000000 05ca9a3b'
  expect(hex(packetBlock(packet, 3, null))).toBe(
    `06000000 28000000 03000000 ${time} 05000000 3c000000 61626364 65000000 28000000`,
  )
  expect(hex(packetBlock(packet, 3, 'out'))).toContain('61626364 65000000 02000400 02000000 00000000')
  expect(hex(packetBlock(packet, 3, 'in'))).toContain('02000400 01000000')
  const counts = hex(statisticsBlock(1, { at: 1000, received: 9, dropped: 2 }))
  expect(counts).toContain('04000800 09000000 00000000 05000800 02000000 00000000')
})

const at = (nanos: number): RawPacket => ({ seconds: 1, nanos, length: 0, data: Buffer.alloc(0) })
const times = (due: readonly { readonly link: number; readonly packet: RawPacket }[]) =>
  due.map(({ link, packet }) => `${link}:${packet.nanos}`)

test('packets of several links come in the order of time; nobody waits for ever', () => {
  const merge = mergeByTime(3, 100)
  merge.add(1, [at(20), at(30)], 0)
  merge.add(2, [at(10)], 0)
  // Link 0 may still have an earlier one.
  expect(times(merge.take(50))).toEqual([])
  merge.add(0, [at(15), at(40)], 60)
  expect(times(merge.take(60))).toEqual(['2:10'])
  // Link 2 has said nothing since, but what came at 0 has waited long enough.
  expect(times(merge.take(100))).toEqual([])
  expect(times(merge.take(160))).toEqual(['0:15', '1:20', '1:30', '0:40'])
  merge.add(2, [at(90)], 200)
  merge.add(1, [at(95)], 200)
  merge.close(0)
  expect(times(merge.take(200))).toEqual(['2:90'])
  expect(times(merge.flush())).toEqual(['1:95'])
})

test('at the same time the link that stands first on the way comes first', () => {
  const merge = mergeByTime(2, 0)
  merge.add(1, [at(5)], 0)
  merge.add(0, [at(5)], 0)
  expect(times(merge.take(0))).toEqual(['0:5', '1:5'])
})

test('which way a packet goes, by hardware addresses and by what a cooked link says', () => {
  const out = frame(0x0800, ipv4(1, echo(8, 1, 1)), { from: macA, to: macB })
  const group = frame(0x0800, Buffer.alloc(0), { from: macB, to: 'ff:ff:ff:ff:ff:ff' })
  expect(directionOf(out, 1, { lladdr: macA })).toBe('out')
  expect(directionOf(out, 1, { lladdr: macB })).toBe('in')
  // The host's end of a pair: what the container sends comes in.
  expect(directionOf(out, 1, { lladdr: '02:00:00:00:00:99', peerLladdr: macA })).toBe('in')
  expect(directionOf(out, 1, { lladdr: '02:00:00:00:00:99', peerLladdr: macB })).toBe('out')
  expect(directionOf(out, 1, { lladdr: '02:00:00:00:00:99', peerLladdr: null })).toBe(null)
  expect(directionOf(group, 1, { lladdr: macA, peerLladdr: null })).toBe('in')
  expect(directionOf(group, 1, { lladdr: macA, peerLladdr: '02:00:00:00:00:99' })).toBe(null)
  expect(directionOf(Buffer.from([0, 4]), 113, {})).toBe('out')
  expect(directionOf(Buffer.alloc(20), 276, {})).toBe('in')
  expect(directionOf(Buffer.from([0, 3]), 113, {})).toBe(null)
  expect(directionOf(ipv4(1, echo(8, 1, 1)), 101, { lladdr: macA })).toBe(null)
})
