/**
 * Kinds that the kernel of the test machine may lack. The bytes are written by hand after linux/if_link.h and
 * linux/if_tunnel.h (netkit after if_link.h of 6.7); a length comes first, then the type, both little-endian.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Link } from '../../../../src/model/link.ts'
import { parseLink } from '../../../../src/collect/kernel/netlink/parse-link.ts'
import { fromHex, parsed } from './hex.ts'

/** struct ifinfomsg: family, pad, ARPHRD_ETHER, ifindex 5, flags UP BROADCAST RUNNING MULTICAST LOWER_UP, change. */
const ifinfomsg = '00 00 0100 05000000 43100100 00000000'
/** IFLA_IFNAME "test0". */
const name = '0a00 0300 746573743000 0000'

function link(written: string): Link {
  const { value, broken } = parsed(parseLink, `${ifinfomsg} ${name}\n${written}`)
  expect(broken).toBe(false)
  if (value === null) throw new Error('not parsed')
  return value
}

test('dummy', () => {
  // IFLA_LINKINFO { IFLA_INFO_KIND "dummy" }
  expect(link('1000 1200  0a00 0100 64756d6d7900 0000')).toMatchObject({
    kind: 'dummy',
    ifindex: 5,
    name: 'test0',
    linkType: 'ether',
    flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    lower: null,
    master: null,
    stats: { unknown: 'the kernel did not tell' },
    inet: { unknown: 'the kernel did not tell' },
    port: null,
  })
})

test('bond', () => {
  expect(
    link(`
      2c00 1200                     // IFLA_LINKINFO
      0900 0100 626f6e6400 000000   // IFLA_INFO_KIND "bond"
      1c00 0200                     // IFLA_INFO_DATA
      0500 0100 01 000000           // IFLA_BOND_MODE 1
      0800 0200 07000000            // IFLA_BOND_ACTIVE_SLAVE 7
      0800 0300 64000000            // IFLA_BOND_MIIMON 100`),
  ).toMatchObject({ kind: 'bond', bond: { mode: 'active-backup', activeSlave: 7, miimon: 100 } })
})

test('a member of a bond', () => {
  expect(
    link(`
      0800 0a00 09000000            // IFLA_MASTER 9
      1800 1200                     // IFLA_LINKINFO
      0900 0400 626f6e6400 000000   // IFLA_INFO_SLAVE_KIND "bond"
      0800 0580 04000100            // IFLA_INFO_SLAVE_DATA, empty attribute 1`),
  ).toMatchObject({ kind: 'device', master: 9, slaveKind: 'bond', port: null })
})

test('vlan', () => {
  expect(
    link(`
      0800 0500 02000000            // IFLA_LINK 2
      3000 1200
      0900 0100 766c616e00 000000   // IFLA_INFO_KIND "vlan"
      2000 0200
      0600 0500 88a8 0000           // IFLA_VLAN_PROTOCOL ETH_P_8021AD, big-endian
      0600 0100 6400 0000           // IFLA_VLAN_ID 100
      0c00 0200 01000000 ffffffff   // IFLA_VLAN_FLAGS`),
  ).toMatchObject({
    kind: 'vlan',
    lower: { ifindex: 2, nsid: null },
    vlan: { id: 100, protocol: '802.1ad' },
  })
})

test('vrf', () => {
  expect(link('1800 1200  0800 0100 76726600  0c00 0200  0800 0100 e9030000')).toMatchObject({
    kind: 'vrf',
    vrf: { table: 1001 },
  })
})

test.each([
  ['l3s private', '0600 0100 0200 0000  0600 0200 0100 0000', { mode: 'l3s', flags: ['private'] }],
  ['l2', '0600 0100 0000 0000  0600 0200 0000 0000', { mode: 'l2', flags: [] }],
  ['a mode to come', '0600 0100 0900 0000  0600 0200 0200 0000', { mode: '9', flags: ['vepa'] }],
])('ipvlan %s', (_, data, ipvlan) => {
  // IFLA_INFO_KIND "ipvlan", IFLA_INFO_DATA { IFLA_IPVLAN_MODE, IFLA_IPVLAN_FLAGS }
  expect(link(`2400 1200  0b00 0100 6970766c616e00 00  1400 0200 ${data}`)).toMatchObject({
    kind: 'ipvlan',
    ipvlan,
  })
})

