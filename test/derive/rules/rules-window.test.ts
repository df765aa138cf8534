import { describe, expect, test } from 'vitest'
import { rulesWindow, type RulesAsked } from '../../../src/derive/rules/rules-window.ts'
import type { Firewall } from '../../../src/model/ruleset.ts'
import type { RulesWindow } from '../../../src/model/rules-window.ts'
import { dockerWorld, hostId, nginxId } from '../../support/docker-world.ts'
import { chain, firewall, iptables, nftMap, nftTable } from '../../support/ruleset.ts'

const nat = iptables(
  'nat',
  `-P PREROUTING
  -P POSTROUTING
  -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
  -A DOCKER -i docker0 -j RETURN
  -A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80`,
)
const filter = iptables('filter', '-P FORWARD\n-A FORWARD -d 172.17.0.2 -j DROP')

function windowOf(rules: Firewall | null, asked: Partial<RulesAsked> = {}): RulesWindow {
  const value = rulesWindow(dockerWorld(rules), hostId, {
    filter: {},
    folded: [],
    from: 0,
    count: 100,
    ...asked,
  })
  if ('unknown' in value) throw new Error(value.unknown)
  return value
}

const drawn = ({ rows }: RulesWindow): readonly string[] =>
  rows.map(({ depth, kind, title, number, target, detail }) =>
    [' '.repeat(depth), kind, title, number, target, detail]
      .filter((each) => each !== '' && each !== null)
      .join(' '),
  )

describe('rows', () => {
  test('all that is shown of a rule is in its row', () => {
    const { rows, size, tables, readAt } = windowOf(firewall([nat]))
    expect(size).toBe(6)
    expect(tables).toEqual([{ backend: 'iptables-nft', family: 'ip', name: 'nat' }])
    expect(readAt).toBeGreaterThan(0)
    expect(rows[0]).toMatchObject({
      kind: 'chain',
      title: 'POSTROUTING',
      about: 'policy ACCEPT  hook postrouting 100',
      unfolds: 'open',
    })
    expect(rows[1]).toMatchObject({
      depth: 1,
      number: 1,
      target: 'MASQUERADE',
      detail: '172.17.0.0/16 > any, not out docker0',
      text: '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
      packets: 0,
      unfolds: null,
      owner: null,
    })
    expect(rows[3]).toMatchObject({ target: 'DOCKER', unfolds: 'open', note: 'Docker: the published ports' })
    expect(rows[5]).toMatchObject({
      depth: 2,
      number: 2,
      about: 'nat DOCKER',
      owner: { netns: nginxId, ifindex: 2, name: 'nginx1' },
    })
    expect(rows[5]?.words).toContain('nginx1 (172.17.0.3) port 80')
  })

  test('of several tables each has its heading, an unread one its reason', () => {
    const value = windowOf(
      firewall([filter, nat], {
        unread: [
          {
            backend: 'nft',
            family: 'inet',
            table: 'mine',
            unknown: 'nft is not installed',
            hint: 'install it',
          },
        ],
      }),
    )
    expect(drawn(value)[0]).toBe('unread nft inet table mine')
    expect(value.rows[0]).toMatchObject({ about: 'nft is not installed', note: 'install it' })
    expect(drawn(value).filter((row) => row.startsWith('table'))).toEqual(['table nat', 'table filter'])
    expect(value.tables.map(({ name }) => name)).toEqual(['nat', 'filter'])
  })

  test('elements of a verdict map stand below the rule that asks it', () => {
    const table = nftTable(
      'ip',
      'mine',
      [
        chain('in', [{ statements: [{ kind: 'vmap', key: ['iifname'], map: 'links', elements: [] }] }], {
          hook: 'input',
          type: 'filter',
          priority: 0,
        }),
        chain('docker', [{ statements: [{ kind: 'drop' }] }]),
      ],
      [nftMap('links', { docker0: 'jump docker', eth0: 'accept' })],
    )
    const { rows } = windowOf(firewall([table]))
    expect(rows[2]).toMatchObject({ kind: 'element', detail: 'docker0', target: 'docker', unfolds: 'open' })
    expect(rows[3]).toMatchObject({ kind: 'rule', depth: 3, target: 'DROP' })
    expect(rows[4]).toMatchObject({ kind: 'element', detail: 'eth0', target: 'accept', unfolds: null })
  })
})

