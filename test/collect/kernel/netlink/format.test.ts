import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf } from '../../../../src/collect/kernel/netlink/bytes.ts'
import { address, hardwareAddress, hex, ipv4, ipv6 } from '../../../../src/collect/kernel/netlink/format.ts'
import { fromHex } from './hex.ts'

const at = (written: string) => bytesOf(fromHex(written))

test.each([
  ['2001 0db8 0000 0000 0000 0000 0000 0001', '2001:db8::1'],
  ['0000 0000 0000 0000 0000 0000 0000 0000', '::'],
  ['0000 0000 0000 0000 0000 0000 0000 0001', '::1'],
  ['0001 0000 0000 0000 0000 0000 0000 0000', '1::'],
  ['fe80 0000 0000 0000 0042 acff fe11 0002', 'fe80::42:acff:fe11:2'],
  // RFC 5952, 4.2.2: one zero group is not shortened.
  ['2001 0db8 0000 0001 0001 0001 0001 0001', '2001:db8:0:1:1:1:1:1'],
  // 4.2.3: the first of two runs of equal length, otherwise the longer one.
  ['2001 0db8 0000 0000 0001 0000 0000 0001', '2001:db8::1:0:0:1'],
  ['2001 0000 0000 0001 0000 0000 0000 0001', '2001:0:0:1::1'],
  ['0001 0002 0003 0004 0005 0006 0000 0000', '1:2:3:4:5:6::'],
  ['0000 0000 0003 0004 0005 0006 0007 0008', '::3:4:5:6:7:8'],
  ['2001 0db8 aaaa bbbb cccc dddd eeee 0001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
  ['0000 0000 0000 0000 0000 ffff c000 0201', '::ffff:192.0.2.1'],
  ['0000 0000 0000 0000 0000 0000 c000 0201', '::192.0.2.1'],
  ['0064 ff9b 0000 0000 0000 0000 c000 0201', '64:ff9b::c000:201'],
])('%s is written %s', (bytes, text) => {
  expect(ipv6(at(bytes), 0)).toBe(text)
})

test('IPv6 is written as the URL standard writes it, dotted forms apart', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
  fc.assert(
    fc.property(fc.tuple(group, group, group, group, group, group, group, group), (groups) => {
      const written = groups.map((each) => each.toString(16).padStart(4, '0')).join(' ')
      const ours = ipv6(at(written), 0)
      fc.pre(!ours.includes('.'))
      const theirs = new URL(`http://[${groups.map((each) => each.toString(16)).join(':')}]/`).hostname
      expect(`[${ours}]`).toBe(theirs)
    }),
  )
})

test('IPv4, hardware addresses and raw bytes', () => {
  expect(ipv4(at('c0000201'), 0)).toBe('192.0.2.1')
  expect(hardwareAddress(at('0242ac110002'), 0, 6)).toBe('02:42:ac:11:00:02')
  expect(hardwareAddress(at('00'), 0, 0)).toBe('')
  expect(hex(at('0800ff'), 0, 3)).toBe('0800ff')
})

test('an address is told by its length', () => {
  expect(address(at('0a000001'), 0, 4)).toBe('10.0.0.1')
  expect(address(at('0242ac110002'), 0, 6)).toBe('02:42:ac:11:00:02')
  expect(address(at('00000000000000000000000000000001'), 0, 16)).toBe('::1')
})
