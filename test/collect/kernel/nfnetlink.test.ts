/** Messages of nf_tables and ip_set spelled out from linux/netfilter/nf_tables.h and ipset/ip_set.h. */
import { expect, test } from 'vitest'
import {
  ipsetNames,
  nftChains,
  nftGeneration,
  nftRuleHandles,
  nftTables,
} from '../../../src/collect/kernel/nfnetlink.ts'
import { Netlink } from '../../../src/collect/kernel/netlink/socket.ts'
import { fakeLibc } from './fake-libc.ts'

const DUMP = 0x301
const DONE = 3
const ERROR = 2

type Message = { readonly type: number; readonly family?: number; readonly parts: readonly Buffer[] }

/** A kernel that answers one request with these messages, and then, if it was a dump, with `code`. */
function kernel(messages: readonly Message[], code = 0) {
  const asked: { type: number; flags: number; payload: Buffer }[] = []
  let sequence = 0
  const libc = fakeLibc({
    send: (_fd, data, length) => {
      const request = Buffer.from(data.slice(0, length))
      sequence = request.readUInt32LE(8)
      asked.push({
        type: request.readUInt16LE(4),
        flags: request.readUInt16LE(6),
        payload: request.subarray(16),
      })
      return length
    },
    recv: (_fd, into) => {
      const word = Buffer.alloc(4)
      word.writeInt32LE(code)
      const isDump = asked.at(-1)?.flags === DUMP
      const end = isDump ? [framed(DONE, word)] : code === 0 ? [] : [framed(ERROR, word)]
      const all = Buffer.concat([
        ...messages.map(({ type, family, parts }) =>
          framed(type, Buffer.concat([Buffer.from([family ?? 0, 0, 0, 0]), ...parts])),
        ),
        ...end,
      ])
      into.set(all)
      return all.length
    },
    errno: () => '',
  })
  function framed(type: number, payload: Buffer): Buffer {
    const header = Buffer.alloc(16)
    header.writeUInt32LE(16 + payload.length, 0)
    header.writeUInt16LE(type, 4)
    header.writeUInt16LE(2, 6)
    header.writeUInt32LE(sequence, 8)
    return Buffer.concat([header, payload, Buffer.alloc(-payload.length & 3)])
  }
  return { socket: new Netlink(libc, 3), asked }
}

function attribute(type: number, data: Buffer | string): Buffer {
  const value = typeof data === 'string' ? Buffer.from(`${data}\0`) : data
  const header = Buffer.alloc(4)
  header.writeUInt16LE(4 + value.length, 0)
  header.writeUInt16LE(type, 2)
  return Buffer.concat([header, value, Buffer.alloc(-value.length & 3)])
}

const be32 = (value: number) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex')
const be64 = (value: number) => Buffer.from(value.toString(16).padStart(16, '0'), 'hex')

test('the generation', () => {
  const { socket, asked } = kernel([{ type: 0xa0f, parts: [attribute(1, be32(0x01020304))] }])
  expect(nftGeneration(socket)).toBe(0x01020304)
  expect(asked[0]?.type).toBe(0xa10)
  expect(nftGeneration(kernel([], -1).socket)).toMatchObject({ errno: 'EPERM' })
})

test('tables, with flags; families that nft has no word for are left out', () => {
  const table = (family: number, name: string, flags: number) => ({
    type: 0xa00,
    family,
    parts: [attribute(1, name), attribute(2, be32(flags)), attribute(4, be64(2 ** 33 + 5))],
  })
  const { socket, asked } = kernel([table(2, 'nat', 0), table(1, 'firewalld', 3), table(40, 'x', 0)])
  expect(nftTables(socket)).toMatchObject({
    ok: true,
    values: [
      { family: 'ip', name: 'nat', handle: 2 ** 33 + 5, flags: [] },
      { family: 'inet', name: 'firewalld', flags: ['dormant', 'owner'] },
    ],
  })
  expect([asked[0]?.type, asked[0]?.flags]).toEqual([0xa01, DUMP])
})

test('a refused dump is no empty table', () => {
  expect(nftTables(kernel([], -1).socket)).toMatchObject({ ok: false, error: { errno: 'EPERM' } })
})

test('chains: how often they are used, and on which devices', () => {
  const chain = (name: string, hook: readonly Buffer[]) => ({
    type: 0xa03,
    family: 5,
    parts: [
      attribute(1, 'edge'),
      attribute(2, be64(4)),
      attribute(3, name),
      attribute(0x8004, Buffer.concat(hook)),
      attribute(6, be32(7)),
    ],
  })
  const list = attribute(0x8004, Buffer.concat([attribute(1, 'v0'), attribute(1, 'v1'), attribute(2, 'eth')]))
  const { socket } = kernel([
    chain('one', [attribute(1, be32(0)), attribute(3, 'v0')]),
    chain('more', [attribute(3, 'v0'), list]),
    chain('none', []),
  ])
  const common = { family: 'netdev', table: 'edge', handle: 4, use: 7 }
  expect(nftChains(socket)).toMatchObject({
    ok: true,
    values: [
      { ...common, name: 'one', devices: ['v0'] },
      { ...common, name: 'more', devices: ['v0', 'v1', 'eth*'] },
      { ...common, name: 'none', devices: [] },
    ],
  })
})

test('handles of one chain, also where the kernel does not filter', () => {
  const rule = (family: number, table: string, chain: string, handle: number) => ({
    type: 0xa06,
    family,
    parts: [attribute(1, table), attribute(2, chain), attribute(3, be64(handle))],
  })
  const { socket, asked } = kernel([
    rule(10, 'nat', 'DOCKER', 9),
    rule(10, 'nat', 'DOCKER', 5),
    rule(10, 'nat', 'OUTPUT', 6),
    rule(2, 'nat', 'DOCKER', 7),
    rule(10, 'raw', 'DOCKER', 8),
  ])
  expect(nftRuleHandles(socket, { family: 'ip6', table: 'nat', name: 'DOCKER' })).toMatchObject({
    ok: true,
    values: [9, 5],
  })
  expect(asked[0]).toMatchObject({ type: 0xa07, flags: DUMP })
  const payload = Buffer.concat([Buffer.from([10, 0, 0, 0]), attribute(1, 'nat'), attribute(2, 'DOCKER')])
  expect(asked[0]?.payload).toEqual(payload)
})

test('names of ipsets', () => {
  const { socket, asked } = kernel([
    { type: 0x607, parts: [attribute(1, Buffer.from([6])), attribute(2, 'peers')] },
    { type: 0x607, parts: [attribute(2, 'admins')] },
  ])
  expect(ipsetNames(socket)).toMatchObject({ ok: true, values: ['peers', 'admins'] })
  expect(asked[0]?.type).toBe(0x607)
})

test('a message that is cut is told, not guessed', () => {
  const cut = Buffer.from([20, 0, 1, 0, 0x6e])
  expect(nftTables(kernel([{ type: 0xa00, family: 2, parts: [cut] }]).socket)).toMatchObject({
    ok: false,
    error: { errno: 'EBADMSG' },
  })
})