describe('a window', () => {
  test('is as long as it was asked for, with the rows that its first stands below', () => {
    const value = windowOf(firewall([nat]), { from: 5, count: 1 })
    expect(drawn(value)).toEqual(['   rule 2 DNAT tcp :8080, not in docker0 > nginx1 172.17.0.3:80'])
    expect(value.above.map(({ at, row }) => [at, row.title, row.target])).toEqual([
      [2, 'PREROUTING', null],
      [3, '', 'DOCKER'],
    ])
    expect(value.size).toBe(6)
  })

  test('beyond the end is the end', () => {
    const value = windowOf(firewall([nat]), { from: 500, count: 10 })
    expect(value.from).toBe(5)
    expect(value.rows).toHaveLength(1)
  })

  test('knows of folds, and of the table that was chosen', () => {
    const folded = windowOf(firewall([nat]), { folded: ['iptables-nft ip nat PREROUTING/#0'] })
    expect(folded.size).toBe(4)
    expect(folded.rows.at(-1)).toMatchObject({ target: 'DOCKER', unfolds: 'folded' })
    expect(drawn(windowOf(firewall([nat, filter]), { filter: { table: 'filter' } }))).toEqual([
      'chain FORWARD',
      '  rule 1 DROP any > 172.17.0.2',
    ])
  })

  test('of no rules is empty, of rules that were not read there is none', () => {
    expect(windowOf(firewall([]))).toMatchObject({ size: 0, from: 0, rows: [], above: [], tables: [] })
    expect(() => windowOf(null)).toThrow('its rules were not read')
    const asked = { filter: {}, folded: [], from: 0, count: 5 }
    expect(rulesWindow(dockerWorld(null), nginxId, asked)).toHaveProperty('unknown')
  })
})

describe('words that are looked for', () => {
  test('each rule once, below its table and chain; all words must be there, none of those with !', () => {
    const value = windowOf(firewall([nat, filter]), { filter: { text: 'docker0 !return' } })
    expect(drawn(value)).toEqual([
      'table nat',
      'chain POSTROUTING',
      '  rule 1 MASQUERADE 172.17.0.0/16 > any, not out docker0',
      'chain DOCKER',
      '  rule 2 DNAT tcp :8080, not in docker0 > nginx1 172.17.0.3:80',
    ])
  })

  test('a policy is found like a rule that does the same', () => {
    const policies = iptables('filter', '-P INPUT\n-P FORWARD\n-A FORWARD -d 172.17.0.2 -j ACCEPT')
    const withDrop = {
      ...policies,
      chains: policies.chains.map((chain) =>
        chain.name === 'FORWARD' ? { ...chain, policy: 'drop' as const } : chain,
      ),
    }
    const holding = (text: string) => drawn(windowOf(firewall([withDrop]), { filter: { text } }))
    expect(holding('drop')).toEqual(['table filter', 'chain FORWARD'])
    expect(holding('policy')).toContain('chain INPUT')
    // What is only left out asks for no policy.
    expect(holding('!accept')).toEqual([])
    // The rules are the same, the policy is another one now.
    expect(drawn(windowOf(firewall([policies]), { filter: { text: 'drop' } }))).toEqual([])
  })

  test('nothing fits: nothing is shown', () => {
    expect(windowOf(firewall([nat]), { filter: { text: 'nowhere' } }).rows).toEqual([])
    expect(windowOf(firewall([nat]), { filter: { text: '  ' } }).size).toBe(6)
  })
})

