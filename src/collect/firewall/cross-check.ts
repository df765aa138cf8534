/**
 * What a tool printed, held against what the kernel counted: iptables-save can leave rules out and still end well.
 * Where there are too many rules to count them all, the kernel's `use` of a chain tells: its rules and the jumps to it.
 */
import type { Chain, NftSet, NfTable, Statement } from '../../model/ruleset.ts'
import type { CountedChain, NftSeen } from './probe.ts'

/** The kernel's own count of one chain's rules; null: it does not tell. */
export type CountRules = (chain: CountedChain) => number | null

/** The first difference as a phrase; null: all rules of all chains are there, or nobody counted. */
export function differenceFrom(table: NfTable, seen: NftSeen, count: CountRules): string | null {
  const printed = new Map(table.chains.map((chain) => [chain.name, chain.rules.length]))
  let jumps: ReadonlyMap<string, number> | null = null
  for (const chain of countedChains(table, seen)) {
    const rules = printed.get(chain.name)
    if (rules === undefined) return `chain ${chain.name} was not printed`
    if (chain.rules === null) jumps ??= jumpsIn(table)
    const isWhole = chain.rules === null && chain.use === rules + (jumps?.get(chain.name) ?? 0)
    const expected = isWhole ? rules : (chain.rules?.length ?? count(chain))
    if (expected !== null && expected !== rules) {
      return `chain ${chain.name} has ${expected} rules, ${rules} were printed`
    }
  }
  return null
}

/** How many jumps lead to each chain: from rules, and from the verdicts of maps. */
function jumpsIn(table: NfTable): ReadonlyMap<string, number> {
  const jumps = new Map<string, number>()
  const add = (chain: string) => jumps.set(chain, (jumps.get(chain) ?? 0) + 1)
  for (const { rules } of table.chains) {
    for (const { statements } of rules) statements.forEach((statement) => addJumps(statement, add))
  }
  for (const { elements } of table.sets) elements.forEach((element) => addVerdict(element.value, add))
  return jumps
}

function addJumps(statement: Statement, add: (chain: string) => void): void {
  if (statement.kind === 'jump' || statement.kind === 'goto') add(statement.chain)
  if (statement.kind === 'vmap') statement.elements.forEach(({ verdict }) => addVerdict(verdict, add))
}

function addVerdict(verdict: NftSet['elements'][number]['value'], add: (chain: string) => void): void {
  const chain = /^(?:jump|goto) (.*)$/.exec(verdict ?? '')?.[1]
  if (chain !== undefined) add(chain)
}

/** With what only the kernel told: handles, flags, devices. What has them already stays the object that it is. */
export function completed(table: NfTable, seen: NftSeen): NfTable {
  const told = seen.tables.find(({ family, name }) => family === table.family && name === table.name)
  const counted = new Map(countedChains(table, seen).map((chain) => [chain.name, chain]))
  return {
    ...table,
    handle: table.handle ?? told?.handle ?? null,
    flags: told?.flags ?? table.flags,
    chains: table.chains.map((chain) => withHandles(chain, counted.get(chain.name))),
  }
}

function withHandles(chain: Chain, known: CountedChain | undefined): Chain {
  if (known === undefined) return chain
  const handle = chain.handle ?? known.handle
  const devices = chain.devices.length > 0 || known.devices.length === 0 ? chain.devices : known.devices
  const rules =
    known.rules === null || chain.rules[0]?.handle !== null
      ? chain.rules
      : chain.rules.map((rule, at) => ({ ...rule, handle: known.rules?.[at] ?? null }))
  if (handle === chain.handle && devices === chain.devices && rules === chain.rules) return chain
  return { ...chain, handle, devices, rules }
}

function countedChains({ family, name }: NfTable, { chains }: NftSeen): readonly CountedChain[] {
  return chains?.filter((chain) => chain.family === family && chain.table === name) ?? []
}
