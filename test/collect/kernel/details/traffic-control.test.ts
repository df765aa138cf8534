import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDiagMessage } from '../../../../src/collect/kernel/details/diag-sockets.ts'
import { parseFilter } from '../../../../src/collect/kernel/details/filters.ts'
import { parseLinkPrograms } from '../../../../src/collect/kernel/details/programs.ts'
import { parseQdisc } from '../../../../src/collect/kernel/details/qdiscs.ts'
import {
  filterParent,
  handleText,
  percentText,
  protocolText,
  rateText,
  sizeText,
  timeText,
} from '../../../../src/collect/kernel/details/tc-words.ts'
import { parseXfrmPolicy } from '../../../../src/collect/kernel/details/xfrm-policies.ts'
import { bytesOf } from '../../../../src/collect/kernel/netlink/bytes.ts'
import { message, messages } from './messages.ts'

const ingress = 0xfffffff2
const egress = 0xfffffff3

function qdisc(name: keyof typeof messages) {
  const { bytes, end } = message(name)
  const found = parseQdisc(bytes, 0, end)
  expect(bytes.broken).toBe(false)
  return found?.qdisc
}

function filter(name: keyof typeof messages, parent: number) {
  const { bytes, end } = message(name)
  const found = parseFilter(bytes, 0, end, 5, parent)
  expect(bytes.broken).toBe(false)
  return found
}

test('netem says what it does to packets', () => {
  expect(qdisc('netem')).toEqual({
    ifindex: 3,
    kind: 'netem',
    handle: '8001:',
    parent: 'root',
    options:
      'limit 1000 delay 100ms 10ms 25% loss 1% duplicate 2% reorder 25% 50% corrupt 0.1% rate 1Mbit gap 1',
    drops: 17,
    backlog: 4500,
  })
})

test('netem of an old kernel counts in ticks of 64 ns', () => {
  expect(qdisc('netemTicks')?.options).toBe('limit 1000 delay 5ms')
})

test('netem with a loss model is not shown as lossless', () => {
  expect(qdisc('netemModel')?.options).toBe('limit 1000 loss model')
})

test('tbf takes the wide rate where the narrow one is full', () => {
  // 5 GB/s × 1 ms of buffer = 5,000,000 bytes; 10⁹ bytes at that rate are 200 ms, less the 1 ms.
  expect(qdisc('tbfWide')?.options).toBe('rate 40Gbit burst 5000000b lat 199ms')
})

test('htb and pfifo', () => {
  expect(qdisc('htb')).toMatchObject({
    handle: '1:',
    options: 'default 0x30 direct_packets_stat 5',
    drops: null,
  })
  expect(qdisc('pfifo')).toMatchObject({ parent: '1:10', options: 'limit 1000p' })
})

test('a filter’s actions name the link that mirred sends to', () => {
  expect(filter('flower', ingress)?.filter).toEqual({
    ifindex: 5,
    kind: 'flower',
    parent: 'ingress',
    priority: 49152,
    protocol: 'ip',
    actions: [
      { kind: 'mirred', redirectTo: 7 },
      { kind: 'gact', redirectTo: null },
    ],
  })
})

test('eBPF is found as a filter and as an action', () => {
  expect(filter('bpf', egress)).toMatchObject({
    filter: { kind: 'bpf', parent: 'egress', protocol: 'all', priority: 1 },
    programs: [{ ifindex: 5, attach: 'tc/egress', id: 812, name: 'cil_to_container' }],
  })
  expect(filter('matchall', 0xffff0000)).toMatchObject({
    filter: { parent: 'ingress', actions: [{ kind: 'bpf', redirectTo: null }] },
    programs: [{ ifindex: 5, attach: 'tc/ingress', id: 99, name: 'sample.o' }],
  })
})

test('messages that only announce a classifier or a hash table are no filters', () => {
  expect(filter('announced', ingress)).toBeNull()
  expect(filter('u32Table', ingress)).toBeNull()
  expect(filter('u32Node', ingress)?.filter.kind).toBe('u32')
})

test('xfrm policies', () => {
  const policy = (name: keyof typeof messages) => parseXfrmPolicy(message(name).bytes, 0, message(name).end)
  expect(policy('policy4')).toEqual({
    src: '10.1.0.0/16',
    dst: '10.2.0.0/24',
    direction: 'out',
    action: 'allow',
    priority: 375423,
    index: 25,
  })
  expect(policy('policy6')).toMatchObject({
    src: 'fd00:1::/64',
    dst: 'fd00:2::/48',
    direction: 'fwd',
    action: 'block',
  })
  expect(policy('policySocket')).toMatchObject({ direction: 'socket out', src: '0.0.0.0/0' })
})

