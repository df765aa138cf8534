import { array, assert, integer, nat, option, property, type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { rulesTree, type RuleRow } from '../../../src/derive/rules/rules-tree.ts'
import type { Chain, Firewall, Statement } from '../../../src/model/ruleset.ts'
import { chain, firewall, iptables, nftMap, nftTable } from '../../support/ruleset.ts'
import '../../support/property-seed.ts'

const docker = iptables(
  'nat',
  `-P PREROUTING
  -P POSTROUTING
  -P OUTPUT
  -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
  -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
  -A DOCKER -i docker0 -j RETURN
  -A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80
  -N UNUSED
  -A UNUSED -j DROP`,
)

/** `  1 DOCKER open`. */
function drawn(rows: readonly RuleRow[]): readonly string[] {
  return rows.map((row) => {
    const indent = '  '.repeat(row.depth)
    if (row.kind === 'unread') return `unread ${row.unread.unknown}`
    if (row.kind === 'table') return `table ${row.table.name}`
    if (row.kind === 'chain')
      return `${row.chain.name} ${row.called ? 'called' : 'not called'} ${row.unfolds}`
    const what =
      row.kind === 'rule'
        ? `${row.chain.name} ${row.rule.number}`
        : `${row.element.key}: ${row.element.verdict}`
    return `${indent}${what}${row.unfolds === null ? '' : ` ${row.unfolds}`}`
  })
}

test('POSTROUTING first, jumps unfolded where they stand, a chain that nothing calls last', () => {
  const tree = rulesTree(firewall([docker]))
  expect(drawn(tree.rows(0, 100))).toEqual([
    'POSTROUTING called open',
    '  POSTROUTING 1',
    'PREROUTING called open',
    '  PREROUTING 1 open',
    '    DOCKER 1',
    '    DOCKER 2',
    'OUTPUT called open',
    '  OUTPUT 1 open',
    '    DOCKER 1',
    '    DOCKER 2',
    'UNUSED not called open',
    '  UNUSED 1',
  ])
  expect(tree.size).toBe(12)
})

test('a window, and where a row stands', () => {
  const tree = rulesTree(firewall([docker]))
  const [dnat] = tree.rows(5, 1)
  expect(drawn(tree.rows(5, 3))).toEqual(['    DOCKER 2', 'OUTPUT called open', '  OUTPUT 1 open'])
  expect(tree.positionOf(dnat?.key ?? '')).toBe(5)
  expect(tree.positionOf('no such row')).toBeNull()
  expect(tree.rows(12, 5)).toEqual([])
  expect(tree.rows(-3, 1)).toEqual(tree.rows(0, 1))
})

test('folded rows keep their place and hide what is below them only', () => {
  const open = rulesTree(firewall([docker]))
  const keys = open.rows(0, 100).map(({ key }) => key)
  const folded = rulesTree(firewall([docker]), {}, new Set([keys[3] ?? '', keys[6] ?? '', 'gone']))
  expect(drawn(folded.rows(0, 100))).toEqual([
    'POSTROUTING called open',
    '  POSTROUTING 1',
    'PREROUTING called open',
    '  PREROUTING 1 folded',
    'OUTPUT called folded',
    'UNUSED not called open',
    '  UNUSED 1',
  ])
  expect(folded.size).toBe(7)
  expect(folded.positionOf(keys[4] ?? '')).toBeNull()
  expect(folded.positionOf(keys[10] ?? '')).toBe(5)
  expect(drawn(folded.rows(4, 2))).toEqual(['OUTPUT called folded', 'UNUSED not called open'])
})

test('a verdict map unfolds by element', () => {
  const jumps: Statement = { kind: 'vmap', key: ['oifname'], map: 'jumps', elements: [] }
  const table = nftTable(
    'ip',
    'docker-bridges',
    [
      chain('filter-FORWARD', [{ statements: [jumps] }], { type: 'filter', hook: 'forward' }),
      chain('in__docker0', [{ statements: [{ kind: 'drop' }] }]),
    ],
    [nftMap('jumps', { docker0: 'jump in__docker0', br0: 'drop', br1: 'jump gone' })],
  )
  expect(drawn(rulesTree(firewall([table])).rows(0, 100))).toEqual([
    'filter-FORWARD called open',
    '  filter-FORWARD 1',
    '    docker0: jump in__docker0 open',
    '      in__docker0 1',
    '    br0: drop',
    '    br1: jump gone missing',
  ])
})

test('several tables have headings, and those that could not be read stand before them', () => {
  const unread = {
    backend: 'iptables-legacy',
    family: 'ip',
    table: null,
    unknown: 'no tool',
    hint: null,
  } as const
  const rules = firewall([iptables('filter', '-A INPUT -j DROP'), docker], { unread: [unread] })
  const names = (rows: readonly RuleRow[]) => drawn(rows).filter((line) => /^(?:unread|table)/.test(line))
  expect(names(rulesTree(rules).rows(0, 100))).toEqual(['unread no tool', 'table nat', 'table filter'])
  expect(names(rulesTree(rules, { table: 'nat' }).rows(0, 100))).toEqual(['unread no tool'])
  expect(names(rulesTree(rules, { backend: 'iptables-nft' }).rows(0, 100))).toEqual([
    'table nat',
    'table filter',
  ])
  expect(drawn(rulesTree(rules, { chain: 'DOCKER' }).rows(0, 2))).toEqual(['unread no tool', 'table nat'])
})

test('calls that lead back are named, not followed', () => {
  const rules = iptables('filter', '-A INPUT -j a\n-A a -j b\n-A b -j a\n-A b -j b\n-A b -j gone')
  expect(drawn(rulesTree(firewall([rules])).rows(0, 100))).toEqual([
    'INPUT called open',
    '  INPUT 1 open',
    '    a 1 open',
    '      b 1 loop',
    '      b 2 loop',
    '      b 3 missing',
  ])
})

test('calls that double at each level are counted, not made', () => {
  const names = Array.from({ length: 40 }, (_, at) => `c${at}`)
  const lines = names.flatMap((name, at) => [`-A ${name} -j c${at + 1}`, `-A ${name} -j c${at + 1}`])
  const tree = rulesTree(
    firewall([iptables('filter', ['-A INPUT -j c0', ...lines, '-A c40 -j DROP'].join('\n'))]),
  )
  expect(tree.size).toBeGreaterThan(2 ** 40)
  expect(tree.rows(0, 50)).toHaveLength(50)
  expect(tree.rows(Math.floor(tree.size / 2), 50).length).toBeGreaterThan(0)
})

test('a chain of calls without end does not overflow the stack', () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `-A c${at} -j c${at + 1}`)
  const tree = rulesTree(firewall([iptables('filter', ['-A INPUT -j c0', ...lines].join('\n'))]))
  expect(tree.rows(0, 100).length).toBe(65)
  const last = tree.rows(64, 1).at(-1)
  expect(last?.kind === 'rule' ? last.unfolds : last).toBe('deep')
})

