/**
 * Hardware addresses: the maker and the number are replaced, the two bits that mean something (group, locally
 * administered) stay, and so do makers that are none: those of virtual machines.
 */
import type { Hash } from './hashing.ts'

export type Low24 = {
  readonly of: (low: number) => number
  readonly note: (from: number, to: number) => void
}

/** 10/8, 172.16/12, 192.168/16. */
const privateContainer = /^0242(0a|ac1|c0a8)/
const virtualMakers = new Set(['525400', '005056', '000c29', '080027', '00155d', '00163e', '001c42'])

export type MacAddresses = {
  /** Six bytes, or as many as the link has. */
  readonly map: (bytes: Uint8Array) => Uint8Array
  /** How many different ones were replaced. */
  readonly count: () => number
}

export function macAddresses(hash: Hash, low24: Low24): MacAddresses {
  const mapped = new Map<string, Uint8Array>()
  const used = new Set<string>()
  const map = (bytes: Uint8Array): Uint8Array => {
    const [first = 0] = bytes
    if (bytes.every((byte) => byte === 0)) return bytes
    if (bytes.length === 6 && (first & 1) === 1) return group(bytes, low24)
    const text = Buffer.from(bytes).toString('hex')
    const known = mapped.get(text)
    if (known !== undefined) return known
    const result =
      bytes.length === 6 ? six(bytes, text) : Uint8Array.from(stretched(hash, text, bytes.length))
    mapped.set(text, result)
    used.add(Buffer.from(result).toString('hex'))
    if (bytes.length === 6) low24.note(low(bytes, 3), low(result, 3))
    return result
  }
  const six = (bytes: Uint8Array, text: string): Uint8Array => {
    // 02:42 and the container's private IPv4 address, as Docker made them up to version 28.
    if (privateContainer.test(text)) return bytes
    const maker = text.slice(0, 6)
    const own = virtualMakers.has(maker)
      ? bytes.subarray(0, 3)
      : hash('maker', maker)
          .subarray(0, 3)
          .map((byte, at) => (at === 0 ? (byte & 0xfc) | ((bytes[0] ?? 0) & 3) : byte))
    for (let round = 0; ; round++) {
      const tail = hash(`mac ${round}`, text).subarray(0, 3)
      const result = Uint8Array.from([...own, ...tail])
      const key = Buffer.from(result).toString('hex')
      if (key !== text && !used.has(key)) return result
    }
  }
  return {
    map,
    count: () => [...mapped].filter(([text, result]) => Buffer.from(result).toString('hex') !== text).length,
  }
}

/** Groups are the same everywhere, but those of IPv6 neighbour discovery end like the address they are for. */
function group(bytes: Uint8Array, low24: Low24): Uint8Array {
  const isSolicited = bytes[0] === 0x33 && bytes[1] === 0x33 && bytes[2] === 0xff
  if (!isSolicited) return bytes
  return Uint8Array.from([0x33, 0x33, 0xff, ...threeBytes(low24.of(low(bytes, 3)))])
}

export function low(bytes: Uint8Array, from: number): number {
  return ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0)
}

export function threeBytes(value: number): readonly number[] {
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]
}

function stretched(hash: Hash, text: string, length: number): Buffer {
  const parts = Array.from({ length: Math.ceil(length / 32) }, (_, at) => hash(`bytes ${at}`, text))
  return Buffer.concat(parts).subarray(0, length)
}
