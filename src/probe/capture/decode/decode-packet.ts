/** A packet as bytes → one line of words, and what follows it across links. Never throws, whatever the bytes are. */
import { cutOff, words, type Context, type Decoded } from './layer.ts'
import { ethernet, etherType } from './ethernet.ts'
import { ipv4 } from './ipv4.ts'
import { ipv6 } from './ipv6.ts'
import { macText } from './addresses.ts'

/** LINKTYPE_* of the pcap registry. */
const linkTypes = { null: 0, ethernet: 1, raw: 101, loop: 108, sll: 113, ipv4: 228, ipv6: 229, sll2: 276 }
/** OpenBSD's DLT_RAW and older ones, as they stand in files of other systems. */
const otherRaw = [12, 14]

export function decodePacket(bytes: Buffer, linkType: number, nameOf: Context['nameOf']): Decoded {
  const context: Context = { nameOf, depth: 0, inside: { ip: raw, ethernet } }
  switch (linkType) {
    case linkTypes.ethernet:
      return ethernet(bytes, context)
    case linkTypes.raw:
    case linkTypes.ipv4:
    case linkTypes.ipv6:
      return raw(bytes, context)
    case linkTypes.sll:
      return bytes.length < 16
        ? cutOff('cooked packet')
        : etherType(bytes.readUInt16BE(14), bytes.subarray(16), context, () => macText(bytes, 6))
    case linkTypes.sll2:
      return bytes.length < 20
        ? cutOff('cooked packet')
        : etherType(bytes.readUInt16BE(0), bytes.subarray(20), context, () => macText(bytes, 12))
    case linkTypes.null:
    case linkTypes.loop:
      // The protocol family of whoever captured it: in that host's own order, so the packet itself is asked.
      return bytes.length < 4 ? cutOff('loopback packet') : raw(bytes.subarray(4), context)
    default:
      return otherRaw.includes(linkType)
        ? raw(bytes, context)
        : words(`link type ${linkType}, length ${bytes.length}`)
  }
}

function raw(bytes: Buffer, context: Context): Decoded {
  if (bytes.length === 0) return cutOff('packet')
  const version = bytes.readUInt8(0) >> 4
  if (version === 4) return ipv4(bytes, context)
  if (version === 6) return ipv6(bytes, context)
  return words(`IP version ${version}, length ${bytes.length}`)
}