test('macvtap', () => {
  // IFLA_INFO_KIND "macvtap", IFLA_MACVLAN_MODE 8, IFLA_MACVLAN_FLAGS 3
  expect(
    link('2400 1200  0c00 0100 6d61637674617000  1400 0200  0800 0100 08000000  0600 0200 0300 0000'),
  ).toMatchObject({ kind: 'macvtap', macvlan: { mode: 'passthru', flags: ['nopromisc', 'nodst'] } })
})

test('geneve', () => {
  expect(
    link(`
      3400 1200
      0b00 0100 67656e65766500 00   // IFLA_INFO_KIND "geneve"
      2400 0200
      0800 0100 2a000000            // IFLA_GENEVE_ID 42
      0800 0200 c0000201            // IFLA_GENEVE_REMOTE
      0500 0300 40 000000           // IFLA_GENEVE_TTL
      0600 0500 17c1 0000           // IFLA_GENEVE_PORT 6081, big-endian`),
  ).toMatchObject({
    kind: 'geneve',
    geneve: { vni: 42, remote: '192.0.2.1', dstport: 6081, ttl: 64, external: false },
  })
  // IFLA_GENEVE_COLLECT_METADATA is a flag without a value; LINK_NETNSID 3 forces IFLA_LINK, which is its own index.
  expect(
    link(`0800 0500 05000000  0800 2500 03000000
      1800 1200  0b00 0100 67656e65766500 00  0800 0200  0400 0600`),
  ).toMatchObject({ geneve: { vni: null, external: true }, lower: { ifindex: 0, nsid: 3 } })
})

test('gre with a key for one direction', () => {
  expect(
    link(`
      5000 1200
      0800 0100 67726500            // IFLA_INFO_KIND "gre"
      4400 0200
      0800 0100 00000000            // IFLA_GRE_LINK
      0600 0200 2000 0000           // IFLA_GRE_IFLAGS GRE_KEY, big-endian
      0600 0300 0000 0000           // IFLA_GRE_OFLAGS
      0800 0400 0000000a            // IFLA_GRE_IKEY 10, big-endian
      0800 0500 00000000            // IFLA_GRE_OKEY
      0800 0600 c0000201            // IFLA_GRE_LOCAL
      0800 0700 c6336402            // IFLA_GRE_REMOTE
      0500 0800 ff 000000           // IFLA_GRE_TTL`),
  ).toMatchObject({
    kind: 'gre',
    tunnel: {
      local: '192.0.2.1',
      remote: '198.51.100.2',
      inputKey: 10,
      outputKey: null,
      ttl: 255,
      external: false,
    },
  })
})

test('ip6gre', () => {
  expect(
    link(`
      4000 1200
      0b00 0100 69703667726500 00   // IFLA_INFO_KIND "ip6gre"
      3000 0200
      1400 0600 20010db8000000000000000000000001
      1400 0700 20010db8000000000000000000000002
      0400 1200                     // IFLA_GRE_COLLECT_METADATA`),
  ).toMatchObject({
    kind: 'ip6gre',
    tunnel: { local: '2001:db8::1', remote: '2001:db8::2', inputKey: null, ttl: null, external: true },
  })
})

test('ipip, and a sit that is bound to nothing', () => {
  expect(
    link(`2c00 1200  0900 0100 6970697000 000000  1c00 0200
      0800 0200 c0000201  0800 0300 c6336402  0500 0400 40 000000`),
  ).toMatchObject({
    kind: 'ipip',
    tunnel: { local: '192.0.2.1', remote: '198.51.100.2', ttl: 64, external: false },
  })
  expect(
    link(`0800 0500 00000000        // IFLA_LINK 0
      2800 1200  0800 0100 73697400  1c00 0200
      0800 0200 00000000  0800 0300 00000000  0500 0400 40 000000`),
  ).toMatchObject({ kind: 'sit', lower: null, tunnel: { local: null, remote: null } })
})

