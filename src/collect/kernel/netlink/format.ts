/** Addresses as text, the way inet_ntop(3) and iproute2 write them. Written for speed: thousands come per dump. */
import type { Bytes } from './bytes.ts'

export const AF_INET = 2
export const AF_BRIDGE = 7
export const AF_INET6 = 10

const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

function hexPair(byte: number): string {
  return hexPairs[byte] ?? ''
}

/** `02:42:ac:11:00:02`; any length, empty for none. */
export function hardwareAddress(bytes: Bytes, at: number, length: number): string {
  if (length === 0) return ''
  let written = hexPair(bytes.view.getUint8(at))
  for (let index = 1; index < length; index++) written += `:${hexPair(bytes.view.getUint8(at + index))}`
  return written
}

/** Bytes without separators: `0800ff`. */
export function hex(bytes: Bytes, at: number, length: number): string {
  let written = ''
  for (let index = 0; index < length; index++) written += hexPair(bytes.view.getUint8(at + index))
  return written
}

const ipv4Kept: (string | undefined)[] = Array.from({ length: 4096 })
const ipv4Keys = new Uint32Array(ipv4Kept.length)

/** An address stands in several rows of its namespace, and 127.0.0.1 in all of them: the text is kept. */
export function ipv4(bytes: Bytes, at: number): string {
  const value = bytes.view.getUint32(at)
  const slot = (Math.imul(value, 0x9e3779b1) >>> 20) & (ipv4Kept.length - 1)
  const kept = ipv4Kept[slot]
  if (kept !== undefined && ipv4Keys[slot] === value) return kept
  const text = ipv4Text(bytes, at)
  ipv4Kept[slot] = text
  ipv4Keys[slot] = value
  return text
}

function ipv4Text(bytes: Bytes, at: number): string {
  const { view } = bytes
  return `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`
}

/**
 * RFC 5952: lower case, no leading zeros, the longest run of at least two zero groups (the first of equals)
 * as `::`. IPv4-mapped and IPv4-compatible addresses end in dotted form, as inet_ntop(3) has it.
 */
export function ipv6(bytes: Bytes, at: number): string {
  const { view } = bytes
  let runStart = -1
  let runLength = 1
  for (let group = 0; group < 8;) {
    let zeros = 0
    while (group + zeros < 8 && view.getUint16(at + 2 * (group + zeros)) === 0) zeros++
    if (zeros > runLength) {
      runStart = group
      runLength = zeros
    }
    group += zeros + 1
  }
  if (runStart === 0 && (runLength === 6 || (runLength === 5 && view.getUint16(at + 10) === 0xffff))) {
    return `${runLength === 6 ? '::' : '::ffff:'}${ipv4(bytes, at + 12)}`
  }
  let written = ''
  for (let group = 0; group < 8; group++) {
    if (group === runStart) {
      written += '::'
      group += runLength - 1
      continue
    }
    if (group > 0 && group !== runStart + runLength) written += ':'
    else if (group > 0 && runStart < 0) written += ':'
    written += view.getUint16(at + 2 * group).toString(16)
  }
  return written
}

/** An address by its length: 4 bytes IPv4, 16 bytes IPv6, anything else as hardware address. */
export function address(bytes: Bytes, at: number, length: number): string {
  if (length === 4) return ipv4(bytes, at)
  if (length === 16) return ipv6(bytes, at)
  return hardwareAddress(bytes, at, length)
}

export function isZero(bytes: Bytes, at: number, length: number): boolean {
  for (let index = 0; index < length; index++) {
    if (bytes.view.getUint8(at + index) !== 0) return false
  }
  return true
}
