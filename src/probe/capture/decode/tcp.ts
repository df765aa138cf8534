/** RFC 9293. */
import { sanitise } from '../../../lib/sanitise.ts'
import { withPort } from './addresses.ts'
import { cutOff, type Context, type Decoded } from './layer.ts'
import { flowOf, type IpPacket } from './ip-packet.ts'

const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const
/** As people say them: `SYN ACK`, `PSH ACK`. */
const spoken = ['SYN', 'FIN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const

export function tcp(bytes: Buffer, ip: IpPacket, { nameOf }: Context): Decoded {
  if (bytes.length < 4) return { ...cutOff(`${ip.between}: TCP`), flow: flowOf('tcp', ip) }
  const sourcePort = bytes.readUInt16BE(0)
  const destinationPort = bytes.readUInt16BE(2)
  const between = `${withPort(nameOf(ip.source), sourcePort)} > ${withPort(nameOf(ip.destination), destinationPort)}`
  const flow = flowOf('tcp', ip, { sourcePort, destinationPort })
  if (bytes.length < 20) return { ...cutOff(`${between}: TCP`), flow }
  const seq = bytes.readUInt32BE(4)
  const ack = bytes.readUInt32BE(8)
  const headerLength = (bytes.readUInt8(12) >> 4) * 4
  const flags = bytes.readUInt8(13)
  const has = (name: (typeof flagNames)[number]): boolean => (flags & (1 << flagNames.indexOf(name))) !== 0
  const length = Math.max(0, ip.length - headerLength)
  const mss = has('SYN') ? mssOf(bytes, headerLength) : null
  const said = [
    `TCP ${spoken.filter(has).join(' ') || 'without flags'}`,
    ...(length > 0 || has('SYN') || has('FIN') || has('RST') ? [`seq ${seq}`] : []),
    ...(has('ACK') ? [`ack ${ack}`] : []),
    `win ${bytes.readUInt16BE(14)}`,
    ...(mss === null ? [] : [`mss ${mss}`]),
    `length ${length}`,
  ].join(', ')
  const begins = headerLength < 20 ? '' : firstWords(bytes.subarray(headerLength))
  return {
    text: `${between}: ${said}${begins}`,
    flow,
    fingerprint: `t ${ip.id} ${ip.length} ${seq} ${ack} ${flags}`,
    ttl: null,
  }
}

/** Option 2. */
function mssOf(bytes: Buffer, headerLength: number): number | null {
  const end = Math.min(headerLength, bytes.length)
  for (let at = 20; at + 1 < end;) {
    const kind = bytes.readUInt8(at)
    if (kind === 0) return null
    if (kind === 1) {
      at += 1
      continue
    }
    const length = bytes.readUInt8(at + 1)
    if (length < 2) return null
    if (kind === 2 && at + 4 <= end) return bytes.readUInt16BE(at + 2)
    at += length
  }
  return null
}

const longestLine = 80
const http =
  /^(?:(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) \S+ HTTP\/1\.[01]|HTTP\/1\.[01] \d{3})/

/** The first line of an HTTP request or answer. */
function firstWords(payload: Buffer): string {
  if (payload.length < 12) return ''
  const line = payload.toString('latin1', 0, longestLine).split(/[\r\n]/, 1)[0] ?? ''
  return http.test(line) ? `: ${sanitise(line)}` : ''
}