test('sockets of sock_diag tell the bound link and v6only', () => {
  const listen = message('listen6')
  expect(parseDiagMessage(listen.bytes, 0, listen.end, { family: 'inet6', protocol: 'tcp' })).toEqual({
    family: 'inet6',
    protocol: 'tcp',
    local: { address: '::', port: 8080 },
    remote: null,
    state: 'LISTEN',
    boundTo: 4,
    v6only: true,
    uid: 1000,
    inode: '998877',
    recvQueue: 2,
    sendQueue: 511,
  })
  expect(parseDiagMessage(listen.bytes, 0, listen.end, { family: 'inet', protocol: 'tcp' })).toBeNull()
  const established = message('established')
  expect(
    parseDiagMessage(established.bytes, 0, established.end, { family: 'inet', protocol: 'tcp' }),
  ).toMatchObject({
    local: { address: '192.0.2.1', port: 22 },
    remote: { address: '198.51.100.7', port: 51515 },
    state: 'ESTAB',
    boundTo: null,
    v6only: null,
    inode: '4242',
  })
})

test('XDP programs of a link, once each', () => {
  const attached = message('xdp')
  expect(parseLinkPrograms(attached.bytes, 0, attached.end)).toEqual({
    ifindex: 6,
    kind: 'netkit',
    xdp: [77],
  })
  const none = message('noXdp')
  expect(parseLinkPrograms(none.bytes, 0, none.end)).toEqual({ ifindex: 6, kind: null, xdp: [] })
})

const parsers = {
  qdisc: parseQdisc,
  filter: (bytes: ReturnType<typeof bytesOf>, start: number, end: number) =>
    parseFilter(bytes, start, end, 1, ingress),
  policy: parseXfrmPolicy,
  diag: (bytes: ReturnType<typeof bytesOf>, start: number, end: number) =>
    parseDiagMessage(bytes, start, end, { family: 'inet6', protocol: 'tcp' }),
  link: parseLinkPrograms,
}

test('cut or garbled messages never throw, and a cut fixed part is marked as broken', () => {
  const names = fc.constantFrom(...(Object.keys(messages) as (keyof typeof messages)[]))
  fc.assert(
    fc.property(
      names,
      fc.nat(400),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }),
      (name, cut, flips) => {
        const buffer = Buffer.from(messages[name], 'hex')
        for (const [at, value] of flips) if (at < buffer.length) buffer[at] = value
        const part = buffer.subarray(0, Math.min(cut, buffer.length))
        for (const parse of Object.values(parsers)) {
          const bytes = bytesOf(part)
          parse(bytes, 0, part.length)
          if (part.length < 16) expect(bytes.broken).toBe(true)
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test('the words of tc', () => {
  // Expected texts as `tc` of iproute2 6.1 prints them for these values.
  expect([0x80010000, 0x10010, 0xffffffff, 0xffff0000].map(handleText)).toEqual([
    '8001:',
    '1:10',
    'root',
    'ffff:',
  ])
  expect([ingress, egress, 0xfffffff1, 0x10000].map(filterParent)).toEqual([
    'ingress',
    'egress',
    'ingress',
    '1:',
  ])
  expect([125000, 187500, 12, 125, 1_250_000_000, 154321].map(rateText)).toEqual([
    '1Mbit',
    '1500Kbit',
    '96bit',
    '1Kbit',
    '10Gbit',
    '1235Kbit',
  ])
  expect([1600, 4096, 1048576, 1023, 0, 2048.4].map(sizeText)).toEqual([
    '1600b',
    '4Kb',
    '1Mb',
    '1023b',
    '0b',
    '2Kb',
  ])
  expect([100e6, 1.5e9, 20e3, 49.93e6, 0].map(timeText)).toEqual(['100ms', '1.5s', '20us', '49.9ms', '0us'])
  expect([42949673, 4294967, 0xffffffff].map(percentText)).toEqual(['1%', '0.1%', '100%'])
  expect([3, 0x800, 0x86dd, 0x88cc].map(protocolText)).toEqual(['all', 'ip', 'ipv6', '[35020]'])
})
