import { expect, test } from 'vitest'
import { nftWords, withWords } from '../../../src/collect/firewall/nft-words.ts'
import type { Statement } from '../../../src/model/ruleset.ts'
import { tables } from './nft-rules.ts'

function statementOf(
  target: string,
  words: string,
): { readonly text: string; readonly statement: Statement | undefined } {
  const [table] = tables({
    rule: {
      family: 'ip',
      table: 'nat',
      chain: 'A',
      handle: 5,
      expr: [{ xt: { type: 'target', name: target } }],
    },
  })
  if (table === undefined) throw new Error('no table')
  const listed = `table ip6 nat { # handle 1\n\tchain A { # handle 1\n\t\taccept # handle 5\n\t}\n}\ntable ip nat { # handle 2\n\tchain A { # handle 1\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n\t\t ${words} # handle 5\n\t}\n}\n`
  const rule = withWords(table, nftWords(listed)).chains[0]?.rules[0]
  return { text: rule?.text ?? '', statement: rule?.statements[0] }
}

test.each<[string, string, Statement]>([
  [
    'DNAT',
    'counter packets 1 bytes 2 dnat to 10.0.0.2:80',
    { kind: 'dnat', address: '10.0.0.2', ports: '80', map: null, flags: [] },
  ],
  [
    'DNAT',
    'counter packets 1 bytes 2 dnat to [fd00::2]:80 random,persistent',
    { kind: 'dnat', address: 'fd00::2', ports: '80', map: null, flags: ['random', 'persistent'] },
  ],
  [
    'SNAT',
    'counter packets 1 bytes 2 snat to :53',
    { kind: 'snat', address: null, ports: '53', map: null, flags: [] },
  ],
  [
    'MASQUERADE',
    'counter packets 1 bytes 2 masquerade fully-random',
    { kind: 'masquerade', ports: null, flags: ['fully-random'] },
  ],
  ['REDIRECT', 'counter packets 1 bytes 2 redirect to :8080', { kind: 'redirect', ports: '8080', flags: [] }],
  [
    'LOG',
    'counter packets 1 bytes 2 log prefix "x dnat to 10.0.0.9" dnat to 10.0.0.9',
    { kind: 'opaque', text: 'xt target "LOG"' },
  ],
  ['DNAT', 'counter packets 1 bytes 2 xt target "DNAT"', { kind: 'opaque', text: 'xt target "DNAT"' }],
])('%s: %s', (target, words, statement) => {
  expect(statementOf(target, words)).toEqual({
    text: words.replace('counter packets 1 bytes 2', 'counter'),
    statement,
  })
})

test('what nobody hid stays', () => {
  const [table] = tables({
    rule: { family: 'ip', table: 'nat', chain: 'A', handle: 5, expr: [{ accept: null }] },
  })
  if (table === undefined) throw new Error('no table')
  expect(withWords(table, nftWords('table ip nat {\n\tchain A {\n\t\tdrop # handle 5\n\t}\n}\n'))).toEqual(
    table,
  )
})
