/**
 * Whether the counter that a base chain has beside its policy means anything. iptables-nft makes its chains without one
 * (only `iptables-restore -c` gives them one) and prints `[0:0]` for none, so that its 0 tells nothing; the kernel's
 * legacy tables count always.
 */
import type { Backend, Chain, NfTable } from './ruleset.ts'
import type { World } from './world.ts'

type Counter = Pick<Chain, 'packets' | 'bytes'>

const notCounted: Counter = { packets: null, bytes: null }

export function policyCounter(backend: Backend, counter: Counter): Counter {
  return backend === 'iptables-nft' && counter.packets === 0 ? notCounted : counter
}

/** Files that were written before this was known tell 0 for what nobody counted. */
export function withPolicyCounters(world: World): World {
  const netns = world.netns.map((each) => {
    const { firewall } = each
    if (firewall === null || !firewall.tables.some(tellsNothing)) return each
    return { ...each, firewall: { ...firewall, tables: firewall.tables.map(tableCounted) } }
  })
  return { ...world, netns }
}

function tellsNothing({ backend, chains }: NfTable): boolean {
  return backend === 'iptables-nft' && chains.some(({ packets }) => packets === 0)
}

function tableCounted(table: NfTable): NfTable {
  if (!tellsNothing(table)) return table
  return {
    ...table,
    chains: table.chains.map((chain) => ({ ...chain, ...policyCounter(table.backend, chain) })),
  }
}
