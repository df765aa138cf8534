/**
 * Addresses and prefixes as numbers that can be compared. The only user of ipaddr.js, whose lenient forms (octal,
 * hex, `10.1`) are refused here: the kernel and the tools print none of them, and a guess would be a wrong host.
 */
import ipaddr from 'ipaddr.js'

export type Family = 'inet' | 'inet6'
export type Ip = { readonly family: Family; readonly value: bigint }
export type Prefix = { readonly family: Family; readonly value: bigint; readonly length: number }

const looksLikeIpv4 = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/

/** Bits of an address of this family. */
export function widthOf(family: Family): number {
  return family === 'inet' ? 32 : 128
}

/** An address alone, without prefix, port or zone; null where the text is none. */
export function parseIp(text: string): Ip | null {
  if (looksLikeIpv4.test(text)) return parseIpv4(text)
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return null
  return { family: 'inet6', value: valueOf(ipaddr.IPv6.parse(text).toByteArray()) }
}

function parseIpv4(text: string): Ip | null {
  let value = 0
  for (const part of text.split('.')) {
    const octet = Number(part)
    if (octet > 255 || (part.length > 1 && part.startsWith('0'))) return null
    value = value * 256 + octet
  }
  return { family: 'inet', value: BigInt(value) }
}

function valueOf(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

/** `10.0.0.0/8`; an address alone is its own /32 or /128. Host bits are cleared, as `ip route get` does. */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/')
  const ip = parseIp(slash === -1 ? text : text.slice(0, slash))
  if (ip === null) return null
  const width = widthOf(ip.family)
  if (slash === -1) return { ...ip, length: width }
  const digits = text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(digits) || Number(digits) > width) return null
  return prefixOf(ip, Number(digits))
}

/** The network that an address lies in. */
export function prefixOf(ip: Ip, length: number): Prefix {
  const shift = BigInt(widthOf(ip.family) - length)
  return { family: ip.family, value: (ip.value >> shift) << shift, length }
}

/** Whether an address lies inside a prefix; never across families. */
export function contains(prefix: Prefix, ip: Ip): boolean {
  if (prefix.family !== ip.family) return false
  const shift = BigInt(widthOf(ip.family) - prefix.length)
  return prefix.value >> shift === ip.value >> shift
}

/** As the kernel prints it: dotted, or RFC 5952 (an IPv4-mapped one with its dotted end). */
export function formatIp(ip: Ip): string {
  const count = ip.family === 'inet' ? 4 : 16
  const bytes = Array.from({ length: count }, (_, at) =>
    Number((ip.value >> BigInt(8 * (count - 1 - at))) & 0xffn),
  )
  if (ip.family === 'inet') return bytes.join('.')
  if (ip.value >> 32n === 0xffffn) return `::ffff:${bytes.slice(12).join('.')}`
  return new ipaddr.IPv6(bytes).toRFC5952String()
}

/** `172.17.0.0/16`. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatIp(prefix)}/${prefix.length}`
}

/** The one spelling of an address, so that two can be compared as text; null where the text is none. */
export function normalIp(text: string): string | null {
  const ip = parseIp(text)
  return ip === null ? null : formatIp(ip)
}
