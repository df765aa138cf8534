/** RFC 791. */
import { ipv4Text } from './addresses.ts'
import { cutOff, words, type Context, type Decoded } from './layer.ts'
import { flowOf, protocolName } from './ip-packet.ts'
import { transport } from './transport.ts'

export function ipv4(bytes: Buffer, context: Context): Decoded {
  if (bytes.length < 20) return cutOff('IPv4')
  const first = bytes.readUInt8(0)
  const headerLength = (first & 0xf) * 4
  const source = ipv4Text(bytes, 12)
  const destination = ipv4Text(bytes, 16)
  const between = `${context.nameOf(source)} > ${context.nameOf(destination)}`
  if (first >> 4 !== 4 || headerLength < 20) return words(`${between}: IPv4 with a wrong header`)
  // 0: a packet that the link cuts into pieces, longer than the field can say.
  const length = bytes.readUInt16BE(2) || bytes.length
  const id = bytes.readUInt16BE(4)
  const flags = bytes.readUInt16BE(6)
  const more = (flags & 0x2000) !== 0
  const offset = (flags & 0x1fff) * 8
  const ttl = bytes.readUInt8(8)
  const protocol = bytes.readUInt8(9)
  const payload = bytes.subarray(headerLength, Math.max(headerLength, length))
  const remarks = [
    ...(headerLength > 20 ? ['IP options'] : []),
    ...(ttl <= 1 ? [`ttl ${ttl}`] : []),
    ...(more && offset === 0 ? [`first fragment of id ${id}`] : []),
  ]
  const packet = {
    family: 4 as const,
    source,
    destination,
    between,
    id,
    length: Math.max(0, length - headerLength),
    fragment: more || offset > 0 ? { id, first: offset === 0 } : null,
  }
  if (offset > 0) {
    const at = `fragment of id ${id} at ${offset}, length ${packet.length}`
    return {
      text: `${between}: ${protocolName(protocol, 4)} ${at}`,
      flow: flowOf(protocolName(protocol, 4), packet),
      fingerprint: `4f ${id} ${offset} ${length}`,
      ttl,
    }
  }
  const inner = transport(protocol, payload, packet, context)
  const said = remarks.length === 0 ? inner.text : `${inner.text}, ${remarks.join(', ')}`
  return { ...inner, text: said, ttl }
}
