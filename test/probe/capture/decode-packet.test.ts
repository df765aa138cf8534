import { expect, test } from 'vitest'
import { array, assert, constantFrom, integer, nat, property, tuple, uint8Array } from 'fast-check'
import { decodePacket } from '../../../src/probe/capture/decode/decode-packet.ts'
import {
  addr,
  arp,
  dnsAnswer,
  dnsName,
  dnsQuestion,
  echo,
  frame,
  ipv4,
  ipv6,
  macA,
  tcp,
  udp,
} from './frames.ts'

const plain = (address: string): string => address
const decode = (bytes: Buffer, linkType = 1) => decodePacket(bytes, linkType, plain)
const said = (bytes: Buffer, linkType = 1): string => decode(bytes, linkType).text
const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex')

test('a ping as it stood on a wire', () => {
  // Captured on a veth: Ethernet, IPv4 with DF, echo request 1 of id 29.
  const bytes = hex(`
    02 00 00 00 07 01  02 00 00 00 07 02  08 00
    45 00 00 54 a6 f2 40 00 40 01 00 00  0a 07 00 02  c6 33 64 01
    08 00 00 00 00 1d 00 01  ${'00'.repeat(56)}`)
  expect(decode(bytes)).toMatchObject({
    text: '10.7.0.2 > 198.51.100.1: ICMP echo request, id 29, seq 1, length 64',
    flow: { protocol: 'icmp', source: '10.7.0.2', destination: '198.51.100.1', id: 29 },
    ttl: 64,
  })
})

test('ARP: question, answer, announcement, probe', () => {
  expect(said(frame(0x0806, arp(1, '10.0.0.1', '10.0.0.2')))).toBe('ARP who has 10.0.0.2, tell 10.0.0.1')
  expect(said(frame(0x0806, arp(2, '10.0.0.1', '10.0.0.2')))).toBe(`ARP 10.0.0.1 is at ${macA}`)
  expect(said(frame(0x0806, arp(1, '10.0.0.1', '10.0.0.1')))).toBe(`ARP announcement, 10.0.0.1 is at ${macA}`)
  expect(said(frame(0x0806, arp(1, '0.0.0.0', '10.0.0.2')))).toBe('ARP probe, does anybody have 10.0.0.2')
})

test('TCP: handshake, data, end, with the options that matter', () => {
  const mss = hex('02 04 05 b4 01 03 03 07')
  const of = (...args: Parameters<typeof tcp>) => said(frame(0x0800, ipv4(6, tcp(...args))))
  expect(of(40_000, 80, 2, { options: mss })).toBe(
    '10.0.0.1:40000 > 10.0.0.2:80: TCP SYN, seq 1000, win 64240, mss 1460, length 0',
  )
  expect(of(80, 40_000, 0x12, { seq: 5, ack: 1001 })).toContain('TCP SYN ACK, seq 5, ack 1001, win 64240')
  expect(of(40_000, 80, 0x10, { ack: 6 })).toBe(
    '10.0.0.1:40000 > 10.0.0.2:80: TCP ACK, ack 6, win 64240, length 0',
  )
  expect(of(40_000, 80, 0x18, { payload: Buffer.from('GET /a HTTP/1.1\r\nHost: x\r\n') })).toMatch(
    /TCP PSH ACK, seq 1000, ack 0, win 64240, length 26: GET \/a HTTP\/1.1$/,
  )
  expect(of(40_000, 80, 4)).toContain('TCP RST, seq 1000')
  expect(of(40_000, 80, 0x11)).toContain('TCP FIN ACK, seq 1000')
})

