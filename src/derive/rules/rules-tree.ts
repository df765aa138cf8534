/**
 * A ruleset as rows: tables, chains in the order that packets meet them, rules with their jumps unfolded in place. Only
 * the rows that are asked for are made: opening takes one pass over the rules, a window as long as the window is.
 */
import type { Chain, Firewall, NfTable, Rule } from '../../model/ruleset.ts'
import type { RulesFilter, Unfolds } from '../../model/rules-window.ts'
import { baseChains, inOrder } from './chain-order.ts'
import { itemAtRow, lastCall, rowsBefore, type Call, type Compiled } from './chain-sizes.ts'
import { hiddenRanges, positionWithout, shownBefore, type Range } from './folded-ranges.ts'
import { structureOf } from './structure.ts'
import type { MapElement } from './verdict-target.ts'

type InTable = { readonly key: string; readonly depth: number; readonly table: NfTable }

export type RuleRow =
  | {
      readonly kind: 'unread'
      readonly key: string
      readonly depth: 0
      readonly unread: Firewall['unread'][number]
    }
  | (InTable & { readonly kind: 'table' })
  /** `called`: packets come to it, by a hook or from another chain. */
  | (InTable & {
      readonly kind: 'chain'
      readonly chain: Chain
      readonly called: boolean
      readonly unfolds: Unfolds
    })
  | (InTable & {
      readonly kind: 'rule'
      readonly chain: Chain
      readonly rule: Rule
      /** null: it leads to no chain. */
      readonly unfolds: Unfolds | null
    })
  /** An entry of the verdict map that the rule above it asks. */
  | (InTable & {
      readonly kind: 'element'
      readonly chain: Chain
      readonly rule: Rule
      readonly element: MapElement
      readonly unfolds: Unfolds | null
    })

export type RulesTree = {
  readonly size: number
  readonly rows: (from: number, count: number) => readonly RuleRow[]
  /** Where a row stands now; null: it is not there, or folded away. */
  readonly positionOf: (key: string) => number | null
}

type Section = {
  readonly start: number
  readonly row: RuleRow
  readonly compiled: Compiled | null
  /** Of the table, by name. */
  readonly chains: ReadonlyMap<string, Chain>
}

/** `folded`: keys of rows whose lower rows are not to be shown. */
export function rulesTree(
  firewall: Firewall,
  filter: RulesFilter = {},
  folded: ReadonlySet<string> = new Set(),
): RulesTree {
  const sections = sectionsOf(firewall, filter)
  const last = sections.at(-1)
  const whole = last === undefined ? 0 : last.start + 1 + (last.compiled?.rows ?? 0)
  const byKey = new Map(sections.map((section) => [section.row.key, section]))
  const absolute = (key: string): Range | null => {
    const [head = '', ...path] = key.split('/#')
    const section = byKey.get(head)
    return section === undefined ? null : rangeIn(section, path.map(Number))
  }
  const hidden = hiddenRanges([...folded].flatMap((key) => absolute(key) ?? []))
  return {
    size: whole - hidden.reduce((sum, range) => sum + range.count, 0),
    rows: (from, count) => {
      const rows: RuleRow[] = []
      let at = positionWithout(hidden, Math.max(0, from))
      while (rows.length < count && at < whole) {
        const row = rowAt(sections, at, folded)
        if (row === null) break
        rows.push(row)
        const skip = hidden.find((range) => range.from === at + 1)
        at += 1 + (skip?.count ?? 0)
      }
      return rows
    },
    positionOf: (key) => {
      const range = absolute(key)
      return range === null ? null : shownBefore(hidden, range.from - 1)
    },
  }
}

