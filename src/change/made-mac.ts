/** MAC addresses that are made, not found: the same of the same seed; and the IPv6 address that follows from one. */
import { createHash } from 'node:crypto'
import { formatIp } from '../lib/ip.ts'

/** Locally administered and of one link (IEEE 802: the second and the first bit of its first byte). */
export function madeMac(seed: string): string {
  const digits = createHash('sha256').update(seed).digest('hex').slice(0, 10)
  return ['02', ...(digits.match(/../g) ?? [])].join(':')
}

/** The one that the kernel would make (RFC 4291, appendix A: EUI-64 with its universal bit turned). */
export function linkLocalOf(mac: string): string {
  const bytes = BigInt(`0x${mac.replaceAll(':', '')}`)
  const [high, low] = [bytes >> 24n, bytes & 0xffffffn]
  const identifier = ((high << 40n) | (0xfffen << 24n) | low) ^ (1n << 57n)
  return formatIp({ family: 'inet6', value: (0xfe80n << 112n) | identifier })
}
