/** Echo messages byte for byte, and that only whole answers of the right kind are taken for answers. */
import { expect, test } from 'vitest'
import { echoRequest, parseEchoReply, parseQuotedEcho } from '../../../src/probe/ping/echo.ts'

const echo = { id: 0x1234, seq: 7, data: Buffer.from('abcdefg') }

/** The ones' complement sum over a message with a right checksum is all ones (RFC 1071). */
function sumOf(bytes: Buffer): number {
  const padded = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)])
  let sum = 0
  for (let at = 0; at < padded.length; at += 2) sum += padded.readUInt16BE(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return sum
}

function ipv4(options: { readonly ttl: number; readonly words?: number; readonly payload: Buffer }): Buffer {
  const { ttl, words = 5, payload } = options
  const header = Buffer.alloc(words * 4)
  header.writeUInt8(0x40 | words, 0)
  header.writeUInt8(ttl, 8)
  return Buffer.concat([header, payload])
}

const reply = (type: number, code = 0): Buffer =>
  Buffer.concat([Buffer.from([type, code, 0, 0, 0x12, 0x34, 0, 7]), echo.data])

test('a request: type, id, number, payload, and a right checksum for any length', () => {
  expect(echoRequest(4, echo).toString('hex')).toMatch(/^0800....1234000761626364656667$/)
  for (const size of [0, 1, 2, 55, 56, 1472, 65_507]) {
    const data = Buffer.alloc(size, 0xfe)
    expect(sumOf(echoRequest(4, { id: 0xffff, seq: 0xffff, data }))).toBe(0xffff)
  }
  // The kernel sums up ICMPv6.
  expect(echoRequest(6, echo).toString('hex')).toBe('800000001234000761626364656667')
})

test('an answer of IPv4 stands behind its IP header, also one with options', () => {
  for (const words of [5, 6, 15]) {
    expect(parseEchoReply(4, ipv4({ ttl: 61, words, payload: reply(0) }))).toEqual({ ...echo, ttl: 61 })
  }
  expect(parseEchoReply(6, reply(129))).toEqual({ ...echo, ttl: null })
})

test('what is no answer: requests, errors, another code, of the other family, cut off', () => {
  for (const payload of [reply(8), reply(3), reply(0, 1), reply(129)]) {
    expect(parseEchoReply(4, ipv4({ ttl: 64, payload }))).toBeNull()
  }
  expect(parseEchoReply(6, reply(128))).toBeNull()
  expect(parseEchoReply(6, reply(0))).toBeNull()
  const whole = ipv4({ ttl: 64, payload: reply(0) })
  for (let length = 0; length < 28; length++) expect(parseEchoReply(4, whole.subarray(0, length))).toBeNull()
  // A header that claims to be longer than all that came.
  expect(parseEchoReply(4, Buffer.concat([Buffer.from([0x4f]), Buffer.alloc(30)]))).toBeNull()
})

test('what an error quotes may be eight bytes long', () => {
  const request = echoRequest(4, echo)
  expect(parseQuotedEcho(4, request.subarray(0, 8))).toEqual({ ...echo, data: Buffer.alloc(0) })
  expect(parseQuotedEcho(4, request.subarray(0, 7))).toBeNull()
  expect(parseQuotedEcho(4, reply(0))).toBeNull()
  expect(parseQuotedEcho(6, echoRequest(6, echo))).toEqual(echo)
})
