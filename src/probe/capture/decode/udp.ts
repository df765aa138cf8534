/** RFC 768, and what is carried by ports that are known. */
import { withPort } from './addresses.ts'
import { dhcp } from './dhcp.ts'
import { dns } from './dns.ts'
import { cutOff, hashOf, type Context, type Decoded } from './layer.ts'
import { geneve, vxlan } from './tunnel.ts'
import { flowOf, type IpPacket } from './ip-packet.ts'

export function udp(bytes: Buffer, ip: IpPacket, context: Context): Decoded {
  const { nameOf } = context
  if (bytes.length < 8) return { ...cutOff(`${ip.between}: UDP`), flow: flowOf('udp', ip) }
  const sourcePort = bytes.readUInt16BE(0)
  const destinationPort = bytes.readUInt16BE(2)
  const between = `${withPort(nameOf(ip.source), sourcePort)} > ${withPort(nameOf(ip.destination), destinationPort)}`
  const payload = bytes.subarray(8)
  const length = Math.max(0, (bytes.readUInt16BE(4) || ip.length) - 8)
  const inner = tunnelled(destinationPort, `${between}: `, payload, context)
  if (inner !== null) return inner
  const said = carried([sourcePort, destinationPort], payload, ip.fragment === null)
  return {
    text: `${between}: ${said ?? `UDP, length ${length}`}`,
    flow: flowOf('udp', ip, { sourcePort, destinationPort }),
    // A short one that always says the same is no sign of itself.
    fingerprint:
      ip.id === 0 && payload.length < 8 ? null : `u ${ip.id} ${ip.length} ${length} ${hashOf(payload)}`,
    ttl: null,
  }
}

/** 8472: Linux's own default before the port was assigned, and flannel's. */
function tunnelled(port: number, before: string, payload: Buffer, context: Context): Decoded | null {
  if (port === 4789 || port === 8472) return vxlan(before, payload, context)
  return port === 6081 ? geneve(before, payload, context) : null
}

function carried(ports: readonly number[], payload: Buffer, whole: boolean): string | null {
  if (!whole) return null
  if (ports.includes(53)) return dns(payload, 'DNS')
  if (ports.includes(5353)) return dns(payload, 'mDNS')
  if (ports.includes(5355)) return dns(payload, 'LLMNR')
  if (ports.includes(67) || ports.includes(68)) return dhcp(payload)
  return null
}
