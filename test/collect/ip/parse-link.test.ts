import { describe, expect, test } from 'vitest'
import { parseLinks } from '../../../src/collect/ip/parse-link.ts'

/** One link as `ip -j -d link` prints it, as far as each test is about. */
function linkOf(fields: object) {
  const [link] = parseLinks([
    { ifindex: 7, ifname: 'x0', flags: ['BROADCAST', 'UP'], mtu: 1500, link_type: 'ether', ...fields },
  ])
  if (link === undefined) throw new Error('no link')
  return link
}

const kind = (info_kind: string, info_data?: object) =>
  linkOf({ linkinfo: { info_kind, ...(info_data === undefined ? {} : { info_data }) } })

describe('kinds, in the words of iproute2 (the kernel at hand lacks most of them)', () => {
  test.each([
    [
      'bond',
      { mode: '802.3ad', miimon: 100, active_slave: 'eth0' },
      { bond: { mode: '802.3ad', miimon: 100, activeSlave: null } },
    ],
    [
      'vlan',
      { protocol: '802.1ad', id: 30, flags: ['REORDER_HDR'] },
      { vlan: { id: 30, protocol: '802.1ad' } },
    ],
    ['vrf', { table: 10 }, { vrf: { table: 10 } }],
    ['ipvlan', { mode: 'l3s', mode_flag: 'private' }, { ipvlan: { mode: 'l3s', flags: ['private'] } }],
    ['ipvtap', { mode: 'l2', mode_flag: 'bridge' }, { ipvlan: { mode: 'l2', flags: [] } }],
    [
      'macvtap',
      { mode: 'passthru', nopromisc: true },
      { macvlan: { mode: 'passthru', flags: ['nopromisc'] } },
    ],
    [
      'gre',
      { remote: '192.0.2.9', local: 'any', ttl: 64, ikey: '0.0.1.2', okey: '0.0.0.7' },
      { tunnel: { remote: '192.0.2.9', local: null, inputKey: 258, outputKey: 7, ttl: 64, external: false } },
    ],
    [
      'geneve',
      { id: 5, remote: '192.0.2.9', port: 6081 },
      { geneve: { vni: 5, remote: '192.0.2.9', dstport: 6081, ttl: 0, external: false } },
    ],
    [
      'netkit',
      { mode: 'l3', type: 'peer', policy: 'forward', peer_policy: 'blackhole' },
      { netkit: { mode: 'l3', primary: false, policy: 'forward', peerPolicy: 'blackhole' } },
    ],
  ])('%s', (name, data, expected) => {
    expect(kind(name, data)).toMatchObject({ kind: name, ...expected })
  })

  test('a kind of which only the name is printed is unknown, not empty', () => {
    expect(kind('vrf')).toMatchObject({ kind: 'vrf', vrf: { unknown: expect.stringContaining('print') } })
    expect(kind('wireguard')).toMatchObject({ wireguard: { unknown: expect.stringContaining('wg show') } })
  })

  test('a kind from the future keeps its name', () => {
    expect(kind('hyperlink', { speed: 9 })).toMatchObject({ kind: 'other', kindName: 'hyperlink' })
  })

  test('a driver’s own device has no kind; the loopback is told by its type', () => {
    expect(linkOf({})).toMatchObject({ kind: 'device' })
    expect(linkOf({ link_type: 'loopback' })).toMatchObject({ kind: 'loopback' })
  })
})

describe('where a link leads', () => {
  test('a name is one in the same namespace', () => {
    const links = parseLinks([
      { ifindex: 4, ifname: 'p1', link: 'p0', linkinfo: { info_kind: 'veth' } },
      { ifindex: 5, ifname: 'p0', link: 'p1', linkinfo: { info_kind: 'veth' } },
    ])
    expect(links.map((each) => each.lower)).toEqual([
      { ifindex: 5, nsid: null },
      { ifindex: 4, nsid: null },
    ])
  })

  test('a number comes with the nsid it counts in', () => {
    expect(linkOf({ link_index: 2, link_netnsid: 3 }).lower).toEqual({ ifindex: 2, nsid: 3 })
  })

  test('an nsid alone means the same ifindex there (kernels that drop an equal IFLA_LINK)', () => {
    expect(linkOf({ link_netnsid: 3 }).lower).toEqual({ ifindex: 7, nsid: 3 })
  })

  // As iproute2 6.1 prints them: print_name_and_link in lib/utils.c, vxlan_print_opt in ip/iplink_vxlan.c.
  const tunnel = (info_kind: string, fields: object, info_data: object = {}) =>
    linkOf({ ...fields, linkinfo: { info_kind, info_data } }).lower

  test.each(['gre', 'ip6tnl', 'sit', 'vti'])('a %s on no device in another namespace', (name) => {
    expect(tunnel(name, { link: null, link_netnsid: 2 })).toEqual({ ifindex: 0, nsid: 2 })
    expect(tunnel(name, { link: null })).toBeNull()
    expect(tunnel(name, { link_index: 4, link_netnsid: 2 })).toEqual({ ifindex: 4, nsid: 2 })
  })

  test.each(['geneve', 'wireguard', 'bareudp'])(
    'a %s stands on no device, whatever index is told',
    (name) => {
      expect(tunnel(name, { link_index: 7, link_netnsid: 2 })).toEqual({ ifindex: 0, nsid: 2 })
      expect(tunnel(name, {})).toBeNull()
    },
  )

  test('the device of a vxlan is among its data, and its own index is not it', () => {
    const elsewhere = { link_index: 7, link_netnsid: 2 }
    expect(tunnel('vxlan', elsewhere)).toEqual({ ifindex: 0, nsid: 2 })
    expect(tunnel('vxlan', elsewhere, { link: 'if4' }), 'no link 4 here').toEqual({ ifindex: 4, nsid: 2 })
    expect(tunnel('vxlan', elsewhere, { link: 'x0' }), 'its number in this namespace').toEqual({
      ifindex: 7,
      nsid: 2,
    })
    expect(tunnel('vxlan', {}, { link: 'if4' })).toEqual({ ifindex: 4, nsid: null })
    expect(tunnel('vxlan', {})).toBeNull()
  })
})
