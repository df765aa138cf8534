/** The envelope of netlink against a kernel of prepared datagrams (struct nlmsghdr, linux/netlink.h). */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeLibc } from '../fake-libc.ts'
import {
  describeNetlinkError,
  Netlink,
  NLM_F_ACK,
  type Parse,
} from '../../../../src/collect/kernel/netlink/socket.ts'
import { fromHex } from './hex.ts'

/** One datagram with the sequence number of the request, or an errno. */
type Reply = string | { readonly errno: string }

const multi = 0x02
const dumpInterrupted = 0x10
const capped = 0x100
const withText = 0x200

function socket(...replies: readonly Reply[]) {
  const queue = [...replies]
  const sent: Buffer[] = []
  let errno = ''
  const libc = fakeLibc({
    send: (_fd, data, length) => {
      sent.push(Buffer.from(data.slice(0, length)))
      return length
    },
    recv: (_fd, into) => {
      const reply = queue.shift()
      if (reply === undefined) throw new Error('the socket waits for ever')
      if (typeof reply !== 'string') {
        errno = reply.errno
        return -1
      }
      const sequence = sent.at(-1)?.subarray(8, 12).toString('hex') ?? ''
      const data = fromHex(reply.replaceAll('SEQ', sequence))
      into.set(data)
      return data.length
    },
    errno: () => errno,
  })
  return { netlink: new Netlink(libc, 3), sent, left: queue }
}

const hex16 = (value: number) => fromLittle(value, 2)
const hex32 = (value: number) => fromLittle(value, 4)
function fromLittle(value: number, size: number): string {
  const data = Buffer.alloc(size)
  for (let at = 0; at < size; at++) data[at] = (value >> (8 * at)) & 255
  return data.toString('hex')
}
function message(type: number, payload: string, flags = multi, sequence = 'SEQ'): string {
  const length = 16 + payload.replaceAll(' ', '').length / 2
  return `${hex32(length)}${hex16(type)}${hex16(flags)}${sequence}00000000${payload}`
}
const done = (code = 0, flags = multi) => message(3, hex32(code), flags)

const readWord: Parse<number> = (bytes, start) => bytes.view.getUint32(start, true)
const none = Buffer.alloc(0)
const EPERM = 1
const EBUSY = 16

test('a dump that comes in several datagrams, with several messages in each', () => {
  const { netlink, sent } = socket(
    message(16, '01000000') + message(16, '02000000'),
    message(16, '03000000') + done(),
  )
  expect(netlink.dump(18, fromHex('0a000000'), readWord)).toEqual({
    ok: true,
    values: [1, 2, 3],
    interrupted: false,
  })
  // length 20, type 18, NLM_F_REQUEST | NLM_F_DUMP, sequence 1, port 0
  expect(sent.map((each) => each.toString('hex'))).toEqual(['140000001200010301000000000000000a000000'])
})

test('an error in NLMSG_DONE is a refusal, not an empty table', () => {
  const { netlink } = socket(done(-EPERM))
  expect(netlink.dump(18, none, readWord)).toEqual({ ok: false, error: { errno: 'EPERM', says: null } })
})

test('NLMSG_ERROR brings errno and the kernel’s words', () => {
  // struct nlmsgerr { error, nlmsghdr of the request }, then NLMSGERR_ATTR_MSG "no"
  const echo = `${hex32(28)}1200010300000000 00000000`
  const { netlink } = socket(
    message(2, `${hex32(-EBUSY)} ${echo} 0700 0100 6e6f00 00`, capped | withText),
    // Not capped: the whole request of 28 bytes is echoed before the text.
    message(2, `${hex32(-EBUSY)} ${echo} aaaaaaaa bbbbbbbb cccccccc 0700 0100 6e6f00 00`, withText),
    message(2, `${hex32(-EBUSY)} ${echo}`),
    done(-EBUSY, multi | withText).replace(/^14/, '1c') + '0700 0100 6e6f00 00',
  )
  const refused = { ok: false, error: { errno: 'EBUSY', says: 'no' } }
  expect(netlink.dump(18, none, readWord)).toEqual(refused)
  expect(netlink.dump(18, none, readWord)).toEqual(refused)
  expect(netlink.dump(18, none, readWord)).toEqual({ ok: false, error: { errno: 'EBUSY', says: null } })
  expect(netlink.dump(18, none, readWord)).toEqual(refused)
})