test('DNS: question, answers, names of answers, errors', () => {
  const of = (payload: Buffer) => said(frame(0x0800, ipv4(17, udp(4000, 53, payload))))
  const back = (payload: Buffer) => said(frame(0x0800, ipv4(17, udp(53, 4000, payload))))
  expect(of(dnsQuestion('www.example.org', 1))).toBe(
    '10.0.0.1:4000 > 10.0.0.2:53: DNS query A www.example.org, id 4711',
  )
  expect(
    back(
      dnsAnswer('www.example.org', 1, [
        { type: 5, data: dnsName('cdn.example.net') },
        { type: 1, data: addr('192.0.2.7') },
      ]),
    ),
  ).toContain('DNS answer A www.example.org: CNAME cdn.example.net, A 192.0.2.7, id 4711')
  expect(
    back(dnsAnswer('www.example.org', 28, [{ type: 28, data: hex(`20010db8${'00'.repeat(11)}05`) }])),
  ).toContain('AAAA 2001:db8::5')
  expect(back(dnsAnswer('nope.example', 1, [], 3))).toContain('DNS answer A nope.example: NXDOMAIN')
  expect(back(dnsAnswer('empty.example', 28, []))).toContain('no records')
  // A name that points at itself ends.
  const loop = Buffer.concat([hex('1267 0100 0001 0000 0000 0000'), hex('c00c 0001 0001')])
  expect(of(loop)).toContain('DNS query')
})

test('what a packet says reaches no terminal as control', () => {
  const nasty = '\x1b]0;owned\x07'
  const texts = [
    [said(frame(0x0800, ipv4(17, udp(4000, 53, dnsQuestion(`${nasty}.org`, 1))))), '\\027]0;owned\\007'],
    [
      said(frame(0x0800, ipv4(6, tcp(1, 80, 24, { payload: Buffer.from(`GET /${nasty} HTTP/1.1\r\n`) })))),
      '\\x1b]0;owned\\x07',
    ],
  ] as const
  for (const [text, harmless] of texts) {
    expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
    expect(text).toContain(harmless)
  }
})

test('DHCP in short', () => {
  const bytes = Buffer.alloc(247)
  bytes[0] = 2
  addr('10.0.0.77').copy(bytes, 16)
  hex('02000000000a').copy(bytes, 28)
  hex('63825363 350105 ff').copy(bytes, 236)
  expect(said(frame(0x0800, ipv4(17, udp(67, 68, bytes))))).toContain(`DHCP ack for ${macA}, 10.0.0.77`)
})

test('VLAN tags, also two of them', () => {
  const inner = ipv4(1, echo(8, 1, 1))
  expect(said(frame(0x8100, Buffer.concat([hex('0064 0800'), inner])))).toMatch(/^vlan 100, 10\.0\.0\.1 > /)
  expect(said(frame(0x88a8, Buffer.concat([hex('0005 8100 0064 0800'), inner])))).toMatch(
    /^vlan 5, vlan 100, 10\.0\.0\.1 > /,
  )
})

test('VXLAN: the inner packet is told, and its flow is the one that is followed', () => {
  const inner = frame(0x0800, ipv4(1, echo(8, 9, 1), { from: '172.20.0.2', to: '172.20.0.3' }))
  const outer = frame(0x0800, ipv4(17, udp(50_000, 4789, Buffer.concat([hex('08000000 00002a00'), inner]))))
  const { text, flow } = decode(outer)
  expect(text).toBe(
    '10.0.0.1:50000 > 10.0.0.2:4789: VXLAN vni 42: 172.20.0.2 > 172.20.0.3: ICMP echo request, id 9, seq 1, length 16',
  )
  expect(flow).toMatchObject({ source: '172.20.0.2', destination: '172.20.0.3', id: 9 })
})

test('tunnels in tunnels end', () => {
  let bytes = ipv4(1, echo(8, 9, 1))
  for (let count = 0; count < 20; count += 1) bytes = ipv4(4, bytes)
  expect(said(frame(0x0800, bytes))).toMatch(/IPIP, length \d+$/)
})

test('an ICMP error is about the flow that it quotes', () => {
  const lost = ipv4(17, udp(4000, 9, Buffer.from('x')), { from: '10.0.0.1', to: '192.0.2.9' })
  const error = Buffer.concat([hex('03 0d 0000 00000000'), lost.subarray(0, 28)])
  const { text, flow } = decode(frame(0x0800, ipv4(1, error, { from: '10.0.0.254', to: '10.0.0.1' })))
  expect(text).toBe(
    '10.0.0.254 > 10.0.0.1: ICMP administratively prohibited (10.0.0.1:4000 > 192.0.2.9:9: UDP, length 1)',
  )
  expect(flow).toMatchObject({
    protocol: 'udp',
    source: '10.0.0.1',
    sourcePort: 4000,
    destinationPort: 9,
    error: 'administratively prohibited, from 10.0.0.254',
  })
  const tooBig = Buffer.concat([hex('03 04 0000 0000 0578'), lost.subarray(0, 28)])
  expect(said(frame(0x0800, ipv4(1, tooBig)))).toContain('ICMP fragmentation needed, mtu 1400 (')
})

