/** Bytes written by hand after linux/netfilter/nfnetlink_conntrack.h; numbers in them are big-endian. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseConnection } from '../../../../src/collect/kernel/conntrack/parse-connection.ts'
import { parseStats, summed } from '../../../../src/collect/kernel/conntrack/parse-stats.ts'
import { mayAsk } from '../../../../src/collect/kernel/conntrack/read-conntrack.ts'
import { kernelModules } from '../../../../src/collect/facts/modules.ts'
import { fromHex, parsed } from '../netlink/hex.ts'

/** TCP from a container to the world, masqueraded; byte counters on. */
const masqueraded = `
  02 00 0000                        // nfgenmsg: AF_INET
  3400 0180                         // CTA_TUPLE_ORIG
  1400 0180                         // CTA_TUPLE_IP
  0800 0100 ac110002                // CTA_IP_V4_SRC 172.17.0.2
  0800 0200 01010101                // CTA_IP_V4_DST 1.1.1.1
  1c00 0280                         // CTA_TUPLE_PROTO
  0500 0100 06 000000               // CTA_PROTO_NUM TCP
  0600 0200 9c41 0000               // CTA_PROTO_SRC_PORT 40001
  0600 0300 01bb 0000               // CTA_PROTO_DST_PORT 443
  3400 0280                         // CTA_TUPLE_REPLY
  1400 0180 0800 0100 01010101 0800 0200 c0000202
  1c00 0280 0500 0100 06 000000 0600 0200 01bb 0000 0600 0300 9c42 0000
  0800 0300 0000019e                // CTA_STATUS: SEEN_REPLY ASSURED CONFIRMED SRC_NAT SRC_NAT_DONE DST_NAT_DONE
  0800 0700 00069780                // CTA_TIMEOUT 432000
  1c00 0980                         // CTA_COUNTERS_ORIG
  0c00 0100 0000000000000003        // packets
  0c00 0200 0000000100000002        // bytes, more than 32 bits
  1c00 0a80 0c00 0100 0000000000000002 0c00 0200 0000000000000070
  3000 0480                         // CTA_PROTOINFO
  2c00 0180                         // CTA_PROTOINFO_TCP
  0500 0100 03 000000               // state ESTABLISHED
  0500 0200 07 000000 0500 0300 07 000000 0600 0400 2323 0000 0600 0500 2323 0000
  0800 0800 0000002a                // CTA_MARK 42
  0800 0c00 1234abcd                // CTA_ID
  0800 0b00 00000002                // CTA_USE`

