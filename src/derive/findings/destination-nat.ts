/** The rules that change a packet's destination, as one list: where each stands, what it takes and where it sends. */
import type { Pieces } from '../../lib/in-pieces.ts'
import type { Firewall, Rule } from '../../model/ruleset.ts'
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

/** Not kept: there may be tens of thousands. */
export function* destinationNats(firewall: Firewall): Pieces<readonly DestinationNat[]> {
  const nats: DestinationNat[] = []
  for (const table of firewall.tables) {
    for (const chain of table.chains) {
      for (const rule of chain.rules) {
        for (const statement of rule.statements) {
          if (statement.kind !== 'dnat') continue
          const { address, ports } = statement
          nats.push({ table, chain, rule, address, ports, takes: takesOf(rule) })
        }
      }
      yield
    }
  }
  return nats
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
