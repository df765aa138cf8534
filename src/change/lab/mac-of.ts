/** The MAC address of a node's link: made from its address, so that whoever is given an address again has the neighbours' entries right. */
import { formatIp, parseIp } from '../../lib/ip.ts'

/** Docker's own: locally administered, 02:42 and the IPv4 address; where there is none, the end of the IPv6 address. */
export function macOf(address: string): string {
  const value = parseIp(address)?.value ?? 0n
  const bytes = [24n, 16n, 8n, 0n].map((shift) => Number((value >> shift) & 0xffn))
  return ['02', '42', ...bytes.map((byte) => byte.toString(16).padStart(2, '0'))].join(':')
}

/** `172.19.0.2/16` → `172.19.0.2`. */
export function withoutLength(cidr: string): string {
  const ip = parseIp(cidr.split('/')[0] ?? '')
  return ip === null ? cidr : formatIp(ip)
}
