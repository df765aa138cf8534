/** Bytes written by hand after linux/wireguard.h. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinWireguard, parseWireguard } from '../../../../src/collect/kernel/netlink/parse-wireguard.ts'
import { fromHex, parsed } from './hex.ts'

const keyOf = (byte: string) => byte.repeat(32)
const base64 = (byte: string) => Buffer.from(keyOf(byte), 'hex').toString('base64')

const first = `
  00 01 0000                    // genlmsghdr: WG_CMD_GET_DEVICE, version 1
  0600 0600 6ccc 0000           // WGDEVICE_A_LISTEN_PORT 52332
  0800 0700 ff000000            // WGDEVICE_A_FWMARK 255
  0800 0100 05000000            // WGDEVICE_A_IFINDEX
  2400 0300 ${keyOf('5e')}      // WGDEVICE_A_PRIVATE_KEY
  2400 0400 ${keyOf('aa')}      // WGDEVICE_A_PUBLIC_KEY
  f000 0880                     // WGDEVICE_A_PEERS
  8c00 0080                     // a peer
  2400 0100 ${keyOf('b1')}      // WGPEER_A_PUBLIC_KEY
  2400 0200 ${keyOf('5e')}      // WGPEER_A_PRESHARED_KEY
  1400 0400 0200 ca6c c0000201 0000000000000000 // WGPEER_A_ENDPOINT AF_INET, port 51820
  1400 0600 00f15365 00000000 0000000000000000 // WGPEER_A_LAST_HANDSHAKE_TIME 1700000000
  0c00 0700 0010000001000000    // WGPEER_A_RX_BYTES
  0c00 0800 2a00000000000000    // WGPEER_A_TX_BYTES
  6000 0080                     // another one, cut off after its first allowed address
  2400 0100 ${keyOf('b2')}
  2000 0400 0a00 ca6c 00000000 20010db8000000000000000000000001 00000000
  1800 0980                     // WGPEER_A_ALLOWEDIPS
  1400 0080
  0600 0100 0200 0000           // WGALLOWEDIP_A_FAMILY
  0800 0200 0a000000            // WGALLOWEDIP_A_IPADDR; WGALLOWEDIP_A_CIDR_MASK follows in none`

const second = `
  00 01 0000
  5c00 0880
  5800 0080
  2400 0100 ${keyOf('b2')}
  3000 0980
  2c00 0080
  0600 0100 0a00 0000
  1400 0200 20010db8000000000000000000000000
  0500 0300 20 000000           // WGALLOWEDIP_A_CIDR_MASK 32
  0400 0400 0400 0500`

test('a device: port, mark, key and peers, no secret among them', () => {
  const { value, broken } = parsed(parseWireguard, first)
  expect(broken).toBe(false)
  expect(value).toEqual({
    listenPort: 52332,
    fwmark: 255,
    publicKey: base64('aa'),
    peers: [
      {
        publicKey: base64('b1'),
        endpoint: '192.0.2.1:51820',
        lastHandshake: 1700000000,
        rxBytes: 4294971392,
        txBytes: 42,
        allowedIps: [],
      },
      {
        publicKey: base64('b2'),
        endpoint: '[2001:db8::1]:51820',
        lastHandshake: 0,
        rxBytes: 0,
        txBytes: 0,
        allowedIps: ['10.0.0.0/0'],
      },
    ],
  })
  expect(JSON.stringify(value)).not.toContain(base64('5e'))
})

test('a peer that goes on in the next message is one peer', () => {
  const parts = [first, second].map((each) => parsed(parseWireguard, each).value)
  const joined = joinWireguard(parts.flatMap((part) => part ?? []))
  expect(joined?.listenPort).toBe(52332)
  expect(joined?.peers.map((peer) => [peer.endpoint, peer.allowedIps])).toEqual([
    ['192.0.2.1:51820', []],
    ['[2001:db8::1]:51820', ['10.0.0.0/0', '2001:db8::/32']],
  ])
  expect(joinWireguard([])).toBeNull()
})

test('a device without a key has none', () => {
  expect(parsed(parseWireguard, `00 01 0000 2400 0400 ${keyOf('00')}`).value).toMatchObject({
    publicKey: null,
    peers: [],
  })
})

test('whatever is cut off or overwritten, the parser answers', () => {
  const good = fromHex(first)
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.nat(good.length), (changes, length) => {
      const bytes = Buffer.from(good.subarray(0, length))
      for (const [at, value] of changes) if (at < length) bytes[at] = value
      parsed(parseWireguard, bytes)
    }),
    { numRuns: 2000 },
  )
})
