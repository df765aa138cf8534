/** Control data as the kernel lays it out, and as nobody should: what a broken or hostile buffer holds must not be read. */
import { expect, test } from 'vitest'
import { errorReport, hopLimit, parseControl, receivedAt } from '../../../src/probe/socket/control.ts'

/** struct cmsghdr: length with header, level, type; data padded to 8 bytes. */
function cmsg(level: number, type: number, data: Buffer, length = 16 + data.length): Buffer {
  const header = Buffer.alloc(16)
  header.writeBigUInt64LE(BigInt(length), 0)
  header.writeInt32LE(level, 8)
  header.writeInt32LE(type, 12)
  return Buffer.concat([header, data, Buffer.alloc((8 - (data.length % 8)) % 8)])
}

/** struct sock_extended_err, then the sender as a struct sockaddr. */
function report(fields: {
  readonly errno: number
  readonly origin: number
  readonly type?: number
  readonly code?: number
  readonly info?: number
  readonly from?: string
}): Buffer {
  const { errno, origin, type = 0, code = 0, info = 0, from = '' } = fields
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(errno, 0)
  bytes.set([origin, type, code], 4)
  bytes.writeUInt32LE(info, 8)
  return Buffer.concat([bytes, Buffer.from(from, 'hex')])
}

const unreachable = {
  errno: 113,
  origin: 2,
  type: 3,
  code: 1,
  from: '02000000c00002010000000000000000',
} as const

test('who sent an ICMP error, its type and code, and the MTU it tells', () => {
  const [only, ...others] = parseControl(cmsg(0, 11, report(unreachable)))
  expect(others).toEqual([])
  expect(errorReport(only === undefined ? [] : [only])).toEqual({
    errno: 113,
    origin: 'icmp',
    type: 3,
    code: 1,
    info: 0,
    from: '192.0.2.1',
  })
  const six = '0a00000000000000fd00000000000000000000000000000100000000'
  const tooBig = { errno: 90, origin: 3, type: 2, code: 0, info: 1400, from: six }
  expect(errorReport(parseControl(cmsg(41, 25, report(tooBig))))).toMatchObject({
    origin: 'icmp6',
    info: 1400,
    from: 'fd00::1',
  })
})

test('what this kernel says itself has no sender: its address is of no family', () => {
  const local = report({ errno: 90, origin: 1, info: 1500, from: '0000' })
  expect(errorReport(parseControl(cmsg(0, 11, local)))).toMatchObject({
    origin: 'local',
    info: 1500,
    from: null,
  })
  expect(errorReport(parseControl(cmsg(0, 11, report({ errno: 0, origin: 4 }))))).toMatchObject({
    origin: 'other',
    from: null,
  })
})

test('time and TTL stand beside the report, in any order', () => {
  const time = Buffer.alloc(16)
  time.writeBigInt64LE(1_700_000_000n, 0)
  time.writeBigInt64LE(250_000n, 8)
  const ttl = Buffer.from([61, 0, 0, 0])
  const bytes = Buffer.concat([cmsg(0, 2, ttl), cmsg(1, 35, time), cmsg(0, 11, report(unreachable))])
  const control = parseControl(bytes)
  expect(control).toHaveLength(3)
  expect(receivedAt(control)).toBeCloseTo(1_700_000_000_000.25, 3)
  expect(hopLimit(control)).toBe(61)
  expect(hopLimit(parseControl(cmsg(41, 52, ttl)))).toBe(61)
  expect(errorReport(control)?.from).toBe('192.0.2.1')
})

test('what is cut off is left out, and what stands before it is kept', () => {
  const whole = Buffer.concat([cmsg(0, 2, Buffer.from([64, 0, 0, 0])), cmsg(0, 11, report(unreachable))])
  for (let length = 0; length <= whole.length; length++) {
    const control = parseControl(whole.subarray(0, length))
    expect(hopLimit(control)).toBe(length >= 20 ? 64 : null)
    expect(errorReport(control)?.from ?? null).toBe(length >= 24 + 16 + 32 ? '192.0.2.1' : null)
  }
})

test('lengths that lie end it: shorter than the header, longer than the buffer, larger than a number can be', () => {
  const data = Buffer.from([64, 0, 0, 0])
  for (const length of [0, 1, 15, 4096, 2 ** 40]) {
    expect(parseControl(cmsg(0, 2, data, length))).toEqual([])
  }
  const huge = cmsg(0, 2, data)
  huge.writeBigUInt64LE(0xffffffffffffffffn, 0)
  expect(parseControl(huge)).toEqual([])
  expect(parseControl(Buffer.alloc(0))).toEqual([])
})

test('data that is too short for its kind says nothing', () => {
  expect(errorReport(parseControl(cmsg(0, 11, Buffer.alloc(15))))).toBeNull()
  expect(errorReport(parseControl(cmsg(0, 11, report({ errno: 113, origin: 2 }))))).toMatchObject({
    from: null,
  })
  expect(receivedAt(parseControl(cmsg(1, 35, Buffer.alloc(15))))).toBeNull()
  expect(hopLimit(parseControl(cmsg(0, 2, Buffer.alloc(3))))).toBeNull()
  // Another level with the same number is another thing.
  expect(errorReport(parseControl(cmsg(1, 11, report(unreachable))))).toBeNull()
})
