/** Bytes written by hand after linux/rtnetlink.h, linux/fib_rules.h and linux/nexthop.h. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseNexthop } from '../../../../src/collect/kernel/netlink/parse-nexthop.ts'
import { parseRoute } from '../../../../src/collect/kernel/netlink/parse-route.ts'
import { parseRule } from '../../../../src/collect/kernel/netlink/parse-rule.ts'
import { fromHex, parsed } from './hex.ts'

test('a default route with metrics, in a table beyond 255', () => {
  expect(
    parsed(
      parseRoute,
      `
      02 00 00 10 fc 10 00 01 04000000 // rtmsg: AF_INET, /0, tos 0x10, RT_TABLE_COMPAT, dhcp, global, unicast, onlink
      0800 0f00 e9030000            // RTA_TABLE 1001
      0800 0600 64000000            // RTA_PRIORITY 100
      1400 0880                     // RTA_METRICS
      0800 0200 78050000            // RTAX_MTU 1400
      0800 0800 50050000            // RTAX_ADVMSS 1360
      0800 0700 0a000005            // RTA_PREFSRC
      0800 0500 0a000001            // RTA_GATEWAY
      0800 0400 02000000            // RTA_OIF`,
    ),
  ).toEqual({
    broken: false,
    value: {
      family: 'inet',
      table: 1001,
      type: 'unicast',
      dst: 'default',
      src: null,
      tos: 16,
      metric: 100,
      protocol: 'dhcp',
      scope: 'global',
      prefSrc: '10.0.0.5',
      oif: 2,
      gateway: '10.0.0.1',
      flags: ['onlink'],
      nexthops: [],
      nexthopId: null,
      mtu: 1400,
      advmss: 1360,
      encap: null,
      expires: null,
      cached: false,
    },
  })
})

test('several next hops, one through a gateway of the other family', () => {
  expect(
    parsed(
      parseRoute,
      `
      02 18 00 00 fe 03 00 01 00000000
      0800 0100 cb007100            // RTA_DST 203.0.113.0
      3c00 0900                     // RTA_MULTIPATH
      1000 10 00 02000000           // rtnexthop: linkdown, weight 1, ifindex 2
      0800 0500 0a000001            // RTA_GATEWAY
      2800 01 04 03000000           // rtnexthop: dead, weight 5, ifindex 3
      1600 1200 0a00 fe800000000000000000000000000001 0000 // RTA_VIA AF_INET6
      0600 1500 0100 0000           // RTA_ENCAP_TYPE mpls, of this hop`,
    ),
  ).toMatchObject({
    broken: false,
    value: {
      dst: '203.0.113.0/24',
      gateway: null,
      nexthops: [
        { oif: 2, gateway: '10.0.0.1', weight: 1, flags: ['linkdown'] },
        { oif: 3, gateway: 'fe80::1', weight: 5, flags: ['dead'] },
      ],
    },
  })
})

test('an exception that the kernel learnt: it is cached and expires', () => {
  expect(
    parsed(
      parseRoute,
      `
      0a 80 00 00 fe 02 00 01 00020000 // AF_INET6, /128, RTM_F_CLONED
      1400 0100 20010db8000000000000000000000009
      0c00 0800 0800 0200 14050000  // RTA_METRICS mtu 1300
      2400 0c00 00000000 00000000 f4e30000 00000000 00000000 00000000 00000000 00000000
                                    // RTA_CACHEINFO, rta_expires 58356 ticks`,
    ).value,
  ).toMatchObject({
    family: 'inet6',
    dst: '2001:db8::9/128',
    cached: true,
    mtu: 1300,
    expires: 583,
  })
})

test('encapsulation, nexthop objects, source prefixes', () => {
  expect(
    parsed(
      parseRoute,
      `
      0a 40 30 00 fe 04 00 01 00000000
      1400 0100 20010db8000100000000000000000000
      1400 0200 20010db8000000000000000000000000 // RTA_SRC
      0600 1500 0500 0000           // RTA_ENCAP_TYPE seg6
      0800 1e00 0a000000            // RTA_NH_ID 10`,
    ).value,
  ).toMatchObject({
    src: '2001:db8::/48',
    encap: 'seg6',
    nexthopId: 10,
    protocol: 'static',
  })
})

test('multicast routing and MPLS are passed over', () => {
  expect(parsed(parseRoute, '80 20 20 00 fa 11 00 05 00000000')).toEqual({ value: null, broken: false })
  expect(parsed(parseRoute, '1c 14 00 00 fe 04 00 01 00000000')).toEqual({ value: null, broken: false })
})

test.each([
  ['shorter than its header', '0400 00 00 02000000'],
  ['longer than the list', '4000 00 00 02000000'],
  ['of length 0', '0000 00 00 02000000'],
])('a next hop %s breaks the message', (_, hop) => {
  expect(parsed(parseRoute, `02 18 00 00 fe 03 00 01 00000000  0c00 0900 ${hop}`).broken).toBe(true)
})

test('a rule with every selector', () => {
  expect(
    parsed(
      parseRule,
      `
      02 18 10 08 00 00 00 01 02000000 // fib_rule_hdr: AF_INET, dst /24, src /16, tos 8, FR_ACT_TO_TBL, FIB_RULE_INVERT
      0800 0100 cb007100            // FRA_DST
      0800 0200 0a010000            // FRA_SRC
      0900 0300 6574683000 000000   // FRA_IIFNAME "eth0"
      0900 1100 6c616e3000 000000   // FRA_OIFNAME "lan0"
      0800 0600 e8030000            // FRA_PRIORITY 1000
      0800 0a00 01000000            // FRA_FWMARK
      0800 1000 ff000000            // FRA_FWMASK
      0800 0f00 e9030000            // FRA_TABLE 1001
      0800 0e00 00000000            // FRA_SUPPRESS_PREFIXLEN 0
      0800 0d00 ffffffff            // FRA_SUPPRESS_IFGROUP -1
      0c00 1400 e8030000 cf070000   // FRA_UID_RANGE 1000-1999
      0500 1600 06 000000           // FRA_IP_PROTO tcp
      0800 1700 01000004            // FRA_SPORT_RANGE 1-1024
      0800 1800 bb01bb01            // FRA_DPORT_RANGE 443
      0500 1500 04 000000           // FRA_PROTOCOL static`,
    ),
  ).toEqual({
    broken: false,
    value: {
      family: 'inet',
      priority: 1000,
      not: true,
      src: '10.1.0.0/16',
      dst: '203.0.113.0/24',
      iif: 'eth0',
      oif: 'lan0',
      tos: 8,
      fwmark: 1,
      fwmask: 255,
      ipProto: 6,
      sport: { from: 1, to: 1024 },
      dport: { from: 443, to: 443 },
      uidRange: { from: 1000, to: 1999 },
      l3mdev: false,
      action: 'table',
      table: 1001,
      goto: null,
      suppressPrefixLen: 0,
      suppressIfgroup: null,
      protocol: 'static',
    },
  })
})

test.each([
  [
    'goto',
    '0a 00 00 00 00 00 00 02 00000000 0800 0400 10270000',
    { action: 'goto', goto: 10000, table: null },
  ],
  ['prohibit', '02 00 00 00 00 00 00 08 00000000', { action: 'prohibit', table: null, fwmark: null }],
  [
    'l3mdev',
    '02 00 00 00 00 00 00 01 00000000 0500 1300 01 000000',
    { action: 'table', l3mdev: true, table: null },
  ],
  [
    'mark 0 with a mask',
    '02 00 00 00 fe 00 00 01 00000000 0800 1000 ff000000',
    { fwmark: 0, fwmask: 255, table: 254 },
  ],
])('a rule: %s', (_, written, expected) => {
  expect(parsed(parseRule, written)).toMatchObject({ broken: false, value: expected })
})

test('nexthop objects', () => {
  expect(
    parsed(
      parseNexthop,
      `02 fd 04 00 04000000          // nhmsg: AF_INET, link, static, onlink
      0800 0100 0a000000            // NHA_ID 10
      0800 0500 02000000            // NHA_OIF 2
      0800 0600 0a000001            // NHA_GATEWAY`,
    ),
  ).toEqual({
    broken: false,
    value: {
      id: 10,
      family: 'inet',
      oif: 2,
      gateway: '10.0.0.1',
      blackhole: false,
      fdb: false,
      group: [],
      flags: ['onlink'],
      protocol: 'static',
      scope: 'link',
    },
  })
  expect(
    parsed(
      parseNexthop,
      `00 00 03 00 00000000
      0800 0100 14000000
      1400 0200 0a000000 00 00 0000 0b000000 ff 01 0000 // NHA_GROUP: 10 with weight 1, 11 with 512
      0400 0400`,
    ).value,
  ).toMatchObject({
    id: 20,
    family: 'unspec',
    blackhole: true,
    group: [
      { id: 10, weight: 1 },
      { id: 11, weight: 512 },
    ],
  })
})

test('whatever is cut off or overwritten, the parsers answer', () => {
  const good = fromHex(`02 18 00 00 fe 03 00 01 00000000 0800 0100 cb007100
    3c00 0900 1000 10 00 02000000 0800 0500 0a000001 2800 01 04 03000000
    1600 1200 0a00 fe800000000000000000000000000001 0000 0600 1500 0100 0000`)
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.nat(good.length), (changes, length) => {
      const bytes = Buffer.from(good.subarray(0, length))
      for (const [at, value] of changes) if (at < length) bytes[at] = value
      for (const parse of [parseRoute, parseRule, parseNexthop]) parsed<unknown>(parse, bytes)
    }),
    { numRuns: 2000 },
  )
})
