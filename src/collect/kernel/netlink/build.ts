/** Writing netlink requests: fixed headers and attributes, padded as linux/netlink.h wants it. */

/** One attribute, padded to four bytes. A number becomes a native u32. */
export function attribute(type: number, value: number | string | Uint8Array): Buffer {
  const data = payloadOf(value)
  const whole = Buffer.alloc((4 + data.length + 3) & ~3)
  whole.writeUInt16LE(4 + data.length, 0)
  whole.writeUInt16LE(type, 2)
  whole.set(data, 4)
  return whole
}

/** Attributes within an attribute; NLA_F_NESTED (0x8000) is set, which newer kernels ask for. */
export function nested(type: number, ...inner: readonly Uint8Array[]): Buffer {
  return attribute(type | 0x8000, Buffer.concat(inner))
}

function payloadOf(value: number | string | Uint8Array): Uint8Array {
  if (typeof value === 'number') return int32(value)
  return typeof value === 'string' ? Buffer.from(`${value}\0`) : value
}

/** A native 32-bit integer, signed or unsigned. */
export function int32(value: number): Buffer {
  const data = Buffer.alloc(4)
  data.writeInt32LE(value | 0)
  return data
}

/** A fixed header of `size` bytes with single bytes set; most requests need only the family. */
export function header(size: number, set: Readonly<Record<number, number>> = {}): Buffer {
  const data = Buffer.alloc(size)
  for (const [at, value] of Object.entries(set)) data[Number(at)] = value
  return data
}
