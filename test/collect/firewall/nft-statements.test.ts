import { expect, test } from 'vitest'
import type { Rule } from '../../../src/model/ruleset.ts'
import { ct, meta, payload, rule } from './nft-rules.ts'

const mark = meta('mark')

test.each<[string, unknown, Rule['statements'][number]]>([
  ['accept', { accept: null }, { kind: 'accept' }],
  ['continue', { continue: null }, { kind: 'continue' }],
  ['goto web', { goto: { target: 'web' } }, { kind: 'goto', chain: 'web' }],
  ['reject', { reject: null }, { kind: 'reject', with: null }],
  [
    'reject',
    { reject: { type: 'icmp', expr: 'port-unreachable' } },
    { kind: 'reject', with: 'icmp port-unreachable' },
  ],
  ['reject with tcp reset', { reject: { type: 'tcp reset' } }, { kind: 'reject', with: 'tcp reset' }],
  [
    'dnat to 10.0.0.2-10.0.0.9:80-90 random,persistent',
    {
      dnat: {
        addr: { range: ['10.0.0.2', '10.0.0.9'] },
        port: { range: [80, 90] },
        flags: ['random', 'persistent'],
      },
    },
    {
      kind: 'dnat',
      address: '10.0.0.2-10.0.0.9',
      ports: '80-90',
      map: null,
      flags: ['random', 'persistent'],
    },
  ],
  [
    'dnat ip6 to [fd00::2]:80',
    { dnat: { family: 'ip6', addr: 'fd00::2', port: 80 } },
    { kind: 'dnat', address: 'fd00::2', ports: '80', map: null, flags: [] },
  ],
  [
    'dnat to :8080',
    { dnat: { port: 8080 } },
    { kind: 'dnat', address: null, ports: '8080', map: null, flags: [] },
  ],
  [
    'dnat to tcp dport map @m',
    { dnat: { addr: { map: { key: payload('tcp', 'dport'), data: '@m' } } } },
    { kind: 'dnat', address: null, ports: null, map: 'tcp dport map @m', flags: [] },
  ],
  [
    'snat to 192.0.2.1',
    { snat: { addr: '192.0.2.1' } },
    { kind: 'snat', address: '192.0.2.1', ports: null, map: null, flags: [] },
  ],
  [
    'masquerade to :1024-2000 persistent',
    { masquerade: { port: { range: [1024, 2000] }, flags: 'persistent' } },
    { kind: 'masquerade', ports: '1024-2000', flags: ['persistent'] },
  ],
  ['redirect to :80', { redirect: { port: 80 } }, { kind: 'redirect', ports: '80', flags: [] }],
  [
    'meta mark set 0x00000100',
    { mangle: { key: mark, value: 256 } },
    { kind: 'mark', of: 'packet', value: '0x100', mask: null },
  ],
  [
    'meta mark set meta mark | 0x00002000',
    { mangle: { key: mark, value: { '|': [mark, 0x2000] } } },
    { kind: 'mark', of: 'packet', value: '0x2000', mask: '0x2000' },
  ],
  [
    'meta mark set meta mark & 0xffff01ff | 0x00000100',
    { mangle: { key: mark, value: { '|': [{ '&': [mark, 0xffff01ff] }, 0x100] } } },
    { kind: 'mark', of: 'packet', value: '0x100', mask: '0xff00' },
  ],
  [
    'meta mark set meta mark & 0xffffff00',
    { mangle: { key: mark, value: { '&': [mark, 0xffffff00] } } },
    { kind: 'mark', of: 'packet', value: '0x0', mask: '0xff' },
  ],
  [
    'meta mark set meta mark ^ 0x00004000',
    { mangle: { key: mark, value: { '^': [mark, 0x4000] } } },
    { kind: 'opaque', text: 'meta mark set meta mark ^ 0x00004000' },
  ],
  [
    'ct mark set meta mark',
    { mangle: { key: ct('mark'), value: mark } },
    { kind: 'opaque', text: 'ct mark set meta mark' },
  ],
  ['log prefix "a b" flags all', { log: { prefix: 'a b', flags: 'all' } }, { kind: 'log', prefix: 'a b' }],
  [
    'iifname vmap @jumps',
    { vmap: { key: meta('iifname'), data: '@jumps' } },
    { kind: 'vmap', key: ['iifname'], map: 'jumps', elements: [] },
  ],
  [
    'iifname . tcp dport vmap { "docker0" . 80 : jump web, "eth*" . 90-99 : drop }',
    {
      vmap: {
        key: { concat: [meta('iifname'), payload('tcp', 'dport')] },
        data: {
          set: [
            [{ concat: ['docker0', 80] }, { jump: { target: 'web' } }],
            [{ concat: ['eth*', { range: [90, 99] }] }, { drop: null }],
          ],
        },
      },
    },
    {
      kind: 'vmap',
      key: ['iifname', 'tcp dport'],
      map: null,
      elements: [
        { key: 'docker0 . 80', verdict: 'jump web' },
        { key: 'eth* . 90-99', verdict: 'drop' },
      ],
    },
  ],
  ['notrack', { notrack: null }, { kind: 'notrack' }],
  [
    'xt target "DNAT"',
    { xt: { type: 'target', name: 'DNAT' } },
    { kind: 'opaque', text: 'xt target "DNAT"' },
  ],
  ['flow add @ft', { flow: { op: 'add', flowtable: '@ft' } }, { kind: 'opaque', text: 'flow add @ft' }],
  ['future {"a":1}', { future: { a: 1 } }, { kind: 'opaque', text: 'future {"a":1}' }],
])('statement %s', (text, expression, statement) => {
  const read = rule([expression])
  expect(read.statements).toEqual([statement])
  expect(read.text).toBe(text)
})
