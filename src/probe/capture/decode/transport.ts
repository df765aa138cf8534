/** What an IP packet carries. */
import { icmp } from './icmp.ts'
import { icmp6 } from './icmp6.ts'
import { gre, inTunnel } from './tunnel.ts'
import { flowOf, protocolName, type IpPacket } from './ip-packet.ts'
import { hashOf, type Context, type Decoded } from './layer.ts'
import { tcp } from './tcp.ts'
import { udp } from './udp.ts'

export function transport(protocol: number, payload: Buffer, ip: IpPacket, context: Context): Decoded {
  switch (protocol) {
    case 1:
      return ip.family === 4 ? icmp(payload, ip, context) : other(protocol, payload, ip)
    case 58:
      return ip.family === 6 ? icmp6(payload, ip, context) : other(protocol, payload, ip)
    case 6:
      return tcp(payload, ip, context)
    case 17:
      return udp(payload, ip, context)
    case 4:
    case 41:
      return inTunnel(`${ip.between}: `, payload, context) ?? other(protocol, payload, ip)
    case 47:
      return gre(payload, ip, context) ?? other(protocol, payload, ip)
    default:
      return other(protocol, payload, ip)
  }
}

function other(protocol: number, payload: Buffer, ip: IpPacket): Decoded {
  const name = protocolName(protocol, ip.family)
  return {
    text: `${ip.between}: ${name.length <= 5 ? name.toUpperCase() : name}, length ${ip.length}`,
    flow: flowOf(name, ip),
    fingerprint: ip.id === 0 ? null : `p ${protocol} ${ip.id} ${ip.length} ${hashOf(payload)}`,
    ttl: null,
  }
}