test('a masqueraded TCP connection', () => {
  const { value, broken } = parsed(parseConnection, masqueraded)
  expect(broken).toBe(false)
  expect(value).toEqual({
    family: 'ip',
    protocol: 'tcp',
    zone: 0,
    mark: 42,
    status: ['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'SRC_NAT', 'SRC_NAT_DONE', 'DST_NAT_DONE'],
    state: 'ESTABLISHED',
    timeout: 432000,
    original: {
      source: '172.17.0.2',
      destination: '1.1.1.1',
      sourcePort: 40001,
      destinationPort: 443,
      icmp: null,
    },
    reply: {
      source: '1.1.1.1',
      destination: '192.0.2.2',
      sourcePort: 443,
      destinationPort: 40002,
      icmp: null,
    },
    packets: { original: 3, reply: 2 },
    bytes: { original: 4294967298, reply: 112 },
  })
})

test('ICMPv6 in a zone, without counters', () => {
  const ping = `
    0a 00 0000
    5400 0180
    2c00 0180
    1400 0300 fd000001000000000000000000000002
    1400 0400 fd000009000000000000000000000002
    2400 0280
    0500 0100 3a 000000
    0600 0700 0b0b 0000               // CTA_PROTO_ICMPV6_ID
    0500 0800 80 000000               // type 128
    0500 0900 00 000000
    5400 0280
    2c00 0180 1400 0300 fd000009000000000000000000000002 1400 0400 fd000001000000000000000000000002
    2400 0280 0500 0100 3a 000000 0600 0700 0b0b 0000 0500 0800 81 000000 0500 0900 00 000000
    0800 0300 0000000a
    0800 0700 0000001d
    0600 1200 0007 0000               // CTA_ZONE 7`
  const { value, broken } = parsed(parseConnection, ping)
  expect(broken).toBe(false)
  expect(value).toMatchObject({
    family: 'ip6',
    protocol: 'icmpv6',
    zone: 7,
    mark: 0,
    status: ['SEEN_REPLY', 'CONFIRMED'],
    state: null,
    timeout: 29,
    packets: null,
    bytes: null,
  })
  expect(value?.original).toEqual({
    source: 'fd00:1::2',
    destination: 'fd00:9::2',
    sourcePort: null,
    destinationPort: null,
    icmp: { type: 128, code: 0, id: 0x0b0b },
  })
  expect(value?.reply.icmp?.type).toBe(129)
})

/** A tuple of IPv4 with the attributes of its protocol, in either direction the same. */
function entry(proto: string, more: string): string {
  const written = fromHex(proto).length
  const inner = (4 + written).toString(16).padStart(2, '0')
  const outer = (4 + 20 + 4 + written).toString(16).padStart(2, '0')
  const tuple = (type: string) =>
    `${outer}00 ${type}80 1400 0180 0800 0100 0a000001 0800 0200 0a000002 ${inner}00 0280 ${proto}`
  return `02 00 0000 ${tuple('01')} ${tuple('02')} ${more}`
}

test('offloaded: no timeout, and both bits named', () => {
  const written = entry(
    '0500 0100 11 000000 0600 0200 0035 0000 0600 0300 0036 0000',
    '0800 0300 0000c00e', // HW_OFFLOAD OFFLOAD, CONFIRMED ASSURED SEEN_REPLY
  )
  expect(parsed(parseConnection, written).value).toMatchObject({
    protocol: 'udp',
    timeout: null,
    status: ['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'OFFLOAD', 'HW_OFFLOAD'],
  })
})

test('SCTP and DCCP states, a protocol without a name, GRE without ports, an unknown status bit', () => {
  const state = (attribute: string, value: string) =>
    `1000 0480 0c00 ${attribute}80 0500 0100 ${value} 000000`
  const of = (number: string, more: string) =>
    parsed(parseConnection, entry(`0500 0100 ${number} 000000 0600 0200 0001 0000 0600 0300 0002 0000`, more))
      .value
  expect(of('84', state('03', '05'))).toMatchObject({ protocol: 'sctp', state: 'SHUTDOWN_SENT' })
  expect(of('21', state('02', '04'))).toMatchObject({ protocol: 'dccp', state: 'OPEN' })
  expect(of('06', state('01', '63'))).toMatchObject({ protocol: 'tcp', state: '99' })
  expect(of('2f', '')?.original).toMatchObject({ sourcePort: null, destinationPort: null, icmp: null })
  expect(of('fd', '0800 0300 80000000')).toMatchObject({ protocol: '253', status: ['BIT_31'] })
})

test('a zone of one direction', () => {
  const written = `02 00 0000
    2800 0180 1400 0180 0800 0100 0a000001 0800 0200 0a000002 0800 0280 04000500 0600 0300 0009 0000`
  const reply = `2000 0280 1400 0180 0800 0100 0a000002 0800 0200 0a000001 0800 0280 04000500`
  expect(parsed(parseConnection, `${written} ${reply}`).value).toMatchObject({ zone: 9, protocol: '0' })
})

test('another family is left out; what is cut short is broken, never a wrong entry', () => {
  expect(parsed(parseConnection, '07 00 0000')).toEqual({ value: null, broken: false })
  expect(parsed(parseConnection, '02 00')).toEqual({ value: null, broken: true })
  const whole = fromHex(masqueraded)
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 0x6c - 1 }), (length) => {
      const { value, broken } = parsed(parseConnection, whole.subarray(0, length))
      expect(value === null && broken).toBe(true)
    }),
  )
})

test('any bytes: a value or a complaint, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      const message = Buffer.concat([Buffer.from([2, 0, 0, 0]), noise])
      parsed(parseConnection, message)
      parsed(parseStats, message)
    }),
  )
})

test('statistics are summed over the processors', () => {
  const one = `
    00 00 0000
    0800 0200 00000005 0800 0400 00000001   // found, invalid
    0800 0800 00000000 0800 0900 00000002   // insert, insert_failed
    0800 0a00 00000003 0800 0b00 00000004   // drop, early_drop
    0800 0c00 00000000 0800 0d00 0000000a   // error, search_restart
    0800 0e00 00000001 0800 0f00 00000007`
  const first = parsed(parseStats, one).value ?? {}
  expect(first).toEqual({
    found: 5,
    invalid: 1,
    insert: 0,
    insert_failed: 2,
    drop: 3,
    early_drop: 4,
    error: 0,
    search_restart: 10,
    clash_resolve: 1,
    chain_toolong: 7,
  })
  expect(summed([first, { found: 1, drop: 2 }])).toMatchObject({ found: 6, drop: 5, chain_toolong: 7 })
})

test('what is not loaded is not asked, because asking would load it', () => {
  const modules = (loadable: boolean, loaded: readonly string[], symbols: readonly string[]) =>
    kernelModules({
      loadable,
      loaded: new Set(loaded),
      builtIn: { names: null, symbols: new Set(symbols) },
      isTraced: () => false,
    })
  expect(mayAsk(modules(true, ['nf_conntrack'], []))).toBe(false)
  expect(mayAsk(modules(true, ['nf_conntrack', 'nf_conntrack_netlink'], []))).toBe(true)
  expect(mayAsk(modules(true, [], ['NF_CT_NETLINK']))).toBe(true)
  expect(mayAsk(modules(false, [], []))).toBe(true)
  expect(mayAsk(null)).toBe(false)
})
