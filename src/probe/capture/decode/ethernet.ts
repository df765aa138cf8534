/** IEEE 802.3, with VLAN tags; also what Linux says in place of it on links that have no such header. */
import { macText } from './addresses.ts'
import { arp } from './arp.ts'
import { cutOff, deepest, words, type Context, type Decoded } from './layer.ts'
import { ipv4 } from './ipv4.ts'
import { ipv6 } from './ipv6.ts'

export function ethernet(bytes: Buffer, context: Context): Decoded {
  if (bytes.length < 14) return cutOff('Ethernet')
  const type = bytes.readUInt16BE(12)
  const between = (): string => `${macText(bytes, 6)} > ${macText(bytes, 0)}`
  // Up to 1500 it is a length, of IEEE 802.2.
  if (type <= 1500) return words(`${between()}: ${llc(bytes, type)}`)
  return etherType(type, bytes.subarray(14), context, between)
}

/** Of `between` who speaks with whom is told where nothing else is known. */
export function etherType(type: number, bytes: Buffer, context: Context, between: () => string): Decoded {
  switch (type) {
    case 0x0800:
      return ipv4(bytes, context)
    case 0x86dd:
      return ipv6(bytes, context)
    case 0x0806:
      return arp(bytes, context)
    case 0x8100:
    case 0x88a8: {
      if (bytes.length < 4) return cutOff(`${between()}: VLAN tag`)
      if (context.depth >= deepest) return words(`${between()}: VLAN tags in VLAN tags`)
      const deeper = { ...context, depth: context.depth + 1 }
      const inner = etherType(bytes.readUInt16BE(2), bytes.subarray(4), deeper, between)
      return { ...inner, text: `vlan ${bytes.readUInt16BE(0) & 0xfff}, ${inner.text}` }
    }
    default: {
      const name = named[type] ?? `ethertype 0x${type.toString(16).padStart(4, '0')}`
      return words(`${between()}: ${name}, length ${bytes.length}`)
    }
  }
}

const named: Readonly<Record<number, string>> = {
  0x0835: 'RARP',
  0x8847: 'MPLS',
  0x8848: 'MPLS multicast',
  0x8863: 'PPPoE discovery',
  0x8864: 'PPPoE session',
  0x888e: 'EAPOL',
  0x88cc: 'LLDP',
  0x88e5: 'MACsec',
  0x88f7: 'PTP',
}

function llc(bytes: Buffer, length: number): string {
  const sap = bytes.length >= 16 ? bytes.readUInt16BE(14) : 0
  return `${sap === 0x4242 ? 'spanning tree' : '802.2'}, length ${length}`
}
