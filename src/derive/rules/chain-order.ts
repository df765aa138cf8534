/** Which chains stand first: those that translate on the way out, then by hook as a packet meets them. */
import type { Chain, NfTable } from '../../model/ruleset.ts'
import { chainOfVerdict, jumpTarget, mapElements } from './verdict-target.ts'

const hooks = ['ingress', 'prerouting', 'input', 'forward', 'output', 'postrouting', 'egress']
/** Who gets out is asked most often, then what is published. */
const natHooks = ['postrouting', 'prerouting', 'output', 'input']
const tables = ['nat', 'filter', 'mangle', 'raw', 'security']

export function isNat(table: NfTable, chain: Chain): boolean {
  return chain.type === 'nat' || (chain.type === null && table.backend !== 'nft' && table.name === 'nat')
}

/** Base chains in the order that they are shown in. */
export function baseChains(table: NfTable): readonly Chain[] {
  return table.chains
    .filter(({ hook }) => hook !== null)
    .toSorted((a, b) => rank(table, a) - rank(table, b) || (a.priority ?? 0) - (b.priority ?? 0))
}

function rank(table: NfTable, chain: Chain): number {
  const hook = (chain.hook ?? '').toLowerCase()
  return isNat(table, chain) ? natHooks.indexOf(hook) : natHooks.length + hooks.indexOf(hook)
}

/** nat, filter, mangle, raw, security, then the others in the order that the kernel has them. */
export function inOrder(all: readonly NfTable[]): readonly NfTable[] {
  const rankOf = ({ name }: NfTable): number => {
    const at = tables.indexOf(name)
    return at === -1 ? tables.length : at
  }
  return all.toSorted((a, b) => rankOf(a) - rankOf(b))
}

/** Every chain once: base chains each followed by what they call, in the order of the calls; then what nothing calls. */
export function chainsByCall(table: NfTable): readonly Chain[] {
  const byName = new Map(table.chains.map((chain) => [chain.name, chain]))
  const placed = new Set<Chain>()
  const waiting = [...baseChains(table), ...table.chains].toReversed()
  for (let chain = waiting.pop(); chain !== undefined; chain = waiting.pop()) {
    if (placed.has(chain)) continue
    placed.add(chain)
    for (const target of targetsOf(chain, table).toReversed()) {
      const next = byName.get(target)
      if (next !== undefined && !placed.has(next)) waiting.push(next)
    }
  }
  return [...placed]
}

/** Chains that its rules and their verdict maps lead to. */
function targetsOf(chain: Chain, table: NfTable): readonly string[] {
  return chain.rules.flatMap((rule) => {
    const own = jumpTarget(rule)
    const mapped = mapElements(rule, table).flatMap(({ verdict }) => chainOfVerdict(verdict) ?? [])
    return own === null ? mapped : [own, ...mapped]
  })
}
