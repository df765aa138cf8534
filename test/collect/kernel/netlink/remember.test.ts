import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, type Bytes } from '../../../../src/collect/kernel/netlink/bytes.ts'
import { remembered, sameAsLast } from '../../../../src/collect/kernel/netlink/remember.ts'

/** What a parser may say: an object that holds the message. */
const copied = (bytes: Bytes, start: number, end: number) => ({
  text: bytes.buffer.toString('hex', start, end),
})

test('the same bytes give the same object, wherever they stand', () => {
  const parse = remembered(copied, 16)
  const bytes = bytesOf(Buffer.from('aaaaaaaa0102030401020304', 'hex'))
  const first = parse(bytes, 4, 8)
  expect(first).toEqual({ text: '01020304' })
  expect(parse(bytes, 8, 12)).toBe(first)
  expect(parse(bytes, 0, 4)).not.toBe(first)
})

test('never gives an object of other bytes, however many share a place', () => {
  const message = fc.array(fc.constantFrom(0, 1, 255), { maxLength: 5 }).map((words) => {
    const buffer = Buffer.alloc(words.length * 4)
    for (const [at, word] of words.entries()) buffer[at * 4] = word
    return buffer
  })
  fc.assert(
    fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
      const parse = remembered(copied, 2)
      for (const buffer of messages) {
        expect(parse(bytesOf(buffer), 0, buffer.length)).toEqual({ text: buffer.toString('hex') })
      }
    }),
  )
})

test('reads long messages and cut ones each time', () => {
  const parse = remembered(copied, 16)
  const long = bytesOf(Buffer.alloc(512))
  expect(parse(long, 0, 260)).not.toBe(parse(long, 0, 260))
  expect(parse(long, 0, 7)).toEqual({ text: '00000000000000' })
  expect(parse(long, 0, 7)).not.toBe(parse(long, 0, 7))
})

test('keeps nothing that was broken or left out', () => {
  let answer: { readonly ok: true } | null = null
  const parse = remembered((bytes: Bytes) => {
    bytes.broken = answer !== null
    return answer
  }, 16)
  const bytes = bytesOf(Buffer.alloc(8))
  expect(parse(bytes, 0, 8)).toBeNull()
  const broken = { ok: true } as const
  answer = broken
  expect(parse(bytes, 0, 8)).toBe(broken)
  answer = { ok: true }
  expect(parse(bytes, 0, 8)).toBe(answer)
  expect(bytes.broken).toBe(true)
})

test('a list of the same objects as before is the list from before', () => {
  const parse = () => null
  const [a, b] = [{}, {}]
  const first = [a, b]
  expect(sameAsLast<object>(parse, first)).toBe(first)
  expect(sameAsLast<object>(parse, [a, b])).toBe(first)
  const other = [b, a]
  expect(sameAsLast<object>(parse, other)).toBe(other)
  expect(sameAsLast<object>(parse, [b])).toEqual([b])
  expect(sameAsLast<object>(() => null, [b])).not.toBe(other)
})
