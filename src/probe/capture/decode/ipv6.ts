/** RFC 8200, with the extension headers that stand before what is carried. */
import { ipv6Text } from './addresses.ts'
import { cutOff, words, type Context, type Decoded } from './layer.ts'
import { flowOf, protocolName } from './ip-packet.ts'
import { transport } from './transport.ts'

const hopByHop = 0
const routing = 43
const fragmentHeader = 44
const authentication = 51
const destinationOptions = 60
/** More of them have no use. */
const mostExtensions = 8

export function ipv6(bytes: Buffer, context: Context): Decoded {
  if (bytes.length < 40) return cutOff('IPv6')
  const source = ipv6Text(bytes, 8)
  const destination = ipv6Text(bytes, 24)
  const between = `${context.nameOf(source)} > ${context.nameOf(destination)}`
  if (bytes.readUInt8(0) >> 4 !== 6) return words(`${between}: IPv6 with a wrong header`)
  const label = bytes.readUInt32BE(0) & 0xfffff
  const ttl = bytes.readUInt8(7)
  const whole = bytes.readUInt16BE(4) || bytes.length - 40
  let rest = bytes.subarray(40, 40 + whole)
  let left = whole
  let next = bytes.readUInt8(6)
  let fragment: { readonly id: number; readonly first: boolean } | null = null
  const remarks: string[] = ttl <= 1 && next !== hopByHop ? [`hop limit ${ttl}`] : []
  for (let count = 0; count < mostExtensions; count += 1) {
    if (![hopByHop, routing, fragmentHeader, authentication, destinationOptions].includes(next)) break
    if (rest.length < 8) return { ...cutOff(`${between}: IPv6 extension header`), ttl }
    const own = rest.readUInt8(1)
    const length = next === fragmentHeader ? 8 : next === authentication ? (own + 2) * 4 : (own + 1) * 8
    if (next === routing) remarks.push('routing header')
    if (next === fragmentHeader) {
      const [flags, id] = [rest.readUInt16BE(2), rest.readUInt32BE(4)]
      const offset = flags & 0xfff8
      fragment = { id, first: offset === 0 }
      if (offset > 0) {
        const protocol = protocolName(rest.readUInt8(0), 6)
        return {
          text: `${between}: ${protocol} fragment of id ${id} at ${offset}, length ${left - 8}`,
          flow: flowOf(protocol, { source, destination, fragment }),
          fingerprint: `6f ${id} ${offset} ${whole}`,
          ttl,
        }
      }
      if ((flags & 1) !== 0) remarks.push(`first fragment of id ${id}`)
    }
    next = rest.readUInt8(0)
    rest = rest.subarray(length)
    left = Math.max(0, left - length)
  }
  const packet = { family: 6 as const, source, destination, between, id: label, length: left, fragment }
  const inner = transport(next, rest, packet, context)
  return { ...inner, text: [inner.text, ...remarks].join(', '), ttl }
}
