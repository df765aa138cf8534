/** RFC 792. */
import { icmpSays } from '../../../derive/probe/icmp-says.ts'
import { ipv4Text } from './addresses.ts'
import { aboutPacket } from './icmp-error.ts'
import { cutOff, hashOf, type Context, type Decoded } from './layer.ts'
import { flowOf, type IpPacket } from './ip-packet.ts'

const errors = [3, 4, 5, 11, 12]

export function icmp(bytes: Buffer, ip: IpPacket, context: Context): Decoded {
  if (bytes.length < 8) return { ...cutOff(`${ip.between}: ICMP`), flow: flowOf('icmp', ip) }
  const type = bytes.readUInt8(0)
  const code = bytes.readUInt8(1)
  if (type === 0 || type === 8) {
    return echo(type === 8 ? 'ICMP echo request' : 'ICMP echo reply', 'icmp', bytes, ip)
  }
  if (errors.includes(type)) {
    const mtu = type === 3 && code === 4 ? `, mtu ${bytes.readUInt16BE(6)}` : ''
    const gateway = type === 5 ? ` to ${context.nameOf(ipv4Text(bytes, 4))}` : ''
    return aboutPacket(`${icmpSays(4, type, code).says}${mtu}${gateway}`, bytes.subarray(8), ip, context)
  }
  return {
    text: `${ip.between}: ICMP type ${type} code ${code}, length ${ip.length}`,
    flow: flowOf('icmp', ip),
    fingerprint: ip.id === 0 ? null : `i ${ip.id} ${ip.length} ${type} ${hashOf(bytes.subarray(4))}`,
    ttl: null,
  }
}

/** A translation may change the id; sequence number and payload stay. */
export function echo(says: string, protocol: 'icmp' | 'icmp6', bytes: Buffer, ip: IpPacket): Decoded {
  const id = bytes.readUInt16BE(4)
  const seq = bytes.readUInt16BE(6)
  const payload = bytes.subarray(8)
  return {
    text: `${ip.between}: ${says}, id ${id}, seq ${seq}, length ${ip.length}`,
    flow: flowOf(protocol, ip, { id }),
    fingerprint: `e ${ip.id} ${ip.length} ${bytes.readUInt8(0)} ${seq} ${hashOf(payload)}`,
    ttl: null,
  }
}
