/** RFC 826, of IPv4 on Ethernet. */
import { ipv4Text, macText } from './addresses.ts'
import { cutOff, words, type Context, type Decoded } from './layer.ts'

export function arp(bytes: Buffer, { nameOf }: Context): Decoded {
  if (bytes.length < 8) return cutOff('ARP')
  const operation = bytes.readUInt16BE(6)
  // Hardware type, protocol, and the lengths of their addresses.
  if (bytes.readUInt16BE(0) !== 1 || bytes.readUInt16BE(2) !== 0x0800 || bytes.readUInt16BE(4) !== 0x0604) {
    return words(`ARP operation ${operation}, not of IPv4 on Ethernet`)
  }
  if (bytes.length < 28) return cutOff('ARP')
  const [sender, target] = [ipv4Text(bytes, 14), ipv4Text(bytes, 24)]
  const mac = macText(bytes, 8)
  if (operation === 1) {
    if (sender === target) return words(`ARP announcement, ${nameOf(sender)} is at ${mac}`)
    if (sender === '0.0.0.0') return words(`ARP probe, does anybody have ${nameOf(target)}`)
    return words(`ARP who has ${nameOf(target)}, tell ${nameOf(sender)}`)
  }
  if (operation === 2) return words(`ARP ${nameOf(sender)} is at ${mac}`)
  return words(`ARP operation ${operation}`)
}
