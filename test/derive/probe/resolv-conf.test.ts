import { expect, test } from 'vitest'
import { addressesIn, namesIn, parseHosts } from '../../../src/derive/probe/hosts-file.ts'
import { nameOrder } from '../../../src/derive/probe/name-order.ts'
import { fullNames, nameServer, parseResolvConf } from '../../../src/derive/probe/resolv-conf.ts'
import { reverseName } from '../../../src/derive/probe/reverse-name.ts'

test('resolv.conf: servers in their order, the last search list, options with the limits of the C library', () => {
  const conf = parseResolvConf(
    [
      '# nameserver 192.0.2.1',
      '; nameserver 192.0.2.2',
      'nameserver 127.0.0.11',
      '\tnameserver fe80::1%eth0 # the router',
      'domain first.test',
      'search a.test b.test.',
      'options ndots:0 timeout:99 rotate',
      'options attempts:3 edns0 timeout:2',
      'nameserver not-one',
      'nameserver 2001:db8::53',
      'nameserver 192.0.2.4',
    ].join('\n'),
  )
  expect(conf.servers.map(({ text, family, link }) => [text, family, link])).toEqual([
    ['127.0.0.11', 4, null],
    ['fe80::1%eth0', 6, 'eth0'],
    ['2001:db8::53', 6, null],
  ])
  expect(conf).toMatchObject({
    search: ['a.test', 'b.test'],
    ndots: 0,
    timeoutMs: 2000,
    attempts: 3,
    rotate: true,
  })
  expect(conf.remarks).toEqual([
    'nameserver "not-one" is no address: programs leave it out',
    'programs ask the first 3 nameservers only, not 192.0.2.4',
  ])
})

test('without a server programs ask their own host; what is no number is not taken', () => {
  const none = parseResolvConf(null)
  expect(none.servers.map(({ text }) => text)).toEqual(['127.0.0.1'])
  expect(none.remarks).toEqual(['there is no resolv.conf: programs ask 127.0.0.1'])
  expect(parseResolvConf('search x').remarks).toEqual([
    'no nameserver in resolv.conf: programs ask 127.0.0.1',
  ])
  const odd = parseResolvConf('nameserver 1.2.3.4\noptions ndots:x timeout:0 attempts:-1 ndots:99')
  expect(odd).toMatchObject({ ndots: 15, timeoutMs: 1000, attempts: 2, rotate: false, search: [] })
})

test('a hostile resolv.conf puts no control into a sentence', () => {
  expect(parseResolvConf('nameserver \x1b]0;x\x07').remarks[0]).toBe(
    String.raw`nameserver "\x1b]0;x\x07" is no address: programs leave it out`,
  )
})

test('servers as they are typed', () => {
  const shown = [
    '192.0.2.1',
    '192.0.2.1:53',
    '192.0.2.1:5353',
    '[2001:db8::1]',
    '[2001:db8::1]:5353',
    'fe80::1%eth0',
    'fe80::1%2',
  ]
  expect(shown.map((text) => nameServer(text)?.text)).toEqual([
    '192.0.2.1',
    '192.0.2.1',
    '192.0.2.1:5353',
    '2001:db8::1',
    '[2001:db8::1]:5353',
    'fe80::1%eth0',
    'fe80::1%2',
  ])
  const wrong = [
    '',
    'dns',
    '10.1',
    '192.0.2.1:0',
    '192.0.2.1:99999',
    '192.0.2.1%eth0',
    'fe80::1%',
    'fe80::1%a/b',
    '2001:db8::1:x',
  ]
  expect(wrong.filter((text) => nameServer(text) !== null)).toEqual([])
})

test('which full names are asked for, as res_search(3)', () => {
  const conf = parseResolvConf('search a.test b.test')
  expect(fullNames('web', conf)).toEqual(['web.a.test', 'web.b.test', 'web'])
  expect(fullNames('web.x', conf)).toEqual(['web.x', 'web.x.a.test', 'web.x.b.test'])
  expect(fullNames('web.', conf)).toEqual(['web'])
  // Docker writes ndots:0: the name itself goes first.
  expect(fullNames('web', { ...conf, ndots: 0 })[0]).toBe('web')
})

test('hosts: several names, comments, both families, and the other way round', () => {
  const hosts = parseHosts(
    '127.0.0.1\tlocalhost\n#192.0.2.9 web\n192.0.2.7 web Web.Test # the web\n::1 localhost\nnothing\n2001:DB8:0::7 web\nfe80::1%eth0 router\n',
  )
  expect(addressesIn(hosts, 'WEB').map(({ address }) => address)).toEqual(['192.0.2.7', '2001:DB8:0::7'])
  expect(addressesIn(hosts, 'web.test.').map(({ address }) => address)).toEqual(['192.0.2.7'])
  expect(addressesIn(hosts, 'nothing')).toEqual([])
  expect(namesIn(hosts, '2001:db8::7')).toEqual(['web'])
  expect(namesIn(hosts, '192.0.2.7')).toEqual(['web', 'Web.Test'])
  expect(parseHosts(null)).toEqual([])
})

test('the order of nsswitch.conf', () => {
  expect(nameOrder(null)).toEqual({ files: 'before', dns: true, remarks: [] })
  expect(nameOrder('dns files').files).toBe('after')
  expect(nameOrder('dns').files).toBe('never')
  expect(nameOrder('files mdns4_minimal [NOTFOUND=return] dns').files).toBe('before')
  expect(nameOrder('files resolve [!UNAVAIL=return] dns').remarks).toEqual([
    'nsswitch.conf names resolve: programs ask systemd-resolved too, which this probe does not',
  ])
  expect(nameOrder('files')).toMatchObject({ dns: false, remarks: [expect.stringContaining('names no dns')] })
})

test('the name of an address', () => {
  expect(reverseName('192.0.2.10')).toBe('10.2.0.192.in-addr.arpa')
  expect(reverseName('2001:db8::10')).toBe(
    '0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
  )
  expect(reverseName('web')).toBeNull()
})
