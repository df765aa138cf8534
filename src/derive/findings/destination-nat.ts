/** The rules that change a packet's destination, as one list: where each stands, what it takes and where it sends. */
import type { Chain, Firewall, NfTable, Rule } from '../../model/ruleset.ts'
import type { Place } from '../packet/verdict.ts'

export type DestinationNat = Place & {
  readonly rule: Rule
  /** null: only the port changes, or a map decides. */
  readonly address: string | null
  readonly ports: string | null
  /** Port and protocol that the rule itself asks for; null: any. */
  readonly takes: {
    readonly ports: string | null
    readonly protocol: string | null
    readonly address: string | null
  }
}

export function destinationNats(firewall: Firewall): readonly DestinationNat[] {
  return firewall.tables.flatMap((table) =>
    table.chains.flatMap((chain) => chain.rules.flatMap((rule) => natOf(table, chain, rule))),
  )
}

function natOf(table: NfTable, chain: Chain, rule: Rule): readonly DestinationNat[] {
  return rule.statements.flatMap((statement) => {
    if (statement.kind !== 'dnat') return []
    const { address, ports } = statement
    return [{ table, chain, rule, address, ports, takes: takesOf(rule) }]
  })
}

function takesOf({ matches }: Rule): DestinationNat['takes'] {
  const port = matches.find((match) => match.kind === 'port' && match.side === 'destination' && !match.not)
  const protocol = matches.find((match) => match.kind === 'protocol' && !match.not)
  const address = matches.find(
    (match) => match.kind === 'address' && match.side === 'destination' && !match.not,
  )
  return { ports: valuesOf(port), protocol: valuesOf(protocol), address: valuesOf(address) }
}

function valuesOf(match: Rule['matches'][number] | undefined): string | null {
  return match !== undefined && 'values' in match && match.values.length > 0 ? match.values.join(',') : null
}
