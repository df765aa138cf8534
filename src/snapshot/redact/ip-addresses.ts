/**
 * Public addresses become other public addresses, so that two that share a prefix share one of the same length
 * afterwards (Xu, Fan, Ammar, Moon: Prefix-preserving IP address anonymization). Private, link-local, loopback and
 * group addresses are the same in many places and stay. The last 8 bits (IPv6: 16) stay too: .1, .255, ::1.
 */
import type { Hash } from './hashing.ts'
import { low, macAddresses, threeBytes, type Low24, type MacAddresses } from './mac-addresses.ts'

export type Addresses = {
  /** 4 or 16 bytes. */
  readonly mapIp: (bytes: Uint8Array) => Uint8Array
  readonly macs: MacAddresses
  /** How many different IP addresses were replaced. */
  readonly count: () => number
}

/** IPv4 ranges that are nobody's in particular (RFC 6890); none is longer than a /16. */
const specialRanges = [
  [0x00000000, 8],
  [0x0a000000, 8],
  [0x64400000, 10],
  [0x7f000000, 8],
  [0xa9fe0000, 16],
  [0xac100000, 12],
  [0xc0a80000, 16],
  [0xe0000000, 3],
] as const

export function addresses(hash: Hash): Addresses {
  const mapped = new Map<string, Uint8Array>()
  const flips = new Map<string, Buffer>()
  const lows = new Map<number, number>()
  const low24: Low24 = {
    of: (value) => lows.get(value) ?? hash('low', String(value)).readUIntBE(0, 3),
    note: (from, to) => {
      if (!lows.has(from)) lows.set(from, to)
    },
  }
  /** One hash decides about all 255 prefixes that are up to 8 bits longer than this one. */
  const flipsOf = (before: string): Buffer => {
    const kept = flips.get(before)
    if (kept !== undefined) return kept
    const made = hash('prefix', before)
    flips.set(before, made)
    return made
  }
  /** `mayFlip` tells of each bit whether everything behind its prefix is public. */
  const preserved = (bytes: Uint8Array, until: number, mayFlip: (bit: number) => boolean): Uint8Array => {
    const result = Uint8Array.from(bytes)
    let isFirst = true
    for (let at = 0; at < until; at++) {
      const byte = bytes[at] ?? 0
      const decided = flipsOf(`${bytes.length} ${Buffer.from(bytes.subarray(0, at)).toString('hex')}`)
      for (let bit = 0; bit < 8; bit++) {
        if (!mayFlip(at * 8 + bit)) continue
        const node = (1 << bit) - 1 + (byte >> (8 - bit))
        const flip = isFirst || (((decided[node >> 3] ?? 0) >> (node & 7)) & 1) === 1
        isFirst = false
        if (flip) result[at] = (result[at] ?? 0) ^ (0x80 >> bit)
      }
    }
    return result
  }
  const mapIpv4 = (bytes: Uint8Array): Uint8Array => {
    const value = Buffer.from(bytes).readUInt32BE()
    if (specialRanges.some(([start, length]) => overlaps(value, 32, start, length))) return bytes
    return preserved(
      bytes,
      3,
      (bit) => bit >= 16 || !specialRanges.some(([start, length]) => overlaps(value, bit, start, length)),
    )
  }
  const macs = macAddresses(hash, low24)
  const mapIpv6 = (bytes: Uint8Array): Uint8Array => {
    if ((bytes[0] ?? 0) === 0xff) return solicited(bytes, low24)
    // IPv4-mapped, and NAT64 (64:ff9b::/96): the IPv4 address is the end.
    const head = Buffer.from(bytes.subarray(0, 12)).toString('hex')
    if (head === '00000000000000000000ffff' || head === '0064ff9b0000000000000000') {
      return Uint8Array.from([...bytes.subarray(0, 12), ...mapIpv4(bytes.subarray(12))])
    }
    // 2000::/3 is all that is public.
    const isPublic = ((bytes[0] ?? 0) & 0xe0) === 0x20
    const result = isPublic ? preserved(bytes, 14, (bit) => bit >= 3) : Uint8Array.from(bytes)
    if (bytes[11] === 0xff && bytes[12] === 0xfe) result.set(interfaceOf(macs, bytes), 8)
    return result
  }
  return {
    macs,
    mapIp: (bytes) => {
      const text = Buffer.from(bytes).toString('hex')
      const kept = mapped.get(text)
      if (kept !== undefined) return kept
      const result = bytes.length === 4 ? mapIpv4(bytes) : mapIpv6(bytes)
      mapped.set(text, result)
      if (bytes.length === 16 && bytes[0] !== 0xff) low24.note(low(bytes, 13), low(result, 13))
      return result
    },
    count: () => [...mapped].filter(([text, result]) => Buffer.from(result).toString('hex') !== text).length,
  }
}

/** Two prefixes share addresses: the shorter one contains the other. */
function overlaps(value: number, length: number, start: number, startLength: number): boolean {
  const shared = Math.min(length, startLength)
  return shared === 0 || value >>> (32 - shared) === start >>> (32 - shared)
}

/** The solicited-node group ff02::1:ffXX:XXXX ends like the address it is for (RFC 4291). */
function solicited(bytes: Uint8Array, low24: Low24): Uint8Array {
  const isOne = Buffer.from(bytes).toString('hex').startsWith('ff0200000000000000000001ff')
  return isOne ? Uint8Array.from([...bytes.subarray(0, 13), ...threeBytes(low24.of(low(bytes, 13)))]) : bytes
}

/** An interface identifier made from a hardware address (modified EUI-64) is made from the new one. */
function interfaceOf(macs: MacAddresses, bytes: Uint8Array): Uint8Array {
  const [a = 0, b = 0, c = 0, , , d = 0, e = 0, f = 0] = bytes.subarray(8)
  const mac = macs.map(Uint8Array.from([a ^ 2, b, c, d, e, f]))
  const [g = 0, h = 0, i = 0, j = 0, k = 0, l = 0] = mac
  return Uint8Array.from([g ^ 2, h, i, 0xff, 0xfe, j, k, l])
}
