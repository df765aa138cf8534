/**
 * The rules of each recorded world against what iptables-save and nft printed at the same moment: chains, policies, rules
 * in their order, counters, destinations; and against `findings`: exactly the fault that was made, none in health.
 */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findings } from '../src/derive/findings/findings.ts'
import type { NfTable } from '../src/model/ruleset.ts'
import { faults } from './support/fault-lab.ts'
import { netnsOf, rawOf, worldOf, type Said } from './support/fixture.ts'

const healthy = ['docker', 'swarm-1', 'swarm-2', 'podman', 'legacy-and-nft', 'faults/healthy']
const faulty = readdirSync(new URL('../fixtures/faults/', import.meta.url))
  .map((name) => name.replace('.json.gz', ''))
  .filter((name) => name !== 'healthy')

const saves = [
  ['iptables-save -c', 'iptables-nft', 'ip'],
  ['ip6tables-save -c', 'iptables-nft', 'ip6'],
  ['iptables-legacy-save -c', 'iptables-legacy', 'ip'],
  ['ip6tables-legacy-save -c', 'iptables-legacy', 'ip6'],
] as const

type Counters = readonly [packets: number | null, bytes: number | null]
type Line = { readonly text: string; readonly counters: Counters }

/** What iptables-save prints, line by line: `filter :INPUT ACCEPT` and `filter -A INPUT …`, each with its counters. */
function saved(text: string): readonly Line[] {
  let table = ''
  return text.split('\n').flatMap((line) => {
    table = /^\*(\w+)$/.exec(line)?.[1] ?? table
    const chain = /^(:\S+ \S+) \[(\d+):(\d+)\]$/.exec(line)
    if (chain !== null) return [lineOf(`${table} ${chain[1]}`, chain[2], chain[3])]
    const rule = /^\[(\d+):(\d+)\] (-A .*)$/.exec(line)
    return rule === null ? [] : [lineOf(`${table} ${rule[3]}`, rule[1], rule[2])]
  })
}

function lineOf(text: string, packets: string | undefined, bytes: string | undefined): Line {
  return { text, counters: [Number(packets), Number(bytes)] }
}

/** The same of tables that were read: chains first, then rules, as iptables-save does; a chain of one's own counts 0. */
function spelled(tables: readonly NfTable[]): readonly Line[] {
  return tables.flatMap(({ name, chains }) => [
    ...chains.map((chain) => ({
      text: `${name} :${chain.name} ${chain.policy?.toUpperCase() ?? '-'}`,
      counters: [chain.packets ?? 0, chain.bytes ?? 0] as const,
    })),
    ...chains.flatMap((chain) =>
      chain.rules.map(({ text, packets, bytes }) => ({
        text: `${name} -A ${chain.name} ${text}`,
        counters: [packets, bytes] as const,
      })),
    ),
  ])
}

