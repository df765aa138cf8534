/** RFC 4443, neighbours and routers of RFC 4861. */
import { icmpSays } from '../../../derive/probe/icmp-says.ts'
import { ipv6Text, macText } from './addresses.ts'
import { echo } from './icmp.ts'
import { aboutPacket } from './icmp-error.ts'
import { cutOff, type Context, type Decoded } from './layer.ts'
import { flowOf, type IpPacket } from './ip-packet.ts'

const named: Readonly<Record<number, string>> = {
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  137: 'redirect',
  143: 'multicast listener report',
}

export function icmp6(bytes: Buffer, ip: IpPacket, context: Context): Decoded {
  if (bytes.length < 8) return { ...cutOff(`${ip.between}: ICMPv6`), flow: flowOf('icmp6', ip) }
  const type = bytes.readUInt8(0)
  const code = bytes.readUInt8(1)
  if (type === 128 || type === 129) {
    return echo(type === 128 ? 'ICMPv6 echo request' : 'ICMPv6 echo reply', 'icmp6', bytes, ip)
  }
  if (type < 128) {
    const mtu = type === 2 ? `, mtu ${bytes.readUInt32BE(4)}` : ''
    return aboutPacket(`${icmpSays(6, type, code).says}${mtu}`, bytes.subarray(8), ip, context)
  }
  return {
    text: `${ip.between}: ICMPv6 ${saidBy(type, code, bytes, ip, context)}`,
    flow: flowOf('icmp6', ip),
    // They do not leave their link.
    fingerprint: null,
    ttl: null,
  }
}

function saidBy(type: number, code: number, bytes: Buffer, ip: IpPacket, { nameOf }: Context): string {
  if ((type === 135 || type === 136) && bytes.length >= 24) {
    const target = nameOf(ipv6Text(bytes, 8))
    if (type === 135) return `neighbour solicitation, who has ${target}`
    // Option 2: the target's link-layer address.
    const has = bytes.length >= 32 && bytes.readUInt8(24) === 2
    return `neighbour advertisement, ${target}${has ? ` is at ${macText(bytes, 26)}` : ''}`
  }
  return `${named[type] ?? `type ${type} code ${code}`}, length ${ip.length}`
}
