import * as fc from 'fast-check'
import { isIP } from 'node:net'
import { expect, test } from 'vitest'
import {
  contains,
  formatIp,
  formatPrefix,
  normalIp,
  parseIp,
  parsePrefix,
  prefixOf,
} from '../../src/lib/ip.ts'

test('addresses are read strictly: nothing that a tool would read otherwise', () => {
  for (const text of [
    '10.1',
    '010.0.0.1',
    '0x0a.0.0.1',
    '1.2.3.4.5',
    '256.0.0.1',
    '1.2.3',
    '',
    ':',
    '1::2::3',
    'a',
    '10',
  ]) {
    expect(parseIp(text), text).toBeNull()
  }
  expect(parseIp('fe80::1%eth0')).toBeNull()
  expect(parseIp('172.17.0.3')).toEqual({ family: 'inet', value: 0xac110003n })
})

test('one spelling for one address', () => {
  expect(normalIp('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1')
  expect(normalIp('::ffff:10.0.0.1')).toBe('::ffff:10.0.0.1')
  expect(normalIp('::')).toBe('::')
  expect(normalIp('no')).toBeNull()
})

test('prefixes hold what lies in them, within their family', () => {
  const network = parsePrefix('172.17.0.0/16')
  expect(network && contains(network, parseIp('172.17.255.1')!)).toBe(true)
  expect(network && contains(network, parseIp('172.18.0.1')!)).toBe(false)
  expect(contains(parsePrefix('0.0.0.0/0')!, parseIp('::1')!)).toBe(false)
  expect(formatPrefix(parsePrefix('172.17.3.4/16')!)).toBe('172.17.0.0/16')
  expect(parsePrefix('10.0.0.1')).toMatchObject({ length: 32 })
  for (const text of ['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', 'fd00::/129', 'default']) {
    expect(parsePrefix(text), text).toBeNull()
  }
})

test('what is written is read back, and agrees with the runtime’s own notion of an address', () => {
  const address = fc.oneof(
    fc.record({ family: fc.constant('inet' as const), value: fc.bigInt(0n, 2n ** 32n - 1n) }),
    fc.record({ family: fc.constant('inet6' as const), value: fc.bigInt(0n, 2n ** 128n - 1n) }),
  )
  fc.assert(
    fc.property(address, fc.nat(128), (ip, bits) => {
      const text = formatIp(ip)
      expect(isIP(text)).toBe(ip.family === 'inet' ? 4 : 6)
      expect(parseIp(text)).toEqual(ip)
      const length = ip.family === 'inet' ? bits % 33 : bits
      expect(contains(prefixOf(ip, length), ip)).toBe(true)
    }),
  )
})
