import { expect, test } from 'vitest'
import { decodePacket } from '../../../src/probe/capture/decode/decode-packet.ts'
import { flowBook } from '../../../src/probe/capture/flow-book.ts'
import { echo, ipv4, tcp, udp, type Ipv4 } from './frames.ts'

const way = ['eth0@c', 'v1', 'br0', 'up0'].map((label, order) => ({ label, order }))

/** A book, and a hand that writes packets into it, each a millisecond after the last. */
function played(links = way) {
  const book = flowBook(links)
  let time = 1000
  return {
    book,
    see: (label: string, bytes: Buffer, direction: 'in' | 'out' | null = null) => {
      const link = links.findIndex((each) => each.label === label)
      return book.note(
        decodePacket(bytes, 101, (address) => address),
        link,
        (time += 1),
        direction,
      )
    },
    later: (ms: number) => (time += ms),
    flows: () => book.seen().flows,
  }
}

const inner = { from: '10.0.0.2', to: '198.51.100.1' }
const outer = { from: '192.0.2.7', to: '198.51.100.1', ttl: 63 }
const request = (seq: number, given: Ipv4 = inner) => ipv4(1, echo(8, 7, seq), given)
const reply = (seq: number, given: Ipv4 = { from: inner.to, to: inner.from, ttl: 63 }) =>
  ipv4(1, echo(0, 7, seq), given)

test('a request that is lost: where it was last seen, and where it should have come next', () => {
  const it = played()
  for (const link of ['eth0@c', 'v1', 'br0']) it.see(link, request(1))
  expect(it.flows()).toEqual([
    {
      flow: 'icmp 10.0.0.2 > 198.51.100.1 id 7',
      translated: [],
      packets: 1,
      seen: ['eth0@c', 'v1', 'br0'].map((link) => ({ link, packets: 1 })),
      lastSeen: 'br0',
      next: 'up0',
      notSeen: ['up0'],
      back: null,
      errors: [],
    },
  ])
})

test('translated on its way it is the same flow, there and back', () => {
  const it = played()
  for (const link of ['eth0@c', 'v1', 'br0']) it.see(link, request(1))
  expect(it.see('up0', request(1, outer))).toBe('icmp 10.0.0.2 > 198.51.100.1 id 7')
  it.see('up0', reply(1, { from: outer.to, to: outer.from, ttl: 64 }))
  for (const link of ['br0', 'v1']) it.see(link, reply(1))
  const [flow, ...others] = it.flows()
  expect(others).toEqual([])
  expect(flow).toMatchObject({
    translated: ['icmp 192.0.2.7 > 198.51.100.1 id 7'],
    lastSeen: 'up0',
    next: null,
  })
  expect(flow?.back).toMatchObject({ lastSeen: 'v1', next: 'eth0@c', notSeen: ['eth0@c'] })
})

test('from outside, to a published port: the other way along the links', () => {
  const it = played()
  const syn = tcp(5000, 8080, 2)
  it.see('up0', ipv4(6, syn, { from: '203.0.113.5', to: '192.0.2.7' }), 'in')
  for (const link of ['br0', 'v1']) {
    it.see(link, ipv4(6, tcp(5000, 80, 2), { from: '203.0.113.5', to: '10.0.0.2', ttl: 63 }))
  }
  const [flow, ...others] = it.flows()
  expect(others).toEqual([])
  expect(flow).toMatchObject({
    flow: 'tcp 203.0.113.5:5000 > 192.0.2.7:8080',
    translated: ['tcp 203.0.113.5:5000 > 10.0.0.2:80'],
    seen: [{ link: 'up0' }, { link: 'br0' }, { link: 'v1' }],
    lastSeen: 'v1',
    next: 'eth0@c',
  })
})

test('seen on the uplink only: what came in was lost there, what went out came as far as that', () => {
  const came = played()
  came.see('up0', request(1), 'in')
  expect(came.flows()[0]).toMatchObject({ lastSeen: 'up0', next: 'br0' })
  const went = played()
  went.see('up0', request(1), 'out')
  expect(went.flows()[0]).toMatchObject({ lastSeen: 'up0', next: null, notSeen: ['eth0@c', 'v1', 'br0'] })
})

test('what merely looks alike stays apart', () => {
  // Two containers that ping the same with the same id, sequence number and payload.
  const links = ['eth0@a', 'eth0@b', 'br0'].map((label, order) => ({ label, order: Math.min(1, order) }))
  const alike = played(links)
  for (const [link, from] of [
    ['eth0@a', '10.0.0.2'],
    ['eth0@b', '10.0.0.3'],
  ] as const) {
    alike.see(link, request(1, { ...inner, from }))
    alike.see('br0', request(1, { ...inner, from }))
  }
  expect(alike.flows().map(({ translated }) => translated)).toEqual([[], []])
  // Much later: an identification that came round again.
  const late = played()
  late.see('v1', request(1))
  late.later(60_000)
  late.see('up0', request(1, outer))
  expect(late.flows()).toHaveLength(2)
  // Both names on one link.
  const both = played()
  both.see('v1', request(1))
  both.see('v1', request(2, outer))
  both.see('up0', request(1, outer))
  expect(both.flows()).toHaveLength(2)
})

test('an ICMP error belongs to the flow that it is about, and goes back', () => {
  const it = played()
  const lost = ipv4(17, udp(4000, 9, Buffer.from('hello there')), inner)
  for (const link of ['eth0@c', 'v1', 'br0']) it.see(link, lost)
  const error = Buffer.concat([Buffer.from([3, 13, 0, 0, 0, 0, 0, 0]), lost.subarray(0, 28)])
  for (const link of ['br0', 'v1', 'eth0@c'])
    it.see(link, ipv4(1, error, { from: '10.0.0.1', to: '10.0.0.2' }))
  const [flow, ...others] = it.flows()
  expect(others).toEqual([])
  expect(flow).toMatchObject({
    flow: 'udp 10.0.0.2:4000 > 198.51.100.1:9',
    lastSeen: 'br0',
    back: { lastSeen: 'eth0@c', next: null },
    errors: ['administratively prohibited, from 10.0.0.1'],
  })
})

test('fragments belong to the flow whose ports only the first one has', () => {
  const it = played()
  it.see('v1', ipv4(17, udp(4000, 9, Buffer.alloc(1472)), { ...inner, id: 99, fragment: 0x2000 }))
  it.see('v1', ipv4(17, Buffer.alloc(500), { ...inner, id: 99, fragment: 185 }))
  expect(it.flows()).toMatchObject([{ flow: 'udp 10.0.0.2:4000 > 198.51.100.1:9', packets: 2 }])
})

test('more flows than anybody looks at cost no more memory', () => {
  const it = played()
  for (let port = 1; port <= 6000; port += 1) it.see('v1', ipv4(6, tcp(port, 80, 2, { seq: port }), inner))
  const { flows, more } = it.book.seen()
  expect(flows).toHaveLength(500)
  expect(more).toBeGreaterThanOrEqual(4500)
})
