/** Domain names as bytes and as text (RFC 1035 3.1, 4.1.4, 5.1). What a server sends is hostile until it was read. */

const longestLabel = 63
const longestName = 255
/** A pointer is told by its two highest bits. */
const pointer = 0xc0
/** More than any name of 255 bytes can need. */
const mostPointers = 128

/** null: it cannot be one: an empty label, or too long. A dot at the end makes no difference. */
export function encodeName(name: string): Buffer | null {
  const plain = name.endsWith('.') ? name.slice(0, -1) : name
  if (plain === '') return Buffer.from([0])
  const labels = plain.split('.').map((label) => Buffer.from(label, 'utf8'))
  if (labels.some(({ length }) => length === 0 || length > longestLabel)) return null
  const bytes = Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), label]),
    Buffer.from([0]),
  ])
  return bytes.length > longestName ? null : bytes
}

export type ReadName = {
  /** Without a dot at its end; the root is `.`. Bytes that are no plain characters are `\ddd`. */
  readonly name: string
  /** Where what follows begins. */
  readonly next: number
}

/** null: it leads out of the message, into a circle, or is too long. */
export function readName(message: Buffer, start: number): ReadName | null {
  const labels: string[] = []
  let at = start
  let next: number | null = null
  let length = 0
  for (let pointers = 0; ;) {
    if (at >= message.length) return null
    const first = message.readUInt8(at)
    if ((first & pointer) === pointer) {
      if (at + 2 > message.length || ++pointers > mostPointers) return null
      next ??= at + 2
      at = message.readUInt16BE(at) & 0x3fff
      continue
    }
    // 01 and 10 are no kinds of label that anybody uses (RFC 6891 5).
    if (first > longestLabel || at + 1 + first > message.length) return null
    length += 1 + first
    if (length > longestName) return null
    if (first === 0) return { name: labels.length === 0 ? '.' : labels.join('.'), next: next ?? at + 1 }
    labels.push(labelText(message.subarray(at + 1, at + 1 + first)))
    at += 1 + first
  }
}

function labelText(label: Buffer): string {
  return Array.from(label, (byte) => {
    const character = String.fromCharCode(byte)
    if (character === '.' || character === '\\') return `\\${character}`
    return byte > 0x20 && byte < 0x7f ? character : `\\${String(byte).padStart(3, '0')}`
  }).join('')
}

/** Names are the same whatever the case of their letters (RFC 4343). */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
