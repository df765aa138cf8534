import { expect, test } from 'vitest'
import { completed, differenceFrom } from '../../../src/collect/firewall/cross-check.ts'
import { parseIptablesSave } from '../../../src/collect/firewall/parse-iptables-save.ts'
import { parseNftJson } from '../../../src/collect/firewall/parse-nft-json.ts'
import type { CountedChain, NftSeen } from '../../../src/collect/firewall/probe.ts'
import type { NfTable } from '../../../src/model/ruleset.ts'

function table(...lines: readonly string[]): NfTable {
  const text = ['*filter', ':FORWARD ACCEPT [0:0]', ':A - [0:0]', ...lines, 'COMMIT', ''].join('\n')
  const found = parseIptablesSave(text, 'iptables-nft', 'ip').tables[0]
  if (found === undefined) throw new Error('no table')
  return found
}

function seen(...chains: readonly Pick<CountedChain, 'name' | 'use' | 'rules'>[]): NftSeen {
  return {
    compat: true,
    tables: [{ family: 'ip', name: 'filter', handle: 7, flags: ['dormant'] }],
    chains: chains.map((chain, at) => ({
      family: 'ip',
      table: 'filter',
      handle: at + 1,
      devices: [],
      ...chain,
    })),
  }
}

const refuse = () => {
  throw new Error('counted')
}
const printed = table('-A FORWARD -j A', '-A FORWARD -g A', '-A A -j DROP', '-A A -j DROP', '-A A -j DROP')

test('counted rules', () => {
  const counted = (rules: readonly number[]) =>
    seen({ name: 'FORWARD', use: 2, rules: [1, 2] }, { name: 'A', use: 5, rules })
  expect(differenceFrom(printed, counted([3, 4, 5]), refuse)).toBeNull()
  expect(differenceFrom(printed, counted([3, 4, 5, 6]), refuse)).toBe('chain A has 4 rules, 3 were printed')
  expect(differenceFrom(printed, seen({ name: 'B', use: 0, rules: [] }), refuse)).toBe(
    'chain B was not printed',
  )
})

test('too many to count: rules and jumps must add up, else the chain is counted', () => {
  const used = (use: number) =>
    seen({ name: 'FORWARD', use: 2, rules: null }, { name: 'A', use, rules: null })
  expect(differenceFrom(printed, used(5), refuse)).toBeNull()
  expect(differenceFrom(printed, used(6), ({ name }) => (name === 'A' ? 4 : null))).toBe(
    'chain A has 4 rules, 3 were printed',
  )
  // Something else refers to it, or the kernel does not tell.
  expect(differenceFrom(printed, used(6), () => 3)).toBeNull()
  expect(differenceFrom(printed, used(6), () => null)).toBeNull()
})

test('jumps from verdict maps, named or not', () => {
  const jump = { jump: { target: 'A' } }
  const parsed = parseNftJson(
    JSON.stringify({
      nftables: [
        { chain: { family: 'ip', table: 'filter', name: 'A' } },
        {
          map: {
            family: 'ip',
            table: 'filter',
            name: 'm',
            type: 'mark',
            map: 'verdict',
            elem: [
              [1, jump],
              [2, { drop: null }],
            ],
          },
        },
        {
          rule: {
            family: 'ip',
            table: 'filter',
            chain: 'B',
            expr: [
              {
                vmap: {
                  key: { meta: { key: 'iifname' } },
                  data: {
                    set: [
                      ['a', jump],
                      ['b', { goto: { target: 'A' } }],
                    ],
                  },
                },
              },
            ],
          },
        },
      ],
    }),
  )
  const [nft] = parsed.ok ? parsed.value : []
  if (nft === undefined) throw new Error('no table')
  const used = seen({ name: 'A', use: 3, rules: null }, { name: 'B', use: 1, rules: null })
  expect(differenceFrom(nft, used, refuse)).toBeNull()
})

test('what only the kernel told is added', () => {
  const whole = completed(printed, seen({ name: 'A', use: 5, rules: [3, 4, 5] }))
  expect(whole).toMatchObject({ handle: 7, flags: ['dormant'] })
  expect(whole.chains.map(({ handle, rules }) => [handle, rules.map(({ handle }) => handle)])).toEqual([
    [null, [null, null]],
    [1, [3, 4, 5]],
  ])
})
