/** Where rules of others drop what a lab needs: the base chains, each for itself, because an accept ends no other than its own. */
import type { Packet } from '../../derive/packet/packet.ts'
import { fitsAll } from '../../derive/packet/matches.ts'
import { outcomesAt, type Place } from '../../derive/packet/verdict.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Chain, Firewall, NfTable } from '../../model/ruleset.ts'

export type Drop = {
  readonly table: NfTable
  /** The base chain. */
  readonly chain: Chain
  /** What drops, in that chain or in one that it leads to. */
  readonly at: Place
}

/** Rules that this program gave others do not count: whether they are needed is the question. */
export function withoutOurs(firewall: Firewall): Firewall {
  const tables = firewall.tables
    .filter(({ name }) => name !== labMark)
    .map((table) => ({
      ...table,
      chains: table.chains.map((chain) => ({
        ...chain,
        rules: chain.rules.filter(({ comment }) => comment?.startsWith(`${labMark}:`) !== true),
      })),
    }))
  return { ...firewall, tables }
}

/** `rows`: packets of which each row needs one that passes. */
export function dropsOf(
  firewall: Firewall,
  hook: string,
  rows: readonly (readonly Packet[])[],
): readonly Drop[] {
  const family = rows[0]?.[0]?.family
  return firewall.tables
    .filter((table) => table.family === family || table.family === 'inet')
    .flatMap((table) =>
      table.chains
        .filter((chain) => chain.hook?.toLowerCase() === hook)
        .flatMap((chain) => dropIn(firewall, table, chain, rows) ?? []),
    )
}

function dropIn(
  firewall: Firewall,
  table: NfTable,
  base: Chain,
  rows: readonly (readonly Packet[])[],
): Drop | null {
  for (const packets of rows) {
    const outcomes = packets.map((packet) =>
      outcomesAt(alone(firewall, table, base, packet), base.hook ?? '', packet),
    )
    const [at] = outcomes.flatMap(({ droppedAt }) => droppedAt)
    if (at !== undefined && outcomes.every(({ droppedAt }) => droppedAt.length > 0))
      return { table, chain: base, at }
  }
  return null
}

/**
 * That base chain as if it were the only one, with the rules that this packet certainly meets: what asks for a mark, a limit or a
 * set is about others.
 */
function alone(firewall: Firewall, table: NfTable, base: Chain, packet: Packet): Firewall {
  const chains = table.chains.map((chain) => ({
    ...chain,
    hook: chain === base ? chain.hook : null,
    rules: chain.rules.filter(({ matches }) => fitsAll(matches, packet) === true),
  }))
  return { ...firewall, tables: [{ ...table, chains }] }
}
