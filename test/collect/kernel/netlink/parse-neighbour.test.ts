/** Bytes written by hand after linux/neighbour.h and linux/if_bridge.h. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMdb } from '../../../../src/collect/kernel/netlink/parse-mdb.ts'
import { parseFdbEntry, parseNeighbour } from '../../../../src/collect/kernel/netlink/parse-neighbour.ts'
import { parsePortVlans } from '../../../../src/collect/kernel/netlink/parse-vlan.ts'
import { fromHex, parsed } from './hex.ts'

test('a neighbour', () => {
  expect(
    parsed(
      parseNeighbour,
      `
      02 00 0000 02000000 0400 80 01 // ndmsg: AF_INET, ifindex 2, NUD_STALE, NTF_ROUTER
      0800 0100 0a000001            // NDA_DST
      0a00 0200 0242ac110002 0000   // NDA_LLADDR
      1400 0300 2c010000 90010000 64000000 01000000 // NDA_CACHEINFO confirmed 3 s, used 4 s, updated 1 s
      0800 0f00 01000000            // NDA_FLAGS_EXT NTF_EXT_MANAGED`,
    ),
  ).toEqual({
    broken: false,
    value: {
      ifindex: 2,
      family: 'inet',
      dst: '10.0.0.1',
      lladdr: '02:42:ac:11:00:02',
      state: 'STALE',
      flags: ['router', 'managed'],
      confirmed: 3,
      used: 4,
      updated: 1,
    },
  })
})

test('a neighbour that does not answer, and one that is answered for', () => {
  expect(parsed(parseNeighbour, '02 00 0000 02000000 2000 00 01 0800 0100 0a000009').value).toMatchObject({
    state: 'FAILED',
    lladdr: null,
    used: null,
  })
  expect(parsed(parseNeighbour, '02 00 0000 02000000 0000 08 05 0800 0100 0a000008').value).toMatchObject({
    state: 'NONE',
    flags: ['proxy'],
  })
})

test('an entry of a bridge, learnt and in use', () => {
  expect(
    parsed(
      parseFdbEntry,
      `
      07 00 0000 05000000 0200 04 00 // AF_BRIDGE, ifindex 5, NUD_REACHABLE, NTF_MASTER
      0a00 0200 0242ac110002 0000
      0600 0500 0a00 0000           // NDA_VLAN 10
      0800 0900 04000000            // NDA_MASTER 4`,
    ),
  ).toEqual({
    broken: false,
    value: {
      ifindex: 5,
      lladdr: '02:42:ac:11:00:02',
      vlan: 10,
      master: 4,
      dst: null,
      vni: null,
      port: null,
      via: null,
      state: '',
      flags: ['master'],
      nexthopId: null,
    },
  })
})

test('an entry of a vxlan', () => {
  expect(
    parsed(
      parseFdbEntry,
      `
      07 00 0000 06000000 8000 02 00 // NUD_PERMANENT, NTF_SELF
      0a00 0200 000000000000 0000
      0800 0100 c0000202            // NDA_DST
      0600 0600 12b5 0000           // NDA_PORT 4789, big-endian
      0800 0700 2b000000            // NDA_VNI 43
      0800 0800 02000000            // NDA_IFINDEX 2
      0800 0d00 0a000000            // NDA_NH_ID 10`,
    ).value,
  ).toMatchObject({
    dst: '192.0.2.2',
    port: 4789,
    vni: 43,
    via: 2,
    nexthopId: 10,
    state: 'permanent',
    flags: ['self'],
  })
})

test('families are kept apart', () => {
  expect(parsed(parseNeighbour, '07 00 0000 02000000 0400 00 01')).toEqual({ value: null, broken: false })
  expect(parsed(parseFdbEntry, '02 00 0000 02000000 0400 00 01')).toEqual({ value: null, broken: false })
})

test('multicast groups of a bridge', () => {
  // struct br_mdb_entry is 28 bytes: ifindex, state, flags, vid, 16 bytes of address, ethertype, padding.
  expect(
    parsed(
      parseMdb,
      `
      07 000000 04000000            // br_port_msg: AF_BRIDGE, ifindex 4
      8400 0180                     // MDBA_MDB
      5400 0180                     // MDBA_MDB_ENTRY
      2800 0100                     // MDBA_MDB_ENTRY_INFO
      05000000 01 00 0000 ef010101 000000000000000000000000 0800 0000
      0800 0100 00000000            // MDBA_MDB_EATTR_TIMER
      2800 0100
      06000000 00 00 0a00 ff050000000000000000000000000001 86dd 0000
      0800 0100 00000000
      2c00 0180
      2800 0100
      05000000 01 00 0000 01005e010203 00000000000000000000 0000 0000
      0800 0100 00000000`,
    ),
  ).toEqual({
    broken: false,
    value: [
      { bridge: 4, port: 5, group: '239.1.1.1', vlan: null, permanent: true },
      { bridge: 4, port: 6, group: 'ff05::1', vlan: 10, permanent: false },
      { bridge: 4, port: 5, group: '01:00:5e:01:02:03', vlan: null, permanent: true },
    ],
  })
})

test('VLANs of a bridge port', () => {
  expect(
    parsed(
      parsePortVlans,
      `
      07 00 0100 05000000 43100100 00000000
      0a00 0300 746573743000 0000
      1c00 1a00                     // IFLA_AF_SPEC
      0800 0200 0600 0100           // IFLA_BRIDGE_VLAN_INFO: PVID, untagged, vid 1
      0800 0200 0000 0a00           // vid 10
      0600 0100 0000 0000           // IFLA_BRIDGE_MODE`,
    ),
  ).toEqual({
    broken: false,
    value: {
      ifindex: 5,
      vlans: [
        { vid: 1, pvid: true, untagged: true },
        { vid: 10, pvid: false, untagged: false },
      ],
    },
  })
})

test('whatever is cut off or overwritten, the parsers answer', () => {
  const good = fromHex(`07 000000 04000000 5800 0180 5400 0180 2800 0100
    05000000 01 00 0000 ef010101 000000000000000000000000 0800 0000 0800 0100 00000000
    2800 0100 06000000 00 00 0a00 ff050000000000000000000000000001 86dd 0000 0800 0100 00000000`)
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.nat(good.length), (changes, length) => {
      const bytes = Buffer.from(good.subarray(0, length))
      for (const [at, value] of changes) if (at < length) bytes[at] = value
      for (const parse of [parseMdb, parseNeighbour, parseFdbEntry, parsePortVlans])
        parsed<unknown>(parse, bytes)
    }),
    { numRuns: 2000 },
  )
})