test('fragments, options, a ttl that runs out', () => {
  const payload = Buffer.alloc(16)
  expect(said(frame(0x0800, ipv4(17, payload, { fragment: 0x2000, id: 77 })))).toContain(
    'first fragment of id 77',
  )
  const later = decode(frame(0x0800, ipv4(17, payload, { fragment: 185, id: 77 })))
  expect(later.text).toBe('10.0.0.1 > 10.0.0.2: udp fragment of id 77 at 1480, length 16')
  expect(later.flow?.fragment).toEqual({ id: 77, first: false })
  expect(said(frame(0x0800, ipv4(1, echo(8, 1, 1), { options: hex('94040000') })))).toContain('IP options')
  expect(said(frame(0x0800, ipv4(1, echo(8, 1, 1), { ttl: 1 })))).toContain(', ttl 1')
})

test('IPv6 with extension headers, fragments, neighbours', () => {
  const ping = echo(128, 3, 4)
  expect(said(frame(0x86dd, ipv6(58, ping)))).toBe(
    '2001:db8::1 > 2001:db8::2: ICMPv6 echo request, id 3, seq 4, length 16',
  )
  const options = Buffer.concat([hex('3a00 0104 00000000'), ping])
  expect(said(frame(0x86dd, ipv6(0, options)))).toContain('ICMPv6 echo request, id 3, seq 4, length 16')
  const first = Buffer.concat([hex('1100 0001 0000002a'), udp(1, 2, Buffer.alloc(8))])
  expect(said(frame(0x86dd, ipv6(44, first)))).toContain('first fragment of id 42')
  const second = Buffer.concat([hex('1100 0039 0000002a'), Buffer.alloc(8)])
  expect(said(frame(0x86dd, ipv6(44, second)))).toContain('udp fragment of id 42 at 56, length 8')
  const target = `20010db8${'00'.repeat(11)}09`
  expect(said(frame(0x86dd, ipv6(58, hex(`87000000 00000000 ${target} 0101 02000000000a`))))).toContain(
    'ICMPv6 neighbour solicitation, who has 2001:db8::9',
  )
  expect(said(frame(0x86dd, ipv6(58, hex(`88000000 60000000 ${target} 0201 02000000000a`))))).toContain(
    `neighbour advertisement, 2001:db8::9 is at ${macA}`,
  )
  expect(said(frame(0x86dd, ipv6(6, tcp(1, 2, 2))))).toMatch(
    /^\[2001:db8::1\]:1 > \[2001:db8::2\]:2: TCP SYN/,
  )
})

test('other link types: cooked, raw, loopback; and what nobody knows', () => {
  const packet = ipv4(1, echo(0, 1, 1))
  const reply = '10.0.0.1 > 10.0.0.2: ICMP echo reply, id 1, seq 1, length 16'
  expect(said(packet, 101)).toBe(reply)
  expect(said(Buffer.concat([Buffer.alloc(14), hex('0800'), packet]), 113)).toBe(reply)
  expect(said(Buffer.concat([hex('0800'), Buffer.alloc(18), packet]), 276)).toBe(reply)
  expect(said(Buffer.concat([hex('02000000'), packet]), 0)).toBe(reply)
  expect(said(packet, 147)).toBe('link type 147, length 36')
  expect(said(frame(0x88cc, Buffer.alloc(40)))).toContain('LLDP, length 40')
  expect(said(frame(0x1234, Buffer.alloc(4)))).toContain('ethertype 0x1234')
  expect(said(frame(0x0026, hex('424203')))).toContain('spanning tree, length 38')
  expect(said(frame(0x0800, ipv4(132, Buffer.alloc(12))))).toBe('10.0.0.1 > 10.0.0.2: SCTP, length 12')
  expect(said(frame(0x0800, ipv4(253, Buffer.alloc(12))))).toBe(
    '10.0.0.1 > 10.0.0.2: protocol 253, length 12',
  )
})

