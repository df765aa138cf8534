/** Messages written out as hex, with `//` comments: a source of bytes that shares nothing with our encoder. */
import { bytesOf, type Bytes } from '../../../../src/collect/kernel/netlink/bytes.ts'

export function fromHex(written: string): Buffer {
  const digits = written.replace(/\/\/.*$/gm, '').replace(/[^0-9a-f]/g, '')
  if (digits.length % 2 !== 0) throw new Error(`odd number of hex digits: ${written}`)
  return Buffer.from(digits, 'hex')
}

export type Parsed<T> = { readonly value: T | null; readonly broken: boolean }

/** Parses a message that is written without its nlmsghdr. */
export function parsed<T>(
  parse: (bytes: Bytes, start: number, end: number) => T | null,
  written: string | Uint8Array,
): Parsed<T> {
  const message = typeof written === 'string' ? fromHex(written) : Buffer.from(written)
  // As in the receive buffer, something stands before the message and the buffer may end with it.
  const bytes = bytesOf(Buffer.concat([Buffer.alloc(16, 0xee), message]))
  const value = parse(bytes, 16, 16 + message.length)
  return { value, broken: bytes.broken }
}