function sectionsOf(firewall: Firewall, filter: RulesFilter): readonly Section[] {
  const sections: Section[] = []
  let start = 0
  const add = (row: RuleRow, compiled: Compiled | null, chains: Section['chains'] = noChains): void => {
    sections.push({ start, row, compiled, chains })
    start += 1 + (compiled?.rows ?? 0)
  }
  firewall.unread.forEach((unread, at) => {
    const { backend, family, table } = unread
    const wanted =
      fits(filter.backend, backend) &&
      (family === null || fits(filter.family, family)) &&
      (table === null || fits(filter.table, table))
    if (wanted) add({ kind: 'unread', key: `unread ${at}`, depth: 0, unread }, null)
  })
  const tables = inOrder(firewall.tables.filter((table) => isWanted(table, filter)))
  for (const table of tables) {
    const key = `${table.backend} ${table.family} ${table.name}`
    const { compile, called } = structureOf(table)
    const base = baseChains(table)
    const byName = new Map(table.chains.map((chain) => [chain.name, chain]))
    const chains = [
      ...base,
      ...table.chains.filter((chain) => chain.hook === null && !called.has(chain.name)),
    ]
    const shown =
      filter.chain === undefined ? chains : table.chains.filter((chain) => chain.name === filter.chain)
    if (tables.length > 1 && shown.length > 0) add({ kind: 'table', key, depth: 0, table }, null)
    for (const chain of shown) {
      const compiled = compile(chain)
      const unfolds = compiled.count === 0 ? 'empty' : 'open'
      const isCalled = called.has(chain.name)
      add(
        { kind: 'chain', key: `${key} ${chain.name}`, depth: 0, table, chain, called: isCalled, unfolds },
        compiled,
        byName,
      )
    }
  }
  return sections
}

const noChains: Section['chains'] = new Map()

const fits = (wanted: string | undefined, is: string): boolean => wanted === undefined || wanted === is

/** Whether a filter lets a table through. */
export function isWanted(table: NfTable, filter: RulesFilter): boolean {
  return (
    fits(filter.backend, table.backend) && fits(filter.family, table.family) && fits(filter.table, table.name)
  )
}

/** The rows below the row that a path of item numbers leads to, by their absolute numbers. */
function rangeIn({ start, compiled }: Section, path: readonly number[]): Range | null {
  let from = start + 1
  let inside = compiled
  for (const number of path) {
    if (inside === null || !(number >= 0 && number < inside.count)) return null
    from += rowsBefore(inside, number) + 1
    const call = callAt(inside, number)
    inside = call !== null && isCompiled(call.below) ? call.below : null
  }
  return { from, count: inside?.rows ?? 0 }
}

function callAt({ calls }: Compiled, item: number): Call | null {
  const call = lastCall(calls, 'at', item)
  return call?.at === item ? call : null
}

function isCompiled(below: Call['below']): below is Compiled {
  return typeof below === 'object'
}

function rowAt(sections: readonly Section[], at: number, folded: ReadonlySet<string>): RuleRow | null {
  const section = sections[lastNotAbove(sections.length, (index) => sections[index]?.start ?? 0, at)]
  if (section === undefined) return null
  const { row, compiled, chains } = section
  if (at === section.start || compiled === null || row.kind !== 'chain')
    return row.kind === 'chain' && folded.has(row.key) ? { ...row, unfolds: 'folded' } : row
  const place = { table: row.table, chains, key: row.key, depth: 1 }
  return itemAt(place, compiled, at - section.start - 1, folded)
}

type Place = InTable & Pick<Section, 'chains'>

function itemAt(
  { table, chains, key: parent, depth: level }: Place,
  compiled: Compiled,
  at: number,
  folded: ReadonlySet<string>,
): RuleRow | null {
  const { item, inside, call } = itemAtRow(compiled, at)
  const { rule: ruleAt, element } = compiled.items?.[item] ?? { rule: item, element: null }
  const chain = chains.get(compiled.name)
  const rule = chain?.rules[ruleAt]
  if (chain === undefined || rule === undefined) return null
  const key = `${parent}/#${item}`
  const depth = level + (element === null ? 0 : 1)
  if (inside > 0 && call !== null && isCompiled(call.below))
    return itemAt({ table, chains, key, depth: depth + 1 }, call.below, inside - 1, folded)
  const unfolds = call === null ? null : unfoldsOf(call.below, folded.has(key))
  const place = { key, depth, table, chain, rule, unfolds }
  return element === null ? { kind: 'rule', ...place } : { kind: 'element', element, ...place }
}

function unfoldsOf(below: Call['below'], isFolded: boolean): Unfolds | null {
  if (!isCompiled(below)) return below
  return below.count === 0 ? 'empty' : isFolded ? 'folded' : 'open'
}

/** The last of `count` ascending numbers that is not above `wanted`. */
function lastNotAbove(count: number, numberAt: (index: number) => number, wanted: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (numberAt(middle) <= wanted) low = middle
    else high = middle - 1
  }
  return low
}
