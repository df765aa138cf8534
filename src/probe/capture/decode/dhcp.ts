/** RFC 2131, in short: what it is, for which hardware address, which address it is about. */
import { ipv4Text, macText } from './addresses.ts'

const cookie = 0x63825363
const kinds = ['', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'] as const

export function dhcp(bytes: Buffer): string | null {
  if (bytes.length < 44) return null
  const operation = bytes.readUInt8(0)
  if (operation !== 1 && operation !== 2) return null
  const kind = bytes.length >= 244 && bytes.readUInt32BE(236) === cookie ? messageType(bytes) : null
  const [own, given] = [ipv4Text(bytes, 12), ipv4Text(bytes, 16)]
  const address = given === '0.0.0.0' ? own : given
  const about = address === '0.0.0.0' ? '' : `, ${address}`
  const name = kind === null ? (operation === 1 ? 'request' : 'reply') : (kinds[kind] ?? `type ${kind}`)
  return `${kind === null ? 'BOOTP' : 'DHCP'} ${name} for ${macText(bytes, 28)}${about}`
}

/** Option 53. */
function messageType(bytes: Buffer): number | null {
  for (let at = 240; at + 2 < bytes.length;) {
    const code = bytes.readUInt8(at)
    if (code === 255) return null
    if (code === 0) {
      at += 1
      continue
    }
    if (code === 53) return bytes.readUInt8(at + 2)
    at += 2 + bytes.readUInt8(at + 1)
  }
  return null
}