test('an echo that claims more than there is brings no words and no harm', () => {
  const echo = `f0ffffff 1200010300000000 00000000`
  const { netlink } = socket(message(2, `${hex32(-EBUSY)} ${echo} 0700 0100 6e6f00 00`, withText))
  expect(netlink.dump(18, none, readWord)).toEqual({ ok: false, error: { errno: 'EBUSY', says: null } })
})

test('an interrupted dump is asked for again, and only the last answer counts', () => {
  const { netlink, sent } = socket(
    message(16, '01000000', multi | dumpInterrupted) + done(),
    message(16, '02000000') + message(16, '03000000') + done(),
  )
  expect(netlink.dump(18, none, readWord)).toEqual({ ok: true, values: [2, 3], interrupted: false })
  expect(sent).toHaveLength(2)
})

test('after three interrupted dumps the last one is given, marked', () => {
  const interrupted = message(16, '01000000') + done(0, multi | dumpInterrupted)
  const { netlink, sent } = socket(interrupted, interrupted, interrupted)
  expect(netlink.dump(18, none, readWord)).toEqual({ ok: true, values: [1], interrupted: true })
  expect(sent).toHaveLength(3)
})

test('answers to an earlier request are passed over', () => {
  const { netlink } = socket(message(16, '63000000', multi, '09000000') + message(16, '01000000') + done())
  expect(netlink.dump(18, none, readWord)).toMatchObject({ values: [1] })
})

test('a receive that a signal interrupts is repeated; other errors are told', () => {
  const { netlink } = socket(
    { errno: 'EINTR' },
    message(16, '01000000') + done(),
    { errno: 'ENOBUFS' },
    { errno: 'EAGAIN' },
  )
  expect(netlink.dump(18, none, readWord)).toMatchObject({ values: [1] })
  expect(netlink.dump(18, none, readWord)).toMatchObject({ error: { errno: 'ENOBUFS' } })
  expect(netlink.dump(18, none, readWord)).toMatchObject({ error: { errno: 'ETIMEDOUT' } })
})

test('a single request ends with its answer, or with the acknowledgement where one was asked for', () => {
  const acknowledgement = message(2, `00000000 ${hex32(20)}1200050000000000 00000000`, capped)
  const { netlink, sent, left } = socket(
    message(16, '01000000', 0),
    message(16, '02000000', 0),
    acknowledgement,
  )
  expect(netlink.request(90, 0, none, readWord)).toMatchObject({ ok: true, values: [1] })
  expect(netlink.request(90, NLM_F_ACK, none, readWord)).toMatchObject({ ok: true, values: [2] })
  expect(left).toHaveLength(0)
  expect(sent[1]?.readUInt16LE(6)).toBe(5)
})

test('a malformed message is a failure, after the dump was read to its end', () => {
  const { netlink, left } = socket(
    message(16, '01000000'),
    message(16, '02000000') + done(),
    message(16, '05000000') + done(),
  )
  const broken: Parse<number> = (bytes) => {
    bytes.broken = true
    return 0
  }
  expect(netlink.dump(18, none, broken)).toMatchObject({ ok: false, error: { errno: 'EBADMSG' } })
  expect(left).toHaveLength(1)
  expect(netlink.dump(18, none, readWord)).toMatchObject({ values: [5] })
})

test.each([
  ['shorter than a header', '08000000 1000 0200 SEQ 00000000'],
  ['longer than what came', 'ff000000 1000 0200 SEQ 00000000'],
])('a message length %s is a failure', (_, datagram) => {
  const { netlink } = socket(datagram)
  expect(netlink.dump(18, none, readWord)).toMatchObject({ ok: false, error: { errno: 'EBADMSG' } })
})

test('random datagrams never throw or loop', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
      const { netlink } = socket(Buffer.from(data).toString('hex'), done())
      expect(netlink.dump(18, none, () => 1)).toHaveProperty('ok')
    }),
  )
})

test('a request within the reading of another one is a bug that shows', () => {
  const { netlink } = socket(message(16, '01000000') + done())
  expect(() => netlink.dump(18, none, () => netlink.dump(18, none, readWord).ok)).toThrow(/while/)
})

test('errors in a person’s words', () => {
  expect(describeNetlinkError({ errno: 'EPERM', says: null })).toBe('permission denied (EPERM)')
  expect(describeNetlinkError({ errno: 'EINVAL', says: 'Invalid mask' })).toBe('Invalid mask (EINVAL)')
  expect(describeNetlinkError({ errno: 'EBUSY', says: null })).toBe('EBUSY')
})
