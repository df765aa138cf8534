/**
 * How many rows a chain has with the jumps in it unfolded, without unfolding any. A chain that is called from many
 * places is counted once. Calls that lead back (the kernel refuses them, a file may hold them) are not followed.
 *
 * Chains are named here, not held: the same sizes are good for the same rules with other counters.
 */
import type { Chain, NfTable } from '../../model/ruleset.ts'
import { chainOfVerdict, jumpTarget, mapElements, type MapElement } from './verdict-target.ts'

/** An item that leads to a chain. `before`: rows of the chain before it. */
export type Call = {
  readonly at: number
  readonly before: number
  readonly target: string
  /** What unfolds below it; `loop`: it leads back to where it came from; `missing`: there is no such chain. */
  readonly below: Compiled | 'loop' | 'missing' | 'deep'
}

/** Items of a chain are its rules, each followed by the elements of the verdict map that it asks. */
export type Compiled = {
  readonly name: string
  readonly count: number
  /** In their order; most rules call nothing. */
  readonly calls: readonly Call[]
  /** null: item i is rule i, as in every chain that asks no verdict map. */
  readonly items: readonly Item[] | null
  readonly rows: number
  /** Levels of calls below. */
  readonly height: number
}

/** A rule's place in its chain, or an element of the verdict map of the rule there. */
export type Item = { readonly rule: number; readonly element: MapElement | null }

export type Compiler = (chain: Chain) => Compiled

/** Levels of calls that are unfolded: nft allows 16 (NFT_JUMP_STACK_SIZE, net/netfilter/nf_tables.h), iptables more. */
const deepest = 64

export function compiler(table: NfTable): Compiler {
  const chains = new Map(table.chains.map((chain) => [chain.name, chain]))
  const done = new Map<string, Compiled>()
  const open = new Set<string>()
  const compile = (chain: Chain): Compiled => {
    const kept = done.get(chain.name)
    if (kept !== undefined) return kept
    open.add(chain.name)
    const { targets, count, items } = itemsOf(chain, table)
    const calls: Call[] = []
    let inside = 0
    let height = 0
    for (const { at, target } of targets) {
      const below = belowOf(target)
      calls.push({ at, before: within(at + inside), target, below })
      if (typeof below !== 'object') continue
      height = Math.max(height, below.height + 1)
      inside = within(inside + below.rows)
    }
    open.delete(chain.name)
    const compiled = { name: chain.name, count, calls, items, rows: within(count + inside), height }
    done.set(chain.name, compiled)
    return compiled
  }
  const belowOf = (target: string): Call['below'] => {
    const chain = chains.get(target)
    if (chain === undefined) return 'missing'
    if (open.has(target)) return 'loop'
    if (open.size >= deepest) return 'deep'
    const compiled = compile(chain)
    return compiled.height >= deepest ? 'deep' : compiled
  }
  return compile
}

/** Calls that double at each level reach numbers that cannot be counted to; the screen needs an order, not these. */
function within(rows: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, rows)
}

type Target = { readonly at: number; readonly target: string }

function itemsOf(
  chain: Chain,
  table: NfTable,
): { readonly targets: readonly Target[]; readonly count: number; readonly items: readonly Item[] | null } {
  const targets: Target[] = []
  let items: Item[] | null = null
  let at = 0
  const add = (target: string | null): void => {
    if (target !== null) targets.push({ at, target })
    at += 1
  }
  for (const [index, rule] of chain.rules.entries()) {
    items?.push({ rule: index, element: null })
    add(jumpTarget(rule))
    if (!rule.statements.some(({ kind }) => kind === 'vmap')) continue
    items ??= Array.from({ length: index + 1 }, (_, before) => ({ rule: before, element: null }))
    for (const element of mapElements(rule, table)) {
      items.push({ rule: index, element })
      add(chainOfVerdict(element.verdict))
    }
  }
  return { targets, count: at, items }
}

/** The last call that does not come after that number: of a row (`before`) or of an item (`at`). */
export function lastCall(calls: readonly Call[], by: 'at' | 'before', wanted: number): Call | null {
  let low = 0
  let high = calls.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((calls[middle]?.[by] ?? Infinity) <= wanted) low = middle + 1
    else high = middle
  }
  return calls[low - 1] ?? null
}

/** Rows of a chain before its item. */
export function rowsBefore({ calls }: Compiled, item: number): number {
  const call = lastCall(calls, 'at', item)
  if (call === null || call.at === item) return call?.before ?? item
  return within(call.before + item - call.at + rowsBelow(call))
}

export function rowsBelow({ below }: Call): number {
  return typeof below === 'object' ? below.rows : 0
}

/** Which item a row of a chain belongs to, and how many rows below that item it stands; 0: the item itself. */
export function itemAtRow(
  { calls }: Compiled,
  row: number,
): { readonly item: number; readonly inside: number; readonly call: Call | null } {
  const call = lastCall(calls, 'before', row)
  if (call === null) return { item: row, inside: 0, call }
  const inside = row - call.before
  const below = rowsBelow(call)
  if (inside <= below) return { item: call.at, inside, call }
  return { item: call.at + inside - below, inside: 0, call: null }
}