test('vti', () => {
  expect(
    link(`3000 1200  0800 0100 76746900  2400 0200
      0800 0200 00000007  0800 0300 00000008  0800 0400 c0000201  0800 0500 c6336402`),
  ).toMatchObject({ kind: 'vti', tunnel: { inputKey: 7, outputKey: 8, local: '192.0.2.1' } })
})

test('wireguard has no data over rtnetlink', () => {
  expect(link('1400 1200  0e00 0100 77697265677561726400 0000')).toMatchObject({
    kind: 'wireguard',
    wireguard: { unknown: 'not asked' },
  })
})

test('netkit', () => {
  expect(
    link(`
      3400 1200
      0b00 0100 6e65746b697400 00   // IFLA_INFO_KIND "netkit"
      2400 0200
      0500 0200 01 000000           // IFLA_NETKIT_PRIMARY
      0800 0300 00000000            // IFLA_NETKIT_POLICY NETKIT_PASS
      0800 0400 02000000            // IFLA_NETKIT_PEER_POLICY NETKIT_DROP
      0800 0500 01000000            // IFLA_NETKIT_MODE NETKIT_L3`),
  ).toMatchObject({
    kind: 'netkit',
    netkit: { mode: 'l3', primary: true, policy: 'forward', peerPolicy: 'blackhole' },
  })
})

test('kinds without a shape keep their raw attributes', () => {
  expect(link('1000 1200  0900 0100 7465616d00 000000')).toMatchObject({
    kind: 'other',
    kindName: 'team',
    raw: {},
  })
  // "hsr" with IFLA_HSR_SLAVE1 3 and IFLA_HSR_PROTOCOL 1
  expect(
    link('2000 1200  0800 0100 68737200  1400 0200  0800 0100 03000000  0500 0700 01 000000'),
  ).toMatchObject({ kind: 'other', kindName: 'hsr', raw: { 1: '03000000', 7: '01' } })
})

test('a bridge of a kernel with VLAN filtering', () => {
  expect(
    link(`
      6c00 1200
      0b00 0100 62726964676500 00   // IFLA_INFO_KIND "bridge"
      5c00 0200
      0800 0100 dc050000            // IFLA_BR_FORWARD_DELAY 1500
      0800 0400 30750000            // IFLA_BR_AGEING_TIME 30000
      0800 0500 01000000            // IFLA_BR_STP_STATE
      0500 0700 01 000000           // IFLA_BR_VLAN_FILTERING
      0c00 0a00 10000242d78d0d3b    // IFLA_BR_ROOT_ID
      0c00 0b00 80000242d78d0d3b    // IFLA_BR_BRIDGE_ID
      0500 1700 01 000000           // IFLA_BR_MCAST_SNOOPING
      0500 2400 01 000000           // IFLA_BR_NF_CALL_IPTABLES
      0500 2500 00 000000           // IFLA_BR_NF_CALL_IP6TABLES
      0600 2700 0100 0000           // IFLA_BR_VLAN_DEFAULT_PVID 1`),
  ).toMatchObject({
    kind: 'bridge',
    bridge: {
      id: '8000.0242d78d0d3b',
      rootId: '1000.0242d78d0d3b',
      stp: true,
      forwardDelay: 1500,
      ageing: 30000,
      vlanFiltering: true,
      defaultPvid: 1,
      mcastSnooping: true,
      nfCallIptables: true,
      nfCallIp6tables: false,
      nfCallArptables: false,
    },
  })
})