const someFirewall: Arbitrary<Firewall> = array(array(option(nat(6), { nil: null }), { maxLength: 5 }), {
  minLength: 1,
  maxLength: 7,
}).map((chains) => {
  const made = chains.map((jumps, at): Chain => {
    const rules = jumps.map((to) => ({
      statements: [to === null ? ({ kind: 'drop' } as const) : ({ kind: 'jump', chain: `c${to}` } as const)],
    }))
    return chain(`c${at}`, rules, at < 2 ? { type: 'filter', hook: at === 0 ? 'input' : 'output' } : {})
  })
  return firewall([nftTable('inet', 't', made)])
})

test('windows put together are the whole, whatever calls what and whatever is folded', () => {
  assert(
    property(someFirewall, integer({ min: 1, max: 7 }), array(nat(40)), (rules, step, foldAt) => {
      const open = rulesTree(rules)
      const all = open.rows(0, 400)
      const folded = new Set(foldAt.flatMap((at) => all[at % Math.max(1, all.length)]?.key ?? []))
      const tree = rulesTree(rules, {}, folded)
      const most = Math.min(tree.size, 400)
      const whole = tree.rows(0, most)
      expect(whole).toHaveLength(most)
      const windows: RuleRow[] = []
      for (let from = 0; from < most; from += step)
        windows.push(...tree.rows(from, Math.min(step, most - from)))
      expect(windows).toEqual(whole)
      expect(new Set(whole.map(({ key }) => key)).size).toBe(whole.length)
      whole.forEach(({ key }, at) => expect(tree.positionOf(key)).toBe(at))
      // What is folded lacks exactly what stood deeper behind it.
      let hiddenBelow: number | null = null
      const expected = all.filter((row) => {
        if (hiddenBelow !== null && row.depth > hiddenBelow) return false
        hiddenBelow = folded.has(row.key) ? row.depth : null
        return true
      })
      if (open.size <= 400) expect(whole.map(({ key }) => key)).toEqual(expected.map(({ key }) => key))
    }),
  )
})

test('opening 30,000 rules costs in step with their number, a window nothing of it', () => {
  const spent = (run: () => void): number => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  const of = (count: number): Firewall => {
    const lines = Array.from({ length: count }, (_, at) => `-A s${at % 100} -p tcp --dport ${at} -j DROP`)
    const calls = Array.from({ length: 100 }, (_, at) => `-A INPUT -j s${at}`)
    return firewall([iptables('filter', [...calls, ...lines].join('\n'))])
  }
  const [small, large] = [of(3_000), of(30_000)]
  rulesTree(of(3_000)).rows(0, 50)
  const short = Math.max(
    1,
    spent(() => rulesTree(small).rows(0, 50)),
  )
  const long = spent(() => rulesTree(large).rows(0, 50))
  const tree = rulesTree(large)
  const windows = spent(() => {
    for (let at = 0; at < 1_000; at++) tree.rows(at * 30, 50)
  })
  expect(tree.size).toBe(30_101)
  expect(long).toBeLessThan(short * 40 + 50)
  // 50,000 rows one by one: far less than 1,000 times the whole.
  expect(windows).toBeLessThan(1_500)
})
