/**
 * What is different between two readings of a namespace's rules, in words for the log: netfilter's own events would have to be
 * followed in every namespace, but whoever reads rules again has both. Counters and elements of sets move all the time and are
 * no change of a rule.
 */
import type { Chain, Firewall, NfTable, Rule } from '../../model/ruleset.ts'

/** One line each, as many as `most`; the rest as a number. A table that was not readable in one of the two says nothing. */
export function ruleChanges(before: Firewall, after: Firewall, most = 12): readonly string[] {
  const [old, now] = [tablesOf(before, after), tablesOf(after, before)]
  const lines = [
    ...[...old].filter(([key]) => !now.has(key)).map(([, table]) => `table removed: ${wholeTable(table)}`),
    ...[...now].flatMap(([key, table]) => {
      const was = old.get(key)
      return was === undefined ? [`table added: ${wholeTable(table)}`] : tableChanges(was, table)
    }),
  ]
  if (lines.length <= most) return lines
  return [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more changes of rules`]
}

/** Those that can be compared with the other reading. */
function tablesOf(one: Firewall, other: Firewall): ReadonlyMap<string, NfTable> {
  const hidden = [...one.unread, ...other.unread]
  const isHidden = (table: NfTable): boolean =>
    hidden.some(
      (gap) =>
        gap.backend === table.backend &&
        (gap.family === null || gap.family === table.family) &&
        (gap.table === null || gap.table === table.name),
    )
  const seen = one.tables.filter((table) => !isHidden(table))
  return new Map(seen.map((table) => [`${table.backend} ${table.family} ${table.name}`, table]))
}

function tableChanges(before: NfTable, after: NfTable): readonly string[] {
  if (before === after) return []
  const name = nameOf(after)
  const old = new Map(before.chains.map((chain) => [chain.name, chain]))
  const now = new Set(after.chains.map((chain) => chain.name))
  return [
    ...before.chains.filter((chain) => !now.has(chain.name)).map((chain) => gone(name, chain)),
    ...after.chains.flatMap((chain) => {
      const was = old.get(chain.name)
      const added = was === undefined ? [`chain added: ${name} ${chain.name}`] : []
      return [...added, ...chainChanges(`${name} ${chain.name}`, was, chain)]
    }),
  ]
}

function chainChanges(name: string, before: Chain | undefined, after: Chain): readonly string[] {
  const old = before?.rules.map(ruleText) ?? []
  const now = after.rules.map(ruleText)
  const removed = without(old, now)
  const added = without(now, old)
  const isTurned = removed.length + added.length === 0 && old.join('\n') !== now.join('\n')
  return [
    ...(before === undefined || before.policy === after.policy
      ? []
      : [`policy of ${name}: ${before.policy ?? 'none'} to ${after.policy ?? 'none'}`]),
    ...removed.map((text) => `rule removed: ${name} ${text}`),
    ...added.map((text) => `rule added: ${name} ${text}`),
    ...(isTurned ? [`rules in another order: ${name}`] : []),
  ]
}

/** nft prints what a quota or a `last` has come to in the middle of the rule (nft(8)). */
function ruleText({ text }: Rule): string {
  return text.replaceAll(/ used \S+( [kmg]?bytes)?/g, '')
}

/** As often as each stands there: the same rule may be there twice. */
function without(all: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const text of others) left.set(text, (left.get(text) ?? 0) + 1)
  return all.filter((text) => {
    const count = left.get(text) ?? 0
    if (count > 0) left.set(text, count - 1)
    return count === 0
  })
}

function gone(table: string, { name, rules }: Chain): string {
  return `chain removed: ${table} ${name}${rulesIn(rules.length)}`
}

function wholeTable(table: NfTable): string {
  return `${nameOf(table)}${rulesIn(table.chains.reduce((sum, { rules }) => sum + rules.length, 0))}`
}

function rulesIn(count: number): string {
  return count === 0 ? '' : `, with ${count} ${count === 1 ? 'rule' : 'rules'}`
}

/** `nat`, `ip6 nat`, `inet filter`; the legacy tables of a host that has both are others. */
function nameOf({ backend, family, name }: NfTable): string {
  const own = family === 'ip' && backend !== 'nft' ? name : `${family} ${name}`
  return backend === 'iptables-legacy' ? `legacy ${own}` : own
}
