/** Which answers of the kernel make which tables; the bytes are in netlink/*.test.ts. */
import { expect, test } from 'vitest'
import { Netlink } from '../../../src/collect/kernel/netlink/socket.ts'
import { readTables } from '../../../src/collect/kernel/read-tables.ts'
import { fakeLibc } from './fake-libc.ts'
import { fromHex } from './netlink/hex.ts'

const RTM_GETLINK = 18
const RTM_GETROUTE = 26
const RTM_GETNEIGH = 30
const RTM_GETMDB = 86
const RTM_GETNEXTHOP = 106
const EPERM = 1
const EOPNOTSUPP = 95

type Question = { readonly type: number; readonly family: number }

/** A kernel that answers each dump with the given messages (without nlmsghdr), or refuses it. */
function kernel(answers: (question: Question) => readonly string[] | number) {
  const asked: Question[] = []
  let reply = Buffer.alloc(0)
  const libc = fakeLibc({
    send: (_fd, data, length) => {
      const request = Buffer.from(data.slice(0, length))
      const question = { type: request.readUInt16LE(4), family: request[16] ?? 0 }
      asked.push(question)
      const answer = answers(question)
      const sequence = request.readUInt32LE(8)
      const messages =
        typeof answer === 'number' ? [] : answer.map((each) => envelope(16, fromHex(each), sequence))
      const done = Buffer.alloc(4)
      done.writeInt32LE(typeof answer === 'number' ? -answer : 0)
      reply = Buffer.concat([...messages, envelope(3, done, sequence)])
      return length
    },
    recv: (_fd, into) => {
      into.set(reply)
      return reply.length
    },
    getsockopt: () => -1,
    errno: () => 'ENOPROTOOPT',
  })
  return { netlink: new Netlink(libc, 3), asked }
}

function envelope(type: number, payload: Buffer, sequence: number): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32LE(16 + payload.length, 0)
  head.writeUInt16LE(type, 4)
  head.writeUInt16LE(2, 6)
  head.writeUInt32LE(sequence, 8)
  return Buffer.concat([head, payload])
}

/** ifinfomsg, IFLA_IFNAME "br0", and a bridge with or without IFLA_BR_VLAN_DEFAULT_PVID. */
const bridge = (pvid: string, info: string, data: string) =>
  `00 00 0100 04000000 43100100 00000000  0800 0300 62723000  ${info} 1200 0b00 0100 62726964676500 00 ${data} 0200 ${pvid}`
const filtering = bridge('0600 2700 0100 0000', '1c00', '0c00')
const withoutFiltering = bridge('', '1400', '0400')
/** A port of ifindex 5: IFLA_MASTER 4, IFLA_INFO_SLAVE_KIND "bridge", empty IFLA_INFO_SLAVE_DATA. */
const port = `00 00 0100 05000000 43100100 00000000  0800 0a00 04000000
  1400 1200 0b00 0400 62726964676500 00 0400 0500`

test('a refused dump makes that table unknown, and no other', () => {
  const { netlink } = kernel(({ type }) => (type === RTM_GETROUTE ? EPERM : []))
  const { tables, cookie } = readTables(netlink)
  expect(tables.routes).toEqual({ unknown: 'permission denied (EPERM)' })
  expect(tables.links).toEqual([])
  expect(tables.addresses).toEqual([])
  expect(cookie).toBeNull()
})

test('one half of the neighbours is not all of them', () => {
  const { netlink } = kernel(({ type, family }) => (type === RTM_GETNEIGH && family === 0 ? EPERM : []))
  const { tables } = readTables(netlink)
  expect(tables.neighbours).toEqual({ unknown: 'permission denied (EPERM)' })
  expect(tables.fdb).toEqual([])
})

test('a kernel that does not know a table has nothing in it; a refusal of a known one stays unknown', () => {
  expect(
    readTables(kernel(({ type }) => (type === RTM_GETNEXTHOP ? EOPNOTSUPP : [])).netlink).tables,
  ).toMatchObject({ nexthopObjects: [] })
  expect(
    readTables(kernel(({ type }) => (type === RTM_GETLINK ? EOPNOTSUPP : [])).netlink).tables.links,
  ).toEqual({
    unknown: 'this kernel does not support it (EOPNOTSUPP)',
  })
})

test('multicast groups are asked for only where something can have them, or nobody knows', () => {
  const asksForGroups = (links: readonly string[] | number) => {
    const { netlink, asked } = kernel(({ type }) => (type === RTM_GETLINK ? links : []))
    readTables(netlink)
    return asked.some(({ type }) => type === RTM_GETMDB)
  }
  expect(asksForGroups([])).toBe(false)
  expect(asksForGroups([withoutFiltering])).toBe(true)
  expect(asksForGroups(EPERM)).toBe(true)
})

test('VLANs of ports come from a dump of their own', () => {
  // ifinfomsg of AF_BRIDGE, IFLA_AF_SPEC { IFLA_BRIDGE_VLAN_INFO PVID untagged 1 }
  const vlans = '07 00 0100 05000000 43100100 00000000  0c00 1a00 0800 0200 0600 0100'
  const { netlink } = kernel(({ type, family }) => {
    if (type !== RTM_GETLINK) return []
    return family === 7 ? [vlans] : [filtering, port]
  })
  const links = readTables(netlink).tables.links
  expect(links).toMatchObject([
    { name: 'br0', port: null },
    { ifindex: 5, port: { vlans: [{ vid: 1, pvid: true, untagged: true }] } },
  ])
})

test('a refusal of that dump is told at the port; a kernel without VLAN filtering is not asked', () => {
  const refusing = kernel(({ type, family }) => {
    if (type !== RTM_GETLINK) return []
    return family === 7 ? EPERM : [filtering, port]
  })
  expect(readTables(refusing.netlink).tables.links).toMatchObject([
    {},
    { port: { vlans: { unknown: 'permission denied (EPERM)' } } },
  ])
  const without = kernel(({ type }) => (type === RTM_GETLINK ? [withoutFiltering, port] : []))
  expect(readTables(without.netlink).tables.links).toMatchObject([{}, { port: { vlans: [] } }])
  expect(without.asked.filter(({ type }) => type === RTM_GETLINK)).toHaveLength(1)
})

test('a WireGuard link whose socket cannot be opened says why', () => {
  // IFLA_INFO_KIND "wireguard"
  const wg = '00 00 feff 06000000 41000100 00000000 1400 1200 0e00 0100 77697265677561726400 0000'
  const { netlink } = kernel(({ type }) => (type === RTM_GETLINK ? [wg] : []))
  Object.assign(netlink, {
    openBeside: () => ({ ok: false, failure: { unknown: 'permission denied', errno: 'EPERM' } }),
  })
  expect(readTables(netlink).tables.links).toMatchObject([
    { kind: 'wireguard', wireguard: { unknown: 'permission denied' } },
  ])
})
