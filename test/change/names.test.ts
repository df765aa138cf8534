import { expect, test } from 'vitest'
import {
  checkAddress,
  checkIp,
  checkLinkName,
  checkMac,
  checkMtu,
  checkNetnsName,
  cidrOf,
  networkOf,
} from '../../src/change/names.ts'

test.each([
  ['', 'a link needs a name'],
  ['sixteen-bytes-16', '"sixteen-bytes-16" is no link name: it has 16 bytes, at most 15 are allowed'],
  ['ääääääää', '"ääääääää" is no link name: it has 16 bytes, at most 15 are allowed'],
  ['..', '".." is no link name: . and .. stand for folders'],
  ['-rf', '"-rf" is no link name: it starts with -, as an option does'],
  ['a/b', '"a/b" is no link name: / and : are not allowed in it'],
  ['eth0:1', '"eth0:1" is no link name: / and : are not allowed in it'],
  ['a b', '"a b" is no link name: blanks are not allowed in it'],
  ['a\u001b', '"a\\x1b" is no link name: control characters are not allowed in it'],
  ['veth%d', '"veth%d" is no link name: % is not allowed in it'],
  [
    'a";drop;#',
    '"a";drop;#" is no link name: " \\ * and + are not allowed in it, rules would mean something else',
  ],
  ['eth*', '"eth*" is no link name: " \\ * and + are not allowed in it, rules would mean something else'],
  ['eth+', '"eth+" is no link name: " \\ * and + are not allowed in it, rules would mean something else'],
  ['all', '"all" is no link name: net.ipv4.conf.all stands for something else'],
])('link name %j is refused', (name, what) => {
  expect(checkLinkName(name)).toMatchObject({ kind: 'usage', what })
})

test('names that are fine', () => {
  expect(['eth0', 'veth-web', 'eth0.100', 'fifteen-bytes15'].map(checkLinkName)).toEqual([
    null,
    null,
    null,
    null,
  ])
  expect(['web', 'web_1', 'a.b-c'].map(checkNetnsName)).toEqual([null, null, null])
})

test.each(['', '.', '..', '-n', 'a/b', 'a b', 'a\nb', '.hidden', 'x'.repeat(256)])(
  'netns name %j is refused',
  (name) => {
    expect(checkNetnsName(name)).toMatchObject({ kind: 'usage' })
  },
)

test.each([
  ['10.0.0.300/24', '"10.0.0.300/24" is no address'],
  ['10.0.0.1/33', '"10.0.0.1/33" is no address: its length must be 0 to 32'],
  ['10.0.0.1/24/8', '"10.0.0.1/24/8" is no address'],
  ['10.0.0.0/24', '10.0.0.0/24 cannot be given to a link: it is the network 10.0.0.0/24 itself'],
  ['10.0.0.255/24', '10.0.0.255/24 cannot be given to a link: it is the broadcast address of 10.0.0.0/24'],
  ['224.0.0.1/24', '224.0.0.1/24 cannot be given to a link: it is a multicast address'],
  ['ff02::1/64', 'ff02::1/64 cannot be given to a link: it is a multicast address'],
  ['0.0.0.0/8', '0.0.0.0/8 cannot be given to a link: it means no address'],
  [
    '10.0.0.1/0',
    '10.0.0.1/0 cannot be given to a link: its length is 0, every address would be its neighbour',
  ],
])('address %s is refused', (address, what) => {
  expect(checkAddress(address)).toMatchObject({ kind: 'usage', what })
})

test('addresses have one spelling, and a length', () => {
  const of = (text: string) => {
    const cidr = cidrOf(text)
    return cidr.ok ? [cidr.value.text, cidr.value.network] : cidr.refusals
  }
  expect(of('10.0.0.1')).toEqual(['10.0.0.1/32', '10.0.0.1/32'])
  expect(of('10.0.0.0/31')).toEqual(['10.0.0.0/31', '10.0.0.0/31'])
  expect(of('FD00:0::1/64')).toEqual(['fd00::1/64', 'fd00::/64'])
})

test('networks have no bits behind their length', () => {
  expect(networkOf('10.0.0.1/24')).toMatchObject({
    refusals: [
      { what: '"10.0.0.1/24" is no network: it has bits behind its length; the network is 10.0.0.0/24' },
    ],
  })
  expect(networkOf('10.0.0.0')).toMatchObject({ ok: false })
  expect(networkOf('fd00::/64')).toEqual({ ok: true, value: { family: 'inet6', text: 'fd00::/64' } })
})

test('MAC addresses of links stand for one', () => {
  expect(checkMac('02:00:00:00:00:0A')).toBeNull()
  expect(checkMac('01:00:00:00:00:01')?.what).toContain('it stands for a group')
  expect(checkMac('00:00:00:00:00:00')?.what).toContain('it is zero')
  expect(checkMac('02-00-00-00-00-01')?.what).toBe('"02-00-00-00-00-01" is no MAC address')
})

test('an MTU is within what the link says, 0 meaning that it says nothing', () => {
  expect(checkMtu(1500)).toBeNull()
  expect(checkMtu(65_536, 0, 0)?.what).toBe('an MTU of 65536 is not possible: it must be 0 to 65535')
  expect(checkMtu(60)?.what).toBe('an MTU of 60 is not possible: it must be 68 to 65535')
  expect(checkMtu(1500.5)?.what).toBe('1500.5 is no MTU: it must be a whole number')
  expect(checkIp('10.0.0.1/8')?.what).toBe('"10.0.0.1/8" is no address')
})
