import { expect, test } from 'vitest'
import type { NfFamily, Rule } from '../../../src/model/ruleset.ts'
import { ct, match, meta, payload, rule } from './nft-rules.ts'

test.each<[string, unknown, NfFamily, Rule['matches']]>([
  [
    'iifname "docker*"',
    match(meta('iifname'), 'docker*'),
    'ip',
    [{ kind: 'interface', side: 'in', not: false, values: ['docker*'] }],
  ],
  [
    'oifname != { "a", "b" }',
    match(meta('oifname'), { set: ['a', 'b'] }, '!='),
    'ip',
    [{ kind: 'interface', side: 'out', not: true, values: ['a', 'b'] }],
  ],
  [
    'ip saddr @blocked',
    match(payload('ip', 'saddr'), '@blocked'),
    'inet',
    [
      { kind: 'family', not: false, values: ['ip'] },
      { kind: 'address', side: 'source', not: false, values: ['@blocked'] },
    ],
  ],
  [
    'ip6 daddr != fd00::/8',
    match(payload('ip6', 'daddr'), { prefix: { addr: 'fd00::', len: 8 } }, '!='),
    'ip6',
    [{ kind: 'address', side: 'destination', not: true, values: ['fd00::/8'] }],
  ],
  [
    'tcp dport { 22, 80-90 }',
    match(payload('tcp', 'dport'), { set: [22, { range: [80, 90] }] }),
    'ip',
    [
      { kind: 'protocol', not: false, values: ['tcp'] },
      { kind: 'port', side: 'destination', not: false, values: ['22', '80-90'] },
    ],
  ],
  [
    'udp sport >= 1024',
    match(payload('udp', 'sport'), 1024, '>='),
    'ip',
    [
      { kind: 'protocol', not: false, values: ['udp'] },
      { kind: 'port', side: 'source', not: false, values: ['1024-65535'] },
    ],
  ],
  [
    'meta nfproto ipv6',
    match(meta('nfproto'), 'ipv6'),
    'inet',
    [{ kind: 'family', not: false, values: ['ip6'] }],
  ],
  [
    'meta l4proto { tcp, udp }',
    match(meta('l4proto'), { set: ['tcp', 'udp'] }),
    'ip',
    [{ kind: 'protocol', not: false, values: ['tcp', 'udp'] }],
  ],
  [
    'th dport 53',
    match(payload('th', 'dport'), 53),
    'ip',
    [{ kind: 'port', side: 'destination', not: false, values: ['53'] }],
  ],
  [
    'ct state established,related',
    match(ct('state'), ['established', 'related'], 'in'),
    'ip',
    [{ kind: 'ctstate', not: false, values: ['ESTABLISHED', 'RELATED'] }],
  ],
  [
    'ct status dnat',
    match(ct('status'), 'dnat', 'in'),
    'ip',
    [{ kind: 'ctstate', not: false, values: ['DNAT'] }],
  ],
  [
    'ct status assured',
    match(ct('status'), 'assured', 'in'),
    'ip',
    [{ kind: 'opaque', text: 'ct status assured' }],
  ],
  [
    'ct original daddr 10.0.0.1',
    match({ ct: { key: 'daddr', dir: 'original' } }, '10.0.0.1'),
    'ip',
    [{ kind: 'opaque', text: 'ct original daddr 10.0.0.1' }],
  ],
  [
    'meta mark 0x0000ca6c',
    match(meta('mark'), 0xca6c),
    'ip',
    [{ kind: 'mark', of: 'packet', not: false, value: '0xca6c', mask: null }],
  ],
  [
    'ct mark & 0x000000ff != 0x00000001',
    match({ '&': [ct('mark'), 255] }, 1, '!='),
    'ip',
    [{ kind: 'mark', of: 'connection', not: true, value: '0x1', mask: '0xff' }],
  ],
  [
    'fib daddr type local',
    match({ fib: { result: 'type', flags: ['daddr'] } }, 'local'),
    'ip',
    [{ kind: 'addrtype', side: 'destination', not: false, values: ['LOCAL'] }],
  ],
  [
    'fib daddr . iif type local',
    match({ fib: { result: 'type', flags: ['daddr', 'iif'] } }, 'local'),
    'ip',
    [{ kind: 'opaque', text: 'fib daddr . iif type local' }],
  ],
  [
    'tcp flags syn / fin,syn',
    match({ '&': [payload('tcp', 'flags'), ['fin', 'syn']] }, 'syn'),
    'ip',
    [
      { kind: 'protocol', not: false, values: ['tcp'] },
      { kind: 'tcpflags', not: false, mask: ['FIN', 'SYN'], set: ['SYN'] },
    ],
  ],
  [
    'ether saddr 02:00:00:00:00:01',
    match(payload('ether', 'saddr'), '02:00:00:00:00:01'),
    'bridge',
    [{ kind: 'mac', side: 'source', not: false, values: ['02:00:00:00:00:01'] }],
  ],
  [
    'icmp type { echo-request, echo-reply }',
    match(payload('icmp', 'type'), { set: ['echo-request', 'echo-reply'] }),
    'ip',
    [
      { kind: 'protocol', not: false, values: ['icmp'] },
      { kind: 'icmp', not: false, values: ['echo-request', 'echo-reply'] },
    ],
  ],
  [
    'ip daddr . tcp dport { 10.0.0.1 . 80 }',
    match(
      { concat: [payload('ip', 'daddr'), payload('tcp', 'dport')] },
      { set: [{ concat: ['10.0.0.1', 80] }] },
    ),
    'ip',
    [
      { kind: 'address', side: 'destination', not: false, values: ['10.0.0.1'] },
      { kind: 'protocol', not: false, values: ['tcp'] },
      { kind: 'port', side: 'destination', not: false, values: ['80'] },
    ],
  ],
  [
    'ip daddr . tcp dport @pairs',
    match({ concat: [payload('ip', 'daddr'), payload('tcp', 'dport')] }, '@pairs'),
    'ip',
    [{ kind: 'opaque', text: 'ip daddr . tcp dport @pairs' }],
  ],
  [
    'ip daddr & 255.0.255.0 == 10.0.5.0',
    match({ '&': [payload('ip', 'daddr'), '255.0.255.0'] }, '10.0.5.0'),
    'ip',
    [{ kind: 'opaque', text: 'ip daddr & 255.0.255.0 == 10.0.5.0' }],
  ],
  [
    'limit rate over 5/minute burst 9 packets',
    { limit: { rate: 5, burst: 9, per: 'minute', inv: true } },
    'ip',
    [{ kind: 'limit', text: 'over 5/minute burst 9 packets' }],
  ],
  [
    'ct count over 5',
    { 'ct count': { val: 5, inv: true } },
    'ip',
    [{ kind: 'opaque', text: 'ct count over 5' }],
  ],
  [
    'xt match "statistic"',
    { xt: { type: 'match', name: 'statistic' } },
    'ip',
    [{ kind: 'opaque', text: 'xt match "statistic"' }],
  ],
  ['xt match "comment"', { xt: { type: 'match', name: 'comment' } }, 'ip', []],
  [
    'tcp flags syn / fin | syn | rst',
    match({ '&': [payload('tcp', 'flags'), { '|': [{ '|': ['fin', 'syn'] }, 'rst'] }] }, 'syn'),
    'ip',
    [
      { kind: 'protocol', not: false, values: ['tcp'] },
      { kind: 'tcpflags', not: false, mask: ['FIN', 'SYN', 'RST'], set: ['SYN'] },
    ],
  ],
])('match %s', (text, expression, family, matches) => {
  const read = rule([expression], family)
  expect(read.matches).toEqual(matches)
  expect(read.statements).toEqual([])
  expect(read.text).toBe(text)
})
