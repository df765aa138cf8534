import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePairs, parseSnmp6, readCounters } from '../../../../src/collect/kernel/details/counters.ts'
import type { ReadProc } from '../../../../src/collect/kernel/details/read-proc.ts'

const snmp = `Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors
Ip: 1 64 15160 0 3
IcmpMsg: InType3
IcmpMsg: 1
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens
Tcp: 1 200 120000 -1 271
`
const netstat = `TcpExt: SyncookiesSent ListenOverflows
TcpExt: 0 12
IpExt: InOctets OutOctets
IpExt: 18446744073709551615 1234567890123
MPTcpExt:
MPTcpExt:
`
const snmp6 = `Ip6InReceives                   \t21
Ip6OutNoRoutes                  \t7
Icmp6OutType133                 \t4
Udp6NoPorts                     \t0
UdpLite6InErrors                \t0
`
const files: Readonly<Record<string, string>> = {
  'thread-self/net/snmp': snmp,
  'thread-self/net/netstat': netstat,
  'thread-self/net/snmp6': snmp6,
}
const read: ReadProc = (path) => files[path] ?? { errno: 'ENOENT' }
const without =
  (file: string, errno: string): ReadProc =>
  (path) =>
    path.endsWith(`/${file}`) ? { errno } : read(path)

test('all three files in one shape', () => {
  expect(readCounters(read)).toEqual({
    'Ip.Forwarding': 1,
    'Ip.DefaultTTL': 64,
    'Ip.InReceives': 15160,
    'Ip.InHdrErrors': 0,
    'Ip.InAddrErrors': 3,
    'IcmpMsg.InType3': 1,
    'Tcp.RtoAlgorithm': 1,
    'Tcp.RtoMin': 200,
    'Tcp.RtoMax': 120000,
    'Tcp.MaxConn': -1,
    'Tcp.ActiveOpens': 271,
    'TcpExt.SyncookiesSent': 0,
    'TcpExt.ListenOverflows': 12,
    'IpExt.InOctets': 2 ** 64,
    'IpExt.OutOctets': 1234567890123,
    'Ip6.InReceives': 21,
    'Ip6.OutNoRoutes': 7,
    'Icmp6.OutType133': 4,
    'Udp6.NoPorts': 0,
    'UdpLite6.InErrors': 0,
  })
})

test('without IPv6 there is no snmp6, and that is fine; a refused one is not', () => {
  expect(readCounters(without('snmp6', 'ENOENT'))).toMatchObject({ 'Ip.InReceives': 15160 })
  expect(readCounters(without('snmp6', 'EACCES'))).toEqual({
    unknown: '/proc/net/snmp6: permission denied (EACCES)',
  })
  expect(readCounters(without('netstat', 'ENOENT'))).toEqual({ unknown: '/proc/net/netstat: not there' })
})

test('malformed files give no counters at all', () => {
  for (const broken of [
    'Ip: A B\nIp: 1\n',
    'Ip: A\nTcp: 1\n',
    'Ip: A\n',
    'Ip: A\nIp: 1e5\n',
    'Ip: A\nIp: \x1b\n',
    `Ip: A\nIp: ${'9'.repeat(400)}\n`,
  ]) {
    expect(parsePairs(broken), broken).toBeNull()
  }
  for (const broken of ['Ip6InReceives\n', 'Other 5\n', 'Ip6In -5\n', 'Ip6\x00In 5\n']) {
    expect(parseSnmp6(broken), broken).toBeNull()
  }
  expect(readCounters((path) => (path.endsWith('snmp') ? 'nonsense' : read(path)))).toEqual({
    unknown: '/proc/net/snmp is malformed',
  })
})

test('whatever is printed in twos is read back', () => {
  const name = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,12}$/)
  const group = fc.dictionary(name, fc.maxSafeInteger(), { minKeys: 1, noNullPrototype: true })
  fc.assert(
    fc.property(fc.dictionary(name, group, { noNullPrototype: true }), (groups) => {
      const text = Object.entries(groups)
        .map(
          ([title, values]) =>
            `${title}: ${Object.keys(values).join(' ')}\n${title}: ${Object.values(values).join(' ')}\n`,
        )
        .join('')
      const expected = Object.entries(groups).flatMap(([title, values]) =>
        Object.entries(values).map(([key, value]) => [`${title}.${key}`, value]),
      )
      expect(parsePairs(text)).toEqual(Object.fromEntries(expected))
    }),
  )
})
