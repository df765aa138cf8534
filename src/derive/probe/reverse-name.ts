import { parseIp } from '../../lib/ip.ts'

/** Under which name the names of an address are asked for: `1.2.0.192.in-addr.arpa`, `….ip6.arpa`. null: no address. */
export function reverseName(address: string): string | null {
  const [plain = ''] = address.split('%')
  const ip = parseIp(plain)
  if (ip === null) return null
  if (ip.family === 'inet') return `${plain.split('.').toReversed().join('.')}.in-addr.arpa`
  const digits = ip.value.toString(16).padStart(32, '0')
  return `${digits.split('').toReversed().join('.')}.ip6.arpa`
}
