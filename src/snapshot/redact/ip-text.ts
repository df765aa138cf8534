/** Addresses in text, with the length of their prefix or their mask: `8.8.8.8`, `8.8.8.0/24`, `2001:db8::/32`. */
import { formatIp, parseIp, prefixOf, widthOf, type Ip } from '../../lib/ip.ts'
import type { Addresses } from './ip-addresses.ts'

/** null: it is no address. */
export function mapIpText(text: string, addresses: Addresses): string | null {
  const [address = '', suffix] = text.split('/')
  const ip = parseIp(address)
  if (ip === null) return null
  const mapped = mapIp(ip, addresses)
  if (suffix === undefined) return mapped.value === ip.value ? text : formatIp(mapped)
  const length = lengthOf(suffix)
  if (length === null || length > widthOf(ip.family)) return null
  if (mapped.value === ip.value) return text
  // A network's own address has no host's bits, before and after.
  const isNetwork = prefixOf(ip, length).value === ip.value
  return `${formatIp(isNetwork ? prefixOf(mapped, length) : mapped)}/${suffix}`
}

function mapIp(ip: Ip, addresses: Addresses): Ip {
  const hex = ip.value.toString(16).padStart(ip.family === 'inet' ? 8 : 32, '0')
  const mapped = Buffer.from(addresses.mapIp(Buffer.from(hex, 'hex'))).toString('hex')
  return { family: ip.family, value: BigInt(`0x${mapped}`) }
}

/** `24`, or a mask as iptables-legacy writes it; a mask with gaps counts as a whole address. */
function lengthOf(suffix: string): number | null {
  if (/^\d{1,3}$/.test(suffix)) return Number(suffix)
  const mask = parseIp(suffix)
  if (mask?.family !== 'inet') return null
  const bits = mask.value.toString(2).padStart(32, '0')
  return /^1*0*$/.test(bits) ? bits.replace(/0+$/, '').length : 32
}
