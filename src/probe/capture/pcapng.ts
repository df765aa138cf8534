/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng): one section, an interface a link, packets with the time in
 * nanoseconds. Each function gives whole blocks, so that a file that ends behind any of them is valid.
 */
import type { RawPacket } from './pcap-stream.ts'

const sectionHeader = 0x0a0d0d0a
const interfaceDescription = 1
const interfaceStatistics = 5
const enhancedPacket = 6
const byteOrderMagic = 0x1a2b3c4d
const endOfOptions = Buffer.alloc(4)
const nanosecondResolution = 9

export function sectionBlock(application: string): Buffer {
  const body = Buffer.alloc(16)
  body.writeUInt32LE(byteOrderMagic, 0)
  body.writeUInt16LE(1, 4)
  // Of unknown length.
  body.writeBigInt64LE(-1n, 8)
  return block(sectionHeader, [body, textOption(4, application), endOfOptions])
}

export type Interface = {
  readonly linkType: number
  readonly snapLength: number
  readonly name: string
  readonly comment: string
  readonly filter: string
}

export function interfaceBlock({ linkType, snapLength, name, comment, filter }: Interface): Buffer {
  const body = Buffer.alloc(8)
  body.writeUInt16LE(linkType, 0)
  body.writeUInt32LE(snapLength, 4)
  return block(interfaceDescription, [
    body,
    textOption(2, name),
    ...(comment === '' ? [] : [textOption(1, comment)]),
    option(9, Buffer.from([nanosecondResolution])),
    ...filterOption(filter),
    endOfOptions,
  ])
}

export function packetBlock(
  { seconds, nanos, length, data }: RawPacket,
  interfaceId: number,
  direction: 'in' | 'out' | null,
): Buffer {
  const head = Buffer.alloc(20)
  head.writeUInt32LE(interfaceId, 0)
  writeTime(head, 4, seconds, nanos)
  head.writeUInt32LE(data.length, 12)
  head.writeUInt32LE(length, 16)
  if (direction === null) return block(enhancedPacket, [head, padded(data)])
  const flags = Buffer.alloc(4)
  flags.writeUInt32LE(direction === 'in' ? 1 : 2, 0)
  return block(enhancedPacket, [head, padded(data), option(2, flags), endOfOptions])
}

/** At the end: how many the interface had, and how many of them the kernel dropped. */
export function statisticsBlock(
  interfaceId: number,
  { at, received, dropped }: { readonly at: number; readonly received: number; readonly dropped: number },
): Buffer {
  const body = Buffer.alloc(12)
  body.writeUInt32LE(interfaceId, 0)
  writeTime(body, 4, Math.floor(at / 1000), Math.floor(at % 1000) * 1_000_000)
  return block(interfaceStatistics, [body, countOption(4, received), countOption(5, dropped), endOfOptions])
}

/** High half first, whatever the byte order of the section. */
function writeTime(into: Buffer, at: number, seconds: number, nanos: number): void {
  const time = BigInt(seconds) * 1_000_000_000n + BigInt(nanos)
  into.writeUInt32LE(Number(time >> 32n), at)
  into.writeUInt32LE(Number(time & 0xffffffffn), at + 4)
}

function block(type: number, parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 12)
  const [head, tail] = [Buffer.alloc(8), Buffer.alloc(4)]
  head.writeUInt32LE(type, 0)
  head.writeUInt32LE(length, 4)
  tail.writeUInt32LE(length, 0)
  return Buffer.concat([head, ...parts, tail], length)
}

/** The length of an option is two bytes; names and comments are cut well before. */
const longestOption = 1024

function textOption(code: number, text: string): Buffer {
  return option(code, Buffer.from(text, 'utf8').subarray(0, longestOption))
}

/** Half a filter would be another one: what is too long is left out. */
function filterOption(filter: string): readonly Buffer[] {
  // The first byte says that it is text for libpcap.
  const value = Buffer.concat([Buffer.of(0), Buffer.from(filter, 'utf8')])
  return filter === '' || value.length > 0xffff ? [] : [option(11, value)]
}

function countOption(code: number, count: number): Buffer {
  const value = Buffer.alloc(8)
  value.writeBigUInt64LE(BigInt(count), 0)
  return option(code, value)
}

function option(code: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(code, 0)
  head.writeUInt16LE(value.length, 2)
  return Buffer.concat([head, padded(value)])
}

/** To a multiple of four bytes. */
function padded(bytes: Buffer): Buffer {
  const missing = -bytes.length & 3
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)])
}
