/** Tables of iptables-legacy, which are a world of their own beside nf_tables. */
import type { Firewall } from '../../model/ruleset.ts'
import type { Before } from './as-before.ts'
import type { TablesRead } from './nft-tables.ts'
import type { LegacyTable } from './probe.ts'
import type { ToolContext } from './run-tool.ts'
import { readSaved, type Saved } from './saved-tables.ts'

/** `present`: what the kernel names; each is either read or unread. */
export async function readLegacyTables(
  present: readonly LegacyTable[],
  context: ToolContext & { readonly before: Before | null },
): Promise<TablesRead> {
  const families = (['ip', 'ip6'] as const).filter((family) => present.some((each) => each.family === family))
  const saved = await Promise.all(families.map((family) => readSaved('iptables-legacy', family, context)))
  const unread = present.flatMap((table) => {
    const from = saved[families.findIndex((family) => family === table.family)]
    return from?.tables.some(({ name }) => name === table.name) === true ? [] : [unreadOf(table, from)]
  })
  return { tables: saved.flatMap(({ tables }) => tables), unread }
}

function unreadOf({ family, name }: LegacyTable, from: Saved | undefined): Firewall['unread'][number] {
  const common = { backend: 'iptables-legacy', family, table: name } as const
  if (from === undefined) {
    return { ...common, unknown: 'rules of arptables-legacy are not read', hint: null }
  }
  const said = from.unread.find((each) => each.table === name)
  const unknown = said?.unknown ?? from.failure?.unknown ?? 'iptables-legacy-save did not print it'
  return { ...common, unknown, hint: from.failure?.hint ?? null }
}
