/**
 * Reading netlink messages in place: nothing is copied and nothing is allocated for an attribute. The layout is
 * that of linux/netlink.h, in the machine's (little-endian, see libc.ts) byte order.
 *
 * What comes in is trusted no further than its length: a read that would leave its attribute gives 0 or null
 * and marks the message as broken; whoever asked looks at `broken` once, when the message is parsed.
 */

export type Bytes = {
  readonly buffer: Buffer
  readonly view: DataView
  /** A length in the message contradicts another one, or an attribute is shorter than its value. */
  broken: boolean
}

/** Where the attributes of one level lie, by type: like the kernel's `tb[]`. Reused for every message. */
export type Attributes = {
  /** Offset of the payload; 0 where the attribute is not there. */
  readonly at: Int32Array
  readonly length: Int32Array
}

/** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER, which older kernels set and others do not. */
const typeMask = 0x3fff
const headerLength = 4

export function bytesOf(buffer: Buffer): Bytes {
  return { buffer, view: new DataView(buffer.buffer, buffer.byteOffset, buffer.length), broken: false }
}

/** Room for attribute types up to `max`; higher ones, which newer kernels may send, are passed over. */
export function attributes(max: number): Attributes {
  return { at: new Int32Array(max + 1), length: new Int32Array(max + 1) }
}

/** Finds the attributes between two offsets. Of several with one type the last one stays, as in the kernel. */
export function walk(bytes: Bytes, start: number, end: number, into: Attributes): void {
  const { view } = bytes
  const { at: offsets, length: lengths } = into
  offsets.fill(0)
  for (let at = start; at < end;) {
    const step = attributeStep(bytes, at, end)
    if (step === 0) return
    const type = view.getUint16(at + 2, true) & typeMask
    if (type < offsets.length) {
      offsets[type] = at + headerLength
      lengths[type] = view.getUint16(at, true) - headerLength
    }
    at += step
  }
}

/** Looks into a nested attribute; all of `into` is absent where the attribute is. */
export function walkNested(bytes: Bytes, of: Attributes, type: number, into: Attributes): void {
  const start = offsetOf(of, type)
  walk(bytes, start, start === 0 ? 0 : start + lengthOf(of, type), into)
}

/**
 * How far it is from the attribute at `at` to the next one; 0 (and broken) where its length is impossible.
 * For lists in which one type comes several times:
 * `for (let at = start; at < end; ) { const step = attributeStep(bytes, at, end); if (step === 0) break; …; at += step }`
 */
export function attributeStep(bytes: Bytes, at: number, end: number): number {
  const length = at + headerLength <= end ? bytes.view.getUint16(at, true) : 0
  if (length < headerLength || at + length > end) {
    bytes.broken = true
    return 0
  }
  return (length + 3) & ~3
}

export function attributeType(bytes: Bytes, at: number): number {
  return bytes.view.getUint16(at + 2, true) & typeMask
}

/** Offset behind the payload of the attribute at `at`. */
export function attributeEnd(bytes: Bytes, at: number): number {
  return at + bytes.view.getUint16(at, true)
}

export function has(of: Attributes, type: number): boolean {
  return offsetOf(of, type) !== 0
}

export function offsetOf(of: Attributes, type: number): number {
  return of.at[type] ?? 0
}

export function lengthOf(of: Attributes, type: number): number {
  return of.length[type] ?? 0
}

/** Offset of a payload that has at least `size` bytes; 0 where it is absent, or too short (broken). */
export function payload(bytes: Bytes, of: Attributes, type: number, size: number): number {
  const at = offsetOf(of, type)
  if (at === 0) return 0
  if (lengthOf(of, type) < size) {
    bytes.broken = true
    return 0
  }
  return at
}

export function u8(bytes: Bytes, of: Attributes, type: number): number | null {
  const at = payload(bytes, of, type, 1)
  return at === 0 ? null : bytes.view.getUint8(at)
}

export function u16(bytes: Bytes, of: Attributes, type: number): number | null {
  const at = payload(bytes, of, type, 2)
  return at === 0 ? null : bytes.view.getUint16(at, true)
}

/** Network byte order: ports, ethernet protocols. */
export function be16(bytes: Bytes, of: Attributes, type: number): number | null {
  const at = payload(bytes, of, type, 2)
  return at === 0 ? null : bytes.view.getUint16(at)
}

export function u32(bytes: Bytes, of: Attributes, type: number): number | null {
  const at = payload(bytes, of, type, 4)
  return at === 0 ? null : bytes.view.getUint32(at, true)
}

export function be32(bytes: Bytes, of: Attributes, type: number): number | null {
  const at = payload(bytes, of, type, 4)
  return at === 0 ? null : bytes.view.getUint32(at)
}

export function s32(bytes: Bytes, of: Attributes, type: number): number | null {
  const at = payload(bytes, of, type, 4)
  return at === 0 ? null : bytes.view.getInt32(at, true)
}

/** A u64 as a number: exact up to 2^53, which counters of bytes reach after 285 years at 1 MB/s. */
export function u64At(bytes: Bytes, at: number): number {
  return bytes.view.getUint32(at + 4, true) * 4294967296 + bytes.view.getUint32(at, true)
}

/** A u8 that means yes or no; `absent` where the kernel does not send it. */
export function flag(bytes: Bytes, of: Attributes, type: number, absent = false): boolean {
  const value = u8(bytes, of, type)
  return value === null ? absent : value !== 0
}

/** A string up to its NUL. Bytes that are not UTF-8 become U+FFFD, as they do in the output of `ip`. */
export function text(bytes: Bytes, of: Attributes, type: number): string | null {
  const at = offsetOf(of, type)
  return at === 0 ? null : textAt(bytes, at, lengthOf(of, type))
}

/**
 * Names that come again and again (eth0, veth, noqueue) are found by a hash of their bytes instead of being
 * decoded: it is faster, and 1,000 namespaces share one string.
 */
const interned: (string | undefined)[] = Array.from({ length: 4096 })

export function textAt(bytes: Bytes, at: number, length: number): string {
  const { view } = bytes
  let end = at
  let hash = 0
  let ascii = true
  for (const limit = at + length; end < limit; end++) {
    const byte = view.getUint8(end)
    if (byte === 0) break
    if (byte >= 0x80) ascii = false
    hash = (hash * 31 + byte) | 0
  }
  if (!ascii || end - at > 20) return bytes.buffer.toString('utf8', at, end)
  const slot = (hash ^ (hash >>> 12)) & 4095
  const candidate = interned[slot]
  if (candidate !== undefined && isAt(view, at, end, candidate)) return candidate
  const decoded = bytes.buffer.toString('latin1', at, end)
  interned[slot] = decoded
  return decoded
}

function isAt(view: DataView, at: number, end: number, candidate: string): boolean {
  if (candidate.length !== end - at) return false
  for (let index = 0; index < candidate.length; index++) {
    if (candidate.charCodeAt(index) !== view.getUint8(at + index)) return false
  }
  return true
}
