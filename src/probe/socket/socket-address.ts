/** struct sockaddr_in and sockaddr_in6 (netinet/in.h, ip(7), ipv6(7)), as bytes and as text. */
import { formatIp, parseIp } from '../../lib/ip.ts'

export const AF_INET = 2
export const AF_INET6 = 10
const inetSize = 16
const inet6Size = 28

export type SocketAddress = {
  readonly family: 4 | 6
  readonly address: string
  readonly port: number
  /** Of a link-local IPv6 address: the ifindex of its link. */
  readonly scope?: number | undefined
}

export function socketAddress({ family, address, port, scope = 0 }: SocketAddress): Buffer {
  const ip = parseIp(address)
  if (ip === null) throw new Error(`not an address: ${address}`)
  const bytes = Buffer.alloc(family === 4 ? inetSize : inet6Size)
  bytes.writeUInt16LE(family === 4 ? AF_INET : AF_INET6, 0)
  bytes.writeUInt16BE(port, 2)
  if (family === 4) {
    bytes.writeUInt32BE(Number(ip.value), 4)
    return bytes
  }
  bytes.writeBigUInt64BE(ip.value >> 64n, 8)
  bytes.writeBigUInt64BE(ip.value & 0xffffffffffffffffn, 16)
  bytes.writeUInt32LE(scope, 24)
  return bytes
}

/** null: none there, or of another family. */
export function parseSocketAddress(bytes: Buffer): SocketAddress | null {
  if (bytes.length < 2) return null
  const family = bytes.readUInt16LE(0)
  if (family === AF_INET && bytes.length >= 8) {
    const value = BigInt(bytes.readUInt32BE(4))
    return { family: 4, address: formatIp({ family: 'inet', value }), port: bytes.readUInt16BE(2) }
  }
  if (family !== AF_INET6 || bytes.length < inet6Size) return null
  const value = (bytes.readBigUInt64BE(8) << 64n) | bytes.readBigUInt64BE(16)
  const scope = bytes.readUInt32LE(24)
  return {
    family: 6,
    address: formatIp({ family: 'inet6', value }),
    port: bytes.readUInt16BE(2),
    ...(scope === 0 ? {} : { scope }),
  }
}
