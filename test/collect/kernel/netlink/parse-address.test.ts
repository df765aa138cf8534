/** Bytes written by hand after linux/if_addr.h. */
import { expect, test } from 'vitest'
import { parseAddress } from '../../../../src/collect/kernel/netlink/parse-address.ts'
import { parsed } from './hex.ts'

test('an IPv4 address with broadcast and label', () => {
  expect(
    parsed(
      parseAddress,
      `
      02 18 80 00 04000000          // ifaddrmsg: AF_INET, /24, IFA_F_PERMANENT, global, ifindex 4
      0800 0100 0a000005            // IFA_ADDRESS
      0800 0200 0a000005            // IFA_LOCAL
      0800 0400 0a0000ff            // IFA_BROADCAST
      0900 0300 6574683000 000000   // IFA_LABEL "eth0"
      0800 0800 80020000            // IFA_FLAGS permanent, noprefixroute
      1400 0600 ffffffff ffffffff 00000000 00000000`,
    ),
  ).toEqual({
    broken: false,
    value: {
      ifindex: 4,
      family: 'inet',
      local: '10.0.0.5',
      peer: null,
      prefixLen: 24,
      broadcast: '10.0.0.255',
      scope: 'global',
      label: 'eth0',
      flags: ['permanent', 'noprefixroute'],
      validLifetime: null,
      preferredLifetime: null,
      protocol: null,
    },
  })
})

test('point to point: the local address and the peer', () => {
  const { value } = parsed(parseAddress, '02 20 80 fd 04000000 0800 0100 0a000002 0800 0200 0a000001')
  expect(value).toMatchObject({ local: '10.0.0.1', peer: '10.0.0.2', prefixLen: 32, scope: 'link' })
})

test('an IPv6 address whose duplicate was found, from a router, for an hour', () => {
  expect(
    parsed(
      parseAddress,
      `
      0a 40 00 00 02000000
      1400 0100 20010db8000000000000000000000001
      0800 0800 49010000            // IFA_FLAGS temporary, dadfailed, tentative, mngtmpaddr
      1400 0600 08070000 100e0000 00000000 00000000
      0500 0b00 02 000000           // IFA_PROTO IFAPROT_KERNEL_RA`,
    ).value,
  ).toMatchObject({
    family: 'inet6',
    local: '2001:db8::1',
    label: null,
    flags: ['temporary', 'dadfailed', 'tentative', 'mngtmpaddr'],
    preferredLifetime: 1800,
    validLifetime: 3600,
    protocol: 'kernel_ra',
  })
})

test('bit 0 is `secondary` for IPv4; without IFA_FLAGS the header has the flags', () => {
  expect(parsed(parseAddress, '02 18 81 00 04000000 0800 0200 0a000006').value).toMatchObject({
    flags: ['secondary', 'permanent'],
  })
})

test('other families are passed over, a cut header is broken', () => {
  expect(parsed(parseAddress, '1c 18 80 00 04000000')).toEqual({ value: null, broken: false })
  expect(parsed(parseAddress, '02 18 80')).toEqual({ value: null, broken: true })
})