test('where a veth leads', () => {
  const veth = '1000 1200  0900 0100 7665746800 000000'
  // Same namespace: IFLA_LINK alone. Another: with IFLA_LINK_NETNSID.
  expect(link(`0800 0500 06000000 ${veth}`).lower).toEqual({ ifindex: 6, nsid: null })
  expect(link(`0800 0500 06000000 0800 2500 00000000 ${veth}`).lower).toEqual({ ifindex: 6, nsid: 0 })
  // Old kernels leave IFLA_LINK out when both ends have the same ifindex.
  expect(link(`0800 2500 02000000 ${veth}`).lower).toEqual({ ifindex: 5, nsid: 2 })
  // The peer's namespace has no number here (NETNSA_NSID_NOT_ASSIGNED).
  expect(link(`0800 0500 06000000 0800 2500 ffffffff ${veth}`).lower).toEqual({ ifindex: 6, nsid: -1 })
})

test('a vxlan names its lower device in its own data', () => {
  const vxlan = (data: string, length: string, all: string) =>
    `${all} 1200  0a00 0100 76786c616e00 0000  ${length} 0200 ${data}`
  const data = '0800 0100 2a000000  0800 0300 04000000  0800 0200 ef010101  0600 0f00 12b5 0000'
  // IFLA_LINK is its own index, sent because LINK_NETNSID is.
  expect(link(`0800 0500 05000000 0800 2500 01000000 ${vxlan(data, '2400', '3400')}`)).toMatchObject({
    kind: 'vxlan',
    lower: { ifindex: 4, nsid: 1 },
    vxlan: { vni: 42, group: '239.1.1.1', remote: null, dstport: 4789, external: false, udpCsum: null },
  })
  expect(link(vxlan(data, '2400', '3400')).lower).toEqual({ ifindex: 4, nsid: null })
})

test('alternative names, alias, XDP, limits', () => {
  expect(
    link(`
      2000 3480                     // IFLA_PROP_LIST (52), nested
      0b00 3500 616c7465726e00 00   // IFLA_ALT_IFNAME (53) "altern"
      1000 3500 7365636f6e642d6e616d6500
      0c00 1400 6120667269656e64    // IFLA_IFALIAS "a friend", without NUL
      1400 2b80                     // IFLA_XDP
      0500 0200 02 000000           // IFLA_XDP_ATTACHED XDP_ATTACHED_SKB
      0800 0400 4d000000            // IFLA_XDP_PROG_ID 77
      0800 2900 00000100            // IFLA_GSO_MAX_SIZE
      0800 2800 ffff0000            // IFLA_GSO_MAX_SEGS
      0500 1000 03 000000           // IFLA_OPERSTATE IF_OPER_LOWERLAYERDOWN
      0500 2100 00 000000           // IFLA_CARRIER`),
  ).toMatchObject({
    altNames: ['altern', 'second-name'],
    alias: 'a friend',
    xdp: { mode: 'skb', programId: 77 },
    offloads: { gsoMaxSize: 65536, gsoMaxSegs: 65535, tsoMaxSize: null },
    operstate: 'LOWERLAYERDOWN',
    carrier: false,
  })
})

test('a link type without a name, and the loopback', () => {
  const { value } = parsed(parseLink, `00 00 0903 01000000 49000100 00000000 ${name}`)
  expect(value).toMatchObject({ kind: 'device', linkType: '[777]' })
  expect(parsed(parseLink, `00 00 0403 01000000 49000100 00000000 ${name}`).value).toMatchObject({
    kind: 'loopback',
    linkType: 'loopback',
    flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
  })
})

test('whatever is cut off or overwritten, the parser answers', () => {
  const good = fromHex(`${ifinfomsg} ${name}
    2000 3480 0b00 3500 616c7465726e00 00 1000 3500 7365636f6e642d6e616d6500
    1400 2b80 0500 0200 02 000000 0800 0400 4d000000
    3400 1200 0a00 0100 76786c616e00 0000 2400 0200
    0800 0100 2a000000 0800 0300 04000000 0800 0200 ef010101 0600 0f00 12b5 0000`)
  expect(parsed(parseLink, good).broken).toBe(false)
  for (let length = 0; length < good.length; length++) parsed(parseLink, good.subarray(0, length))
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const bytes = Buffer.from(good)
      for (const [at, value] of changes) bytes[at] = value
      parsed(parseLink, bytes)
    }),
    { numRuns: 3000 },
  )
})