test('names stand in place of addresses', () => {
  const nameOf = (address: string) => (address === '10.0.0.2' ? 'redis123' : address)
  expect(decodePacket(frame(0x0800, ipv4(6, tcp(1, 6379, 2))), 1, nameOf).text).toMatch(
    /^10\.0\.0\.1:1 > redis123:6379: TCP SYN/,
  )
})

test('translation keeps the fingerprint; another packet has another', () => {
  const of = (bytes: Buffer) => decode(frame(0x0800, bytes)).fingerprint
  const before = of(ipv4(6, tcp(4000, 80, 2), { from: '10.0.0.1' }))
  expect(of(ipv4(6, tcp(61_000, 80, 2), { from: '192.0.2.1', ttl: 63 }))).toBe(before)
  expect(of(ipv4(6, tcp(4000, 80, 2, { seq: 1001 })))).not.toBe(before)
  expect(of(ipv4(1, echo(8, 5, 1), { from: '192.0.2.1' }))).toBe(of(ipv4(1, echo(8, 900, 1))))
  expect(of(ipv4(1, echo(8, 5, 2)))).not.toBe(of(ipv4(1, echo(8, 5, 1))))
  expect(of(ipv4(1, echo(8, 5, 1, 'other'.padEnd(8))))).not.toBe(of(ipv4(1, echo(8, 5, 1))))
})

/** Whole packets, from which pieces are cut and bytes changed: noise alone would hardly get past the first header. */
const whole: readonly Buffer[] = [
  frame(0x0806, arp(1, '10.0.0.1', '10.0.0.2')),
  frame(
    0x0800,
    ipv4(6, tcp(1, 80, 24, { options: hex('020405b4'), payload: Buffer.from('GET / HTTP/1.1\r\n') })),
  ),
  frame(0x0800, ipv4(17, udp(53, 4000, dnsAnswer('a.example', 1, [{ type: 1, data: addr('192.0.2.7') }])))),
  frame(0x0800, ipv4(17, udp(67, 68, Buffer.alloc(300, 1)))),
  frame(0x0800, ipv4(1, Buffer.concat([hex('0304000000000578'), ipv4(17, udp(1, 2, Buffer.alloc(9)))]))),
  frame(
    0x8100,
    Buffer.concat([hex('00640800'), ipv4(47, Buffer.concat([hex('00000800'), ipv4(1, echo(8, 1, 1))]))]),
  ),
  frame(
    0x0800,
    ipv4(
      17,
      udp(1, 4789, Buffer.concat([hex('0800000000002a00'), frame(0x86dd, ipv6(58, echo(128, 1, 1)))])),
    ),
  ),
  frame(
    0x86dd,
    ipv6(
      0,
      Buffer.concat([
        hex('2b00010400000000'),
        hex('2c00000000000000'),
        hex('1100000100000001'),
        udp(1, 5353, dnsQuestion('b', 28)),
      ]),
    ),
  ),
  frame(0x86dd, ipv6(58, Buffer.concat([hex('01000000 00000000'), ipv6(17, udp(1, 2, Buffer.alloc(9)))]))),
]
const linkTypes = [0, 1, 101, 108, 113, 228, 229, 276, 12, 147]

test('whatever the bytes are, it is one harmless line and no exception', () => {
  assert(
    property(
      constantFrom(...whole),
      array(tuple(nat(400), integer({ min: 0, max: 255 })), { maxLength: 8 }),
      nat(400),
      constantFrom(...linkTypes),
      (bytes, changes, length, linkType) => {
        const copy = Buffer.from(bytes)
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value
        const { text } = decode(copy.subarray(0, length), linkType)
        expect(text.length).toBeGreaterThan(0)
        expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f]|undefined|NaN/)
      },
    ),
    { numRuns: 8000 },
  )
  assert(
    property(uint8Array({ maxLength: 120 }), constantFrom(...linkTypes), (bytes, linkType) => {
      expect(said(Buffer.from(bytes), linkType)).not.toMatch(/[\x00-\x1f\x7f-\x9f]|undefined|NaN/)
    }),
    { numRuns: 3000 },
  )
})

test('each packet cut at each length', () => {
  for (const bytes of whole) {
    for (let length = 0; length <= bytes.length; length += 1) {
      expect(said(bytes.subarray(0, length))).not.toMatch(/undefined|NaN/)
    }
  }
})