test('a window of 30,000 rules costs what one of 300 does', () => {
  const rulesOf = (count: number): Firewall => {
    const text = Array.from({ length: count }, (_, at) => `-A FORWARD -s 10.0.${at >> 8}.${at & 255} -j DROP`)
    return firewall([iptables('filter', ['-P FORWARD', ...text].join('\n'))])
  }
  const asked = { filter: {}, folded: [], count: 40 }
  const worlds = [300, 30_000].map((count) => ({ count, world: dockerWorld(rulesOf(count)), spent: [0] }))
  // In turn, so that both meet the same machine; the first rounds warm up.
  for (let round = 0; round < 60; round += 1) {
    for (const { count, world, spent } of worlds) {
      const began = process.cpuUsage()
      for (let at = 0; at < 5; at += 1)
        rulesWindow(world, hostId, { ...asked, from: Math.floor((count * at) / 5) })
      const { user, system } = process.cpuUsage(began)
      spent.push(user + system)
    }
  }
  const median = (spent: readonly number[]): number => spent.toSorted((a, b) => a - b)[30] ?? 0
  const [few = 0, many = 0] = worlds.map(({ spent }) => median(spent))
  expect(many).toBeLessThan(3 * few)
})

describe('where a rule stands', () => {
  const at = (chainName: string, number: number, table = 'nat') => ({
    netns: hostId,
    backend: 'iptables-nft' as const,
    family: 'ip' as const,
    table,
    chain: chainName,
    number,
  })

  test('of a chain by itself, and below the first jump that leads to it', () => {
    for (const [ref, target] of [
      [at('POSTROUTING', 1), 'MASQUERADE'],
      [at('DOCKER', 2), 'DNAT'],
    ] as const) {
      const { located, rows, from } = windowOf(firewall([nat]), { locate: ref })
      const row = rows[(located?.at ?? 0) - from]
      expect(row).toMatchObject({ key: located?.key, number: ref.number, target })
    }
  })

  test('the window is around it, and what hides it is unfolded, nothing else', () => {
    const open = windowOf(firewall([nat, filter]))
    const jump = open.rows.find(({ target }) => target === 'DOCKER')?.key ?? ''
    const forward = open.rows.find(({ title }) => title === 'FORWARD')?.key ?? ''
    const { located, rows, from, size } = windowOf(firewall([nat, filter]), {
      folded: [jump, forward],
      count: 3,
      locate: at('DOCKER', 2),
    })
    expect(rows[(located?.at ?? 0) - from]).toMatchObject({ key: located?.key, target: 'DNAT' })
    expect(located?.key.startsWith(`${jump}/#`)).toBe(true)
    expect(rows).toHaveLength(3)
    expect(size).toBe(open.size - 1)
  })

  test('behind the elements of a verdict map', () => {
    const verdicts = { kind: 'vmap' as const, key: ['iifname'], map: 'm' }
    const asks = { statements: [{ ...verdicts, elements: [] }] }
    const table = nftTable(
      'inet',
      'fw',
      [chain('FORWARD', [asks, {}], { hook: 'forward' }), chain('a', [{ statements: [{ kind: 'accept' }] }])],
      [nftMap('m', { one: 'jump a', two: 'drop' })],
    )
    const ref = { ...at('FORWARD', 2), backend: 'nft' as const, family: table.family, table: 'fw' }
    const { located, rows } = windowOf(firewall([table]), { locate: ref })
    expect(rows[located?.at ?? 0]).toMatchObject({ key: located?.key, number: 2, depth: 1 })
    const inA = windowOf(firewall([table]), { locate: { ...ref, chain: 'a', number: 1 } })
    expect(inA.rows[inA.located?.at ?? 0]).toMatchObject({ target: 'ACCEPT', depth: 3 })
  })

  test('among the rules that hold some words', () => {
    const { located, rows } = windowOf(firewall([nat]), { filter: { text: 'dnat' }, locate: at('DOCKER', 2) })
    expect(rows[located?.at ?? 0]).toMatchObject({ key: located?.key, target: 'DNAT' })
  })

  test('nowhere: the rows that were asked for, and that it is not there', () => {
    const gone = [at('DOCKER', 3), at('DOCKER', 0), at('GONE', 1), at('DOCKER', 1, 'raw')]
    for (const locate of gone)
      expect(windowOf(firewall([nat]), { locate, from: 1 })).toMatchObject({ located: null, from: 1 })
    expect(windowOf(firewall([nat]))).not.toHaveProperty('located')
  })
})