/** Chains may come in any order, rules only in theirs: sorted by chain, which keeps the order within each. */
function inOrder(lines: readonly Line[]): readonly Line[] {
  const key = ({ text }: Line) => text.split(' ').slice(0, 3).join(' ')
  return lines.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

type NftObject = {
  readonly rule?: {
    readonly family: string
    readonly table: string
    readonly chain: string
    readonly handle: number
    readonly expr: readonly object[]
  }
}

/** `ip nat DOCKER 10`: every rule that the kernel has, whoever wrote it. */
function handles(said: unknown): readonly string[] {
  const { nftables = [] } = said as { readonly nftables?: readonly NftObject[] }
  return nftables.flatMap(({ rule }) =>
    rule === undefined ? [] : [`${rule.family} ${rule.table} ${rule.chain} ${rule.handle}`],
  )
}

const asText = (said: Said, netns: string, question: string): string | null => {
  const answer = said[netns]?.[question]
  return typeof answer === 'string' ? answer : null
}

describe.each([...healthy, ...faulty.map((name) => `faults/${name}`)])('%s', (name) => {
  test('has the rules that iptables-save printed, in their order, with their counters', async () => {
    const world = await worldOf(name)
    const { before, after } = rawOf(name)
    let seen = 0
    for (const netnsName of Object.keys(after)) {
      const { firewall } = netnsOf(world, netnsName)
      expect(firewall?.unread).toEqual([])
      for (const [question, backend, family] of saves) {
        const text = asText(after, netnsName, question)
        if (text === null) continue
        const tables = firewall?.tables.filter(
          (each) => each.backend === backend && each.family === family && acts(each),
        )
        const last = inOrder(saved(text).filter(isOf(tables ?? [])))
        const read = inOrder(spelled(tables ?? []))
        const where = `${netnsName}: ${question}`
        expect([where, ...read.map((line) => line.text)]).toEqual([where, ...last.map((line) => line.text)])
        const earlier = asText(before, netnsName, question)
        const first = earlier === null ? last : inOrder(saved(earlier).filter(isOf(tables ?? [])))
        read.forEach(({ text, counters }, at) => {
          for (const which of [0, 1] as const) {
            expect(counters[which], `${where}: ${text}`).toBeGreaterThanOrEqual(
              first[at]?.counters[which] ?? NaN,
            )
            expect(counters[which], `${where}: ${text}`).toBeLessThanOrEqual(last[at]?.counters[which] ?? NaN)
          }
        })
        seen += read.length
      }
    }
    expect(seen).toBeGreaterThan(name === 'faults/F06' ? 5 : 8)
  })

  test('tells no policy of iptables-nft as counted 0, which files of before do', async () => {
    const chains = (await worldOf(name)).netns.flatMap(({ firewall }) =>
      (firewall?.tables ?? [])
        .filter(({ backend }) => backend === 'iptables-nft')
        .flatMap((each) => each.chains),
    )
    expect(chains.filter(({ policy }) => policy !== null).length).toBeGreaterThan(0)
    expect(chains.filter(({ packets, bytes }) => packets === 0 || bytes === 0)).toEqual([])
  })

  test('has every rule that nft printed, in its order, and every destination', async () => {
    const world = await worldOf(name)
    const { after } = rawOf(name)
    for (const netnsName of Object.keys(after)) {
      const tables = netnsOf(world, netnsName).firewall?.tables ?? []
      const byKernel = tables.filter(({ backend }) => backend !== 'iptables-legacy')
      const read = byKernel.flatMap(({ family, name, chains }) =>
        chains.flatMap((chain) =>
          chain.rules.map(({ handle }) => `${family} ${name} ${chain.name} ${handle}`),
        ),
      )
      const said = handles(after[netnsName]?.['nft -j list ruleset'])
      const chain = (line: string) => line.split(' ').slice(0, 3).join(' ')
      const sorted = (lines: readonly string[]) =>
        lines.toSorted((a, b) => (chain(a) < chain(b) ? -1 : chain(a) > chain(b) ? 1 : 0))
      expect([netnsName, ...sorted(read)]).toEqual([netnsName, ...sorted(said)])
      const told = saves
        .map(([question]) => asText(after, netnsName, question) ?? '')
        .flatMap((text) => [...text.matchAll(/--to-destination (\S+)/g)].map(([, to]) => to ?? ''))
      const destinations = tables
        .filter(({ backend }) => backend !== 'nft')
        .flatMap(({ chains }) => chains.flatMap(({ rules }) => rules))
        .flatMap(({ statements }) => statements)
        .flatMap((each) => (each.kind === 'dnat' ? [`${each.address ?? ''}${port(each.ports)}`] : []))
      expect([netnsName, ...destinations.sort()]).toEqual([netnsName, ...told.sort()])
    }
  })
})

const port = (ports: string | null): string => (ports === null ? '' : `:${ports}`)

/** A look at a table with iptables-legacy makes the kernel have it, empty: it may be in one of the two only. */
function acts(table: NfTable): boolean {
  return table.backend !== 'iptables-legacy' || table.chains.some(({ rules }) => rules.length > 0)
}

function isOf(tables: readonly NfTable[]) {
  const names = new Set(tables.map(({ name }) => name))
  return ({ text }: Line) => names.has(text.split(' ')[0] ?? '') || / -A /.test(text)
}

describe('findings', () => {
  test.each(healthy)('%s: no fault', async (name) => {
    const found = findings(await worldOf(name)).findings
    expect(found.filter(({ severity }) => severity === 'fault')).toEqual([])
  })

  test('the healthy lab and the healthy Docker host: nothing at all', async () => {
    for (const name of ['faults/healthy', 'docker']) {
      expect(findings(await worldOf(name))).toEqual({ findings: [], unchecked: [] })
    }
  })

  const more = [
    { id: 'F06', severity: 'fault', subject: 'Docker' },
    { id: 'F08', severity: 'fault', subject: 'n2' },
    { id: 'F21', severity: 'fault', subject: 'web' },
  ] as const
  const wanted = new Map(
    [...faults, ...more].map((fault, at, all) => {
      const same = all.slice(0, at).filter(({ id }) => id === fault.id).length
      return [same === 0 ? fault.id : `${fault.id}-${same + 1}`, fault] as const
    }),
  )

  test('there is a fixture for each', () => {
    expect(faulty.toSorted()).toEqual([...wanted.keys()].sort())
  })

  test.each(faulty)('%s is found, and nothing else', async (name) => {
    const fault = wanted.get(name)
    if (fault === undefined) throw new Error(`${name} is no fault of the lab`)
    const { subject, id, severity } = fault
    const found = findings(await worldOf(`faults/${name}`))
    expect(found.findings.map((each) => [each.id, each.severity, each.subject])).toEqual([
      [id, severity, subject instanceof RegExp ? expect.stringMatching(subject) : subject],
    ])
    expect(found.unchecked).toEqual([])
  })
})
