/**
 * What of a table depends on its rules alone and not on their counters: which chains unfold to how many rows, and which are
 * called. Counters are read again each second; the rest is kept as long as the rules are the same.
 */
import type { Chain, NfTable } from '../../model/ruleset.ts'
import { baseChains } from './chain-order.ts'
import { compiler, type Compiler } from './chain-sizes.ts'

export type Structure = {
  readonly compile: Compiler
  /** Names of the chains that packets come to. */
  readonly called: ReadonlySet<string>
}

const memo = new WeakMap<NfTable, Structure>()
/** The table of each name that was looked at last: the next reading of it most likely says the same. */
const latest = new Map<string, { readonly table: NfTable; readonly structure: Structure }>()
const mostLatest = 64

export function structureOf(table: NfTable): Structure {
  const kept = memo.get(table)
  if (kept !== undefined) return kept
  const key = `${table.backend} ${table.family} ${table.name}`
  const before = latest.get(key)
  const made =
    before !== undefined && hasSameRules(before.table, table) ? before.structure : newStructure(table)
  memo.set(table, made)
  if (latest.size >= mostLatest) latest.clear()
  latest.set(key, { table, structure: made })
  return made
}

/** By identity: who reads rules again keeps the statements of those that say the same. */
function hasSameRules(a: NfTable, b: NfTable): boolean {
  if (a.chains.length !== b.chains.length || a.sets !== b.sets) return false
  return a.chains.every((chain, at) => {
    const other = b.chains[at]
    if (chain === other) return true
    if (other === undefined || chain.name !== other.name || chain.hook !== other.hook) return false
    if (chain.rules.length !== other.rules.length) return false
    for (let index = 0; index < chain.rules.length; index++) {
      const [one, two] = [chain.rules[index], other.rules[index]]
      if (one?.statements !== two?.statements || one?.text !== two?.text) return false
    }
    return true
  })
}

function newStructure(table: NfTable): Structure {
  const compile = compiler(table)
  return { compile, called: reached(table, compile) }
}

function reached(table: NfTable, compile: Compiler): ReadonlySet<string> {
  const chains = new Map(table.chains.map((chain) => [chain.name, chain]))
  const base: readonly Chain[] = baseChains(table)
  const names = new Set(base.map(({ name }) => name))
  const waiting = [...base]
  for (let chain = waiting.pop(); chain !== undefined; chain = waiting.pop()) {
    for (const { target } of compile(chain).calls) {
      if (names.has(target)) continue
      names.add(target)
      const next = chains.get(target)
      if (next !== undefined) waiting.push(next)
    }
  }
  return names
}
