/**
 * How many rows a chain has with the jumps in it unfolded, without unfolding any. A chain that is called from many
 * places is counted once. Calls that lead back (the kernel refuses them, a file may hold them) are not followed.
 */
import type { Chain, NfTable, Rule } from '../../model/ruleset.ts'
import { chainOfVerdict, jumpTarget, mapElements, type MapElement } from './verdict-target.ts'

/** A row of a chain: a rule, or an element of the verdict map of the rule above it. */
export type Item = {
  readonly rule: Rule
  readonly element: MapElement | null
  readonly target: string | null
  /** What unfolds below it; `loop`: it leads back to where it came from; `missing`: there is no such chain. */
  readonly below: Compiled | 'loop' | 'missing' | 'deep' | null
}

export type Compiled = {
  readonly chain: Chain
  readonly items: readonly Item[]
  /** Rows before item i; one more entry than items: the last is the whole. */
  readonly before: readonly number[]
  /** Levels of calls below. */
  readonly height: number
}

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
    const items = itemsOf(chain, table).map(({ target, ...item }) => ({
      ...item,
      target,
      below: below(target),
    }))
    open.delete(chain.name)
    const compiled = { chain, items, ...measured(items) }
    done.set(chain.name, compiled)
    return compiled
  }
  const below = (target: string | null): Item['below'] => {
    if (target === null) return null
    const chain = chains.get(target)
    if (chain === undefined) return 'missing'
    if (open.has(target)) return 'loop'
    if (open.size >= deepest) return 'deep'
    const compiled = compile(chain)
    return compiled.height >= deepest ? 'deep' : compiled
  }
  return compile
}

function itemsOf(chain: Chain, table: NfTable): readonly Omit<Item, 'below'>[] {
  const items: Omit<Item, 'below'>[] = []
  for (const rule of chain.rules) {
    items.push({ rule, element: null, target: jumpTarget(rule) })
    if (!rule.statements.some(({ kind }) => kind === 'vmap')) continue
    for (const element of mapElements(rule, table))
      items.push({ rule, element, target: chainOfVerdict(element.verdict) })
  }
  return items
}

function measured(items: readonly Item[]): Pick<Compiled, 'before' | 'height'> {
  const before = [0]
  let height = 0
  let sum = 0
  for (const { below } of items) {
    const inside = isCompiled(below) ? rowsOf(below) : 0
    if (isCompiled(below)) height = Math.max(height, below.height + 1)
    // Calls that double at each level reach numbers that cannot be counted to; the screen needs an order, not these.
    sum = Math.min(Number.MAX_SAFE_INTEGER, sum + 1 + inside)
    before.push(sum)
  }
  return { before, height }
}

export function isCompiled(below: Item['below']): below is Compiled {
  return below !== null && typeof below === 'object'
}

export function rowsOf({ before }: Compiled): number {
  return before.at(-1) ?? 0
}
