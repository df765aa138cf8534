/** What a tool printed, held against what the kernel counted: iptables-save can leave rules out and still end well. */
import type { NfTable } from '../../model/ruleset.ts'
import type { CountedChain, NftSeen } from './probe.ts'

/** The first difference as a phrase; null: all rules of all chains are there, or nobody counted. */
export function differenceFrom(table: NfTable, seen: NftSeen): string | null {
  for (const chain of countedChains(table, seen)) {
    const printed = table.chains.find(({ name }) => name === chain.name)
    if (printed === undefined) return `chain ${chain.name} was not printed`
    if (printed.rules.length !== chain.rules.length) {
      return `chain ${chain.name} has ${chain.rules.length} rules, ${printed.rules.length} were printed`
    }
  }
  return null
}

/** With what only the kernel told: handles, flags, devices. */
export function completed(table: NfTable, seen: NftSeen): NfTable {
  const told = seen.tables.find(({ family, name }) => family === table.family && name === table.name)
  const counted = new Map(countedChains(table, seen).map((chain) => [chain.name, chain]))
  return {
    ...table,
    handle: table.handle ?? told?.handle ?? null,
    flags: told?.flags ?? table.flags,
    chains: table.chains.map((chain) => {
      const known = counted.get(chain.name)
      if (known === undefined) return chain
      return {
        ...chain,
        handle: chain.handle ?? known.handle,
        devices: chain.devices.length > 0 ? chain.devices : known.devices,
        rules: chain.rules.map((rule, at) =>
          rule.handle === null ? { ...rule, handle: known.rules[at] ?? null } : rule,
        ),
      }
    }),
  }
}

function countedChains({ family, name }: NfTable, { chains }: NftSeen): readonly CountedChain[] {
  return chains?.filter((chain) => chain.family === family && chain.table === name) ?? []
}
