/**
 * Everything in nf_tables: what iptables-nft manages from iptables-save, because `nft -j` hides the arguments of its
 * matches and targets; the rest, and whatever iptables-save does not print whole, from nft.
 */
import type { Firewall, NfFamily, NfTable } from '../../model/ruleset.ts'
import type { Before } from './as-before.ts'
import { completed, differenceFrom, type CountRules } from './cross-check.ts'
import { readNative, type Native } from './native-tables.ts'
import { mayBeOfIptables, type NftSeen, type TableName } from './probe.ts'
import { isHidden, nftWords, withWords } from './nft-words.ts'
import { runTool, type ToolContext } from './run-tool.ts'
import { readSaved, type Saved } from './saved-tables.ts'

type Unread = Firewall['unread'][number]
/** `count`: asked where something looks wrong. `before`: what was read last time. */
export type NftContext = ToolContext & { readonly count: CountRules; readonly before: Before | null }
export type TablesRead = { readonly tables: readonly NfTable[]; readonly unread: readonly Unread[] }

/** A table of iptables' name that iptables-save did not print whole, and why. */
type Left = TableName & { readonly why: string; readonly hint: string | null }

export async function readNftTables(seen: NftSeen, context: NftContext): Promise<TablesRead> {
  if (seen.tables.length === 0) return { tables: [], unread: [] }
  const { tables: saved, left } = await readManaged(seen, context)
  const isSaved = (family: NfFamily, name: string) =>
    saved.some((each) => each.family === family && each.name === name)
  const wanted = seen.tables.filter(({ family, name }) => !isSaved(family, name))
  if (wanted.length === 0) return { tables: inOrder(saved, seen), unread: [] }
  const others = saved.flatMap(({ chains }) => chains).reduce((sum, { rules }) => sum + rules.length, 0)
  const native = await readNative(wanted, others, context)
  const tables = await inWords(
    native.tables.map((table) => completed(table, seen)),
    context,
  )
  const unread = wanted.flatMap((table) => unreadOf(table, native, tables, left, seen, context.count))
  return { tables: inOrder([...saved, ...tables], seen), unread }
}

async function readManaged(
  seen: NftSeen,
  context: NftContext,
): Promise<{ tables: readonly NfTable[]; left: readonly Left[] }> {
  const families = (['ip', 'ip6'] as const).filter((family) =>
    seen.tables.some((table) => table.family === family && mayBeOfIptables(seen, table)),
  )
  const saved = await Promise.all(families.map((family) => readSaved('iptables-nft', family, context)))
  const tables: NfTable[] = []
  const left: Left[] = []
  for (const [at, family] of families.entries()) {
    const from = saved[at]
    if (from === undefined) continue
    for (const seenTable of seen.tables.filter((table) => table.family === family)) {
      if (!mayBeOfIptables(seen, seenTable)) continue
      const { name } = seenTable
      const table = from.tables.find((each) => each.name === name)
      const why = whyLeft(table, name, from, seen, context.count)
      if (table !== undefined && why === null) tables.push(completed(table, seen))
      else left.push({ family, name, why: why ?? '', hint: from.failure?.hint ?? null })
    }
  }
  return { tables, left }
}

function whyLeft(
  table: NfTable | undefined,
  name: string,
  from: Saved,
  seen: NftSeen,
  count: CountRules,
): string | null {
  if (table !== undefined) return differenceFrom(table, seen, count)
  const said = from.unread.find((each) => each.table === name)
  return said?.unknown ?? from.failure?.unknown ?? 'iptables-save did not print it'
}

/** A table that nft lists without hiding anything is read, whatever iptables-save thought of it. */
function unreadOf(
  { family, name }: TableName,
  native: Native,
  tables: readonly NfTable[],
  left: readonly Left[],
  seen: NftSeen,
  count: CountRules,
): readonly Unread[] {
  const leftBy = left.find((each) => each.family === family && each.name === name)
  const backend = leftBy === undefined ? ('nft' as const) : ('iptables-nft' as const)
  const say = (unknown: string, hint: string | null): readonly Unread[] => [
    { backend, family, table: name, unknown, hint },
  ]
  const table = tables.find((each) => each.family === family && each.name === name)
  if (table === undefined) {
    const why = native.failure?.unknown ?? 'nft did not print it'
    const unknown = leftBy === undefined ? why : `${leftBy.why}; ${why}`
    return say(unknown, native.failure?.hint ?? leftBy?.hint ?? null)
  }
  const difference = differenceFrom(table, seen, count)
  if (difference !== null) return say(difference, 'look again: it may have changed while it was read')
  const hidden = hiddenIn(table)
  if (hidden === 0) return []
  const why = leftBy === undefined ? '' : `${leftBy.why}: `
  const unknown = `${why}nft hides what the extensions of iptables or ebtables in ${hidden} of its rules say`
  return say(unknown, leftBy?.hint ?? `see it with \`nft list table ${family} ${name}\``)
}

function hiddenIn(table: NfTable): number {
  return table.chains.flatMap(({ rules }) => rules).filter(isHidden).length
}

/** nft once more, where it hid something. */
async function inWords(tables: readonly NfTable[], context: NftContext): Promise<readonly NfTable[]> {
  if (tables.every((table) => hiddenIn(table) === 0)) return tables
  const tool = { names: ['nft'], package: 'nftables', arguments: ['-a', 'list', 'ruleset'] }
  const { stdout, failure } = await runTool(tool, context)
  if (failure !== null) return tables
  const words = nftWords(stdout)
  return tables.map((table) => withWords(table, words))
}

/** As the kernel lists them, so that they stand still between two looks. */
function inOrder(tables: readonly NfTable[], seen: NftSeen): readonly NfTable[] {
  return seen.tables.flatMap(({ family, name }) =>
    tables.filter((table) => table.family === family && table.name === name),
  )
}
