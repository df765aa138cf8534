/** The packet that an ICMP error is about: its flow is the one that the error belongs to. */
import { deepest, type Context, type Decoded } from './layer.ts'
import type { IpPacket } from './ip-packet.ts'

/** `says`: the error in words. `quoted`: the beginning of the packet. */
export function aboutPacket(says: string, quoted: Buffer, ip: IpPacket, context: Context): Decoded {
  const { between, source, family } = ip
  const text = `${between}: ${family === 4 ? 'ICMP' : 'ICMPv6'} ${says}`
  if (context.depth >= deepest) return { text, flow: null, fingerprint: null, ttl: null }
  const inner = context.inside.ip(quoted, { ...context, depth: context.depth + 1 })
  return {
    text: `${text} (${inner.text})`,
    flow: inner.flow === null ? null : { ...inner.flow, error: `${says}, from ${source}` },
    // The quoted addresses are translated as well, and what is left tells nothing.
    fingerprint: null,
    ttl: null,
  }
}
