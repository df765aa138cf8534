import { expect, test } from 'vitest'
import { parseSocketAddress, socketAddress } from '../../../src/probe/socket/socket-address.ts'

test('struct sockaddr_in and sockaddr_in6, byte for byte', () => {
  expect(socketAddress({ family: 4, address: '192.0.2.1', port: 0x1f90 }).toString('hex')).toBe(
    '02001f90c00002010000000000000000',
  )
  expect(socketAddress({ family: 6, address: 'fe80::1', port: 53, scope: 7 }).toString('hex')).toBe(
    '0a00003500000000fe80000000000000000000000000000107000000',
  )
})

test('what was written is read again', () => {
  for (const address of [
    { family: 4, address: '255.255.255.255', port: 65_535 },
    { family: 4, address: '0.0.0.0', port: 0 },
    { family: 6, address: '2001:db8::ff:0:1', port: 443 },
    { family: 6, address: 'fe80::1', port: 0, scope: 4_294_967_295 },
    { family: 6, address: '::ffff:192.0.2.1', port: 1 },
  ] as const) {
    expect(parseSocketAddress(socketAddress(address))).toEqual(address)
  }
})

test('cut off, empty, or of another family: no address', () => {
  const four = socketAddress({ family: 4, address: '192.0.2.1', port: 1 })
  const six = socketAddress({ family: 6, address: '2001:db8::1', port: 1 })
  for (let length = 0; length < 8; length++) expect(parseSocketAddress(four.subarray(0, length))).toBeNull()
  // The sender of an ICMP error is told in eight bytes.
  expect(parseSocketAddress(four.subarray(0, 8))?.address).toBe('192.0.2.1')
  for (let length = 0; length < 28; length++) expect(parseSocketAddress(six.subarray(0, length))).toBeNull()
  const netlink = Buffer.alloc(28)
  netlink.writeUInt16LE(16, 0)
  expect(parseSocketAddress(netlink)).toBeNull()
})

test('what is no address is a bug of the caller', () => {
  expect(() => socketAddress({ family: 6, address: 'fe80::1%eth0', port: 0 })).toThrow('not an address')
})
