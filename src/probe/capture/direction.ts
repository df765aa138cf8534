/** Which way a packet goes on a link. tcpdump does not tell it of one link; hardware addresses do, mostly. */
import { macText } from './decode/addresses.ts'

export type Direction = 'in' | 'out' | null

type Ends = { readonly lladdr?: string | null; readonly peerLladdr?: string | null }

const ethernet = 1
const cooked = 113
const cooked2 = 276

/** Seen from the namespace of the link: `out` leaves it by this link. null: it cannot be told. */
export function directionOf(bytes: Buffer, linkType: number, { lladdr, peerLladdr }: Ends): Direction {
  // PACKET_OUTGOING is 4, PACKET_OTHERHOST 3 (linux/if_packet.h).
  if (linkType === cooked) return bytes.length < 2 ? null : ofType(bytes.readUInt16BE(0))
  if (linkType === cooked2) return bytes.length < 11 ? null : ofType(bytes.readUInt8(10))
  if (linkType !== ethernet || bytes.length < 14) return null
  const [to, from] = [macText(bytes, 0), macText(bytes, 6)]
  if (from === lladdr) return 'out'
  if (from === peerLladdr || to === lladdr) return 'in'
  if (to === peerLladdr) return 'out'
  const isGroup = (bytes.readUInt8(0) & 1) === 1
  // On one end of a pair it may come from either side, where a bridge is.
  return isGroup && (peerLladdr ?? null) === null && (lladdr ?? null) !== null ? 'in' : null
}

function ofType(type: number): Direction {
  return type === 4 ? 'out' : type < 3 ? 'in' : null
}
