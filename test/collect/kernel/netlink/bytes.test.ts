import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  attributes,
  be16,
  be32,
  bytesOf,
  flag,
  has,
  s32,
  text,
  textAt,
  u16,
  u32,
  u64At,
  u8,
  walk,
  walkNested,
} from '../../../../src/collect/kernel/netlink/bytes.ts'
import { attribute, header, int32, nested } from '../../../../src/collect/kernel/netlink/build.ts'
import { fromHex } from './hex.ts'

const table = attributes(8)
const inner = attributes(8)

function walked(written: string) {
  const bytes = bytesOf(fromHex(`eeeeeeee ${written}`))
  walk(bytes, 4, bytes.buffer.length, table)
  return bytes
}

test('values of all widths, both byte orders', () => {
  const bytes = walked(`
    0500 0100 ff000000
    0600 0200 3412 0000
    0600 0300 1234 0000
    0800 0400 feffffff
    0800 0500 00000001
    0900 0600 6574683000 000000`)
  expect(bytes.broken).toBe(false)
  expect(u8(bytes, table, 1)).toBe(255)
  expect(u16(bytes, table, 2)).toBe(0x1234)
  expect(be16(bytes, table, 3)).toBe(0x1234)
  expect(s32(bytes, table, 4)).toBe(-2)
  expect(u32(bytes, table, 4)).toBe(4294967294)
  expect(be32(bytes, table, 5)).toBe(1)
  expect(text(bytes, table, 6)).toBe('eth0')
  expect(has(table, 7)).toBe(false)
  expect(u32(bytes, table, 7)).toBeNull()
  expect(flag(bytes, table, 7, true)).toBe(true)
  expect(bytes.broken).toBe(false)
})

test('flags in the type word are ignored, unknown types passed over', () => {
  // NLA_F_NESTED on type 1; type 999; then type 2.
  const bytes = walked('0c00 0180 0800 0300 07000000  0800 e703 01020304  0800 0200 09000000')
  walkNested(bytes, table, 1, inner)
  expect(u32(bytes, inner, 3)).toBe(7)
  expect(u32(bytes, table, 2)).toBe(9)
  walkNested(bytes, table, 5, inner)
  expect(has(inner, 3)).toBe(false)
  expect(bytes.broken).toBe(false)
})

test.each([
  ['length 0', '0000 0100 00000000'],
  ['length 3', '0300 0100 00000000'],
  ['past the end', '0900 0100 00000000'],
  ['a header that is cut off', '0800 0100 01000000 0800'],
])('%s breaks the message instead of looping', (_, written) => {
  expect(walked(written).broken).toBe(true)
})

test('a value that is shorter than its type breaks the message', () => {
  const bytes = walked('0600 0100 0100 0000')
  expect(u32(bytes, table, 1)).toBeNull()
  expect(bytes.broken).toBe(true)
})

test('64-bit counters', () => {
  expect(u64At(bytesOf(fromHex('ffffffff ffff1f00')), 0)).toBe(Number.MAX_SAFE_INTEGER)
  expect(u64At(bytesOf(fromHex('00000000 01000000')), 0)).toBe(4294967296)
})

test('text is decoded right whatever was seen before', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('eth0', 'eth1', 'lo', '', 'žluť', 'ab', 'ba'),
  )
  fc.assert(
    fc.property(name, (value) => {
      const clean = value.replaceAll('\0', '')
      const buffer = Buffer.from(`${clean}\0rest`)
      expect(textAt(bytesOf(buffer), 0, buffer.length)).toBe(buffer.toString().split('\0')[0])
    }),
    { numRuns: 2000 },
  )
})

test('bytes that are not UTF-8 become U+FFFD', () => {
  const buffer = fromHex('61 9b 62 00')
  expect(textAt(bytesOf(buffer), 0, 4)).toBe('a\ufffdb')
})

test('requests are written as linux/netlink.h has it', () => {
  expect(attribute(3, 'eth0').toString('hex')).toBe('090003006574683000000000')
  expect(attribute(1, 7).toString('hex')).toBe('0800010007000000')
  expect(attribute(1, Buffer.from([1])).toString('hex')).toBe('0500010001000000')
  expect(nested(18, attribute(1, 7)).toString('hex')).toBe('0c0012800800010007000000')
  expect(int32(-1).toString('hex')).toBe('ffffffff')
  expect(header(8, { 0: 7 }).toString('hex')).toBe('0700000000000000')
})
