/**
 * Packets inside of packets. What is told, and what is followed, is the inner one: its flow is the one that is looked for
 * on the links before and behind the tunnel.
 */
import { deepest, type Context, type Decoded } from './layer.ts'
import type { IpPacket } from './ip-packet.ts'

/** IPv4 or IPv6, as its first bits say; null: neither, or too deep. */
export function inTunnel(before: string, bytes: Buffer, context: Context): Decoded | null {
  const version = bytes.length === 0 ? 0 : bytes.readUInt8(0) >> 4
  if (context.depth >= deepest || (version !== 4 && version !== 6)) return null
  const inner = context.inside.ip(bytes, deeper(context))
  return { ...inner, text: `${before}${inner.text}` }
}

/** RFC 7348. */
export function vxlan(before: string, bytes: Buffer, context: Context): Decoded | null {
  if (bytes.length < 8 || (bytes.readUInt8(0) & 0x08) === 0) return null
  return framed(`${before}VXLAN vni ${bytes.readUIntBE(4, 3)}: `, bytes.subarray(8), context)
}

/** RFC 8926. */
export function geneve(before: string, bytes: Buffer, context: Context): Decoded | null {
  if (bytes.length < 8 || bytes.readUInt16BE(2) !== 0x6558) return null
  const length = 8 + (bytes.readUInt8(0) & 0x3f) * 4
  return framed(`${before}Geneve vni ${bytes.readUIntBE(4, 3)}: `, bytes.subarray(length), context)
}

/** RFC 2784 and 2890: a checksum, a key and a sequence number, each four bytes where its flag is set. */
export function gre(bytes: Buffer, ip: IpPacket, context: Context): Decoded | null {
  if (bytes.length < 4) return null
  const flags = bytes.readUInt16BE(0)
  const protocol = bytes.readUInt16BE(2)
  const optional = [0x8000, 0x2000, 0x1000].filter((flag) => (flags & flag) !== 0).length
  const inner = bytes.subarray(4 + 4 * optional)
  const before = `${ip.between}: GRE: `
  if ((flags & 7) !== 0) return null
  if (protocol === 0x0800 || protocol === 0x86dd) return inTunnel(before, inner, context)
  return protocol === 0x6558 ? framed(before, inner, context) : null
}

function framed(before: string, bytes: Buffer, context: Context): Decoded | null {
  if (context.depth >= deepest) return null
  const inner = context.inside.ethernet(bytes, deeper(context))
  return { ...inner, text: `${before}${inner.text}` }
}

function deeper(context: Context): Context {
  return { ...context, depth: context.depth + 1 }
}
