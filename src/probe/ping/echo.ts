/** ICMP and ICMPv6 echo messages (RFC 792, RFC 4443), as raw sockets send and receive them. */

/** Type, code, checksum, identifier, sequence number. */
export const echoHeader = 8
export const echoTypes = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const

export type Echo = { readonly id: number; readonly seq: number; readonly data: Buffer }

export function echoRequest(family: 4 | 6, { id, seq, data }: Echo): Buffer {
  const bytes = Buffer.alloc(echoHeader + data.length)
  bytes.writeUInt8(echoTypes[family].request, 0)
  bytes.writeUInt16BE(id, 4)
  bytes.writeUInt16BE(seq, 6)
  data.copy(bytes, echoHeader)
  // Of ICMPv6 the kernel writes it, because addresses are part of it (raw(7), RFC 3542 3.1).
  if (family === 4) bytes.writeUInt16BE(checksum(bytes), 2)
  return bytes
}

/** `bytes` as received: with the IP header in IPv4, without it in IPv6. null: something else than an answer. */
export function parseEchoReply(
  family: 4 | 6,
  bytes: Buffer,
): (Echo & { readonly ttl: number | null }) | null {
  const header = family === 4 && bytes.length > 0 ? (bytes.readUInt8(0) & 0xf) * 4 : 0
  const echo = parseEcho(bytes.subarray(header), echoTypes[family].reply)
  if (echo === null) return null
  return { ...echo, ttl: family === 4 && header >= 20 ? bytes.readUInt8(8) : null }
}

/** A request of which an error report shows the beginning; null: it was something else that had been sent. */
export function parseQuotedEcho(family: 4 | 6, bytes: Buffer): Echo | null {
  return parseEcho(bytes, echoTypes[family].request)
}

function parseEcho(bytes: Buffer, type: number): Echo | null {
  if (bytes.length < echoHeader || bytes.readUInt8(0) !== type || bytes.readUInt8(1) !== 0) return null
  return { id: bytes.readUInt16BE(4), seq: bytes.readUInt16BE(6), data: bytes.subarray(echoHeader) }
}

/** The ones' complement of the sum of all 16-bit words (RFC 1071). */
function checksum(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readUInt16BE(at)
  if (bytes.length % 2 === 1) sum += bytes.readUInt8(bytes.length - 1) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
