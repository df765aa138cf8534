/** What is left of a lab's own table, which others may flush: `nft flush ruleset` does, and with it most firewalls that are loaded anew. */
import { sysctl } from '../../derive/nexthops.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { tableRules } from '../check/rules-like.ts'
import type { PlanContext } from '../planner.ts'
import type { RuleFamily } from './reach.ts'
import type { Forwarded, TableText } from './table-text.ts'

/** Of the table that the lab should have. `nothing`: `nft flush ruleset` takes those of all. `other`: chains of it were flushed, or rules put in. */
export type Left =
  | { readonly is: 'all' }
  | { readonly is: 'nothing' }
  /** How many rules each chain has now. */
  | { readonly is: 'other'; readonly rules: Readonly<Record<string, number>> }

export function leftOf(
  { labs }: World,
  host: Netns,
  family: RuleFamily,
  { rules }: TableText,
  { tools }: PlanContext,
): Left {
  const stands = listOf(labs ?? []).some(
    (lab) => lab.host === host.id && lab.networks.length + lab.masquerades.length > 0,
  )
  if (rules === null || !stands) return { is: 'all' }
  if (!tools.has('nft')) return { is: hasChains(host, family) ? 'all' : 'nothing' }
  const there = tableRules(host, { family, name: labMark })
  if (isUnknown(there)) return { is: 'all' }
  if (there === null) return { is: 'nothing' }
  const wanted = Object.entries(rules)
  return there.size === wanted.length && wanted.every(([chain, count]) => there.get(chain) === count)
    ? { is: 'all' }
    : { is: 'other', rules: Object.fromEntries(there) }
}

/** Of iptables only whether anything is left of them. */
function hasChains({ firewall }: Netns, family: RuleFamily): boolean {
  if (firewall === null || firewall.unread.length > 0) return true
  return firewall.tables.some(
    (table) =>
      table.backend !== 'nft' &&
      table.family === family &&
      table.chains.some(({ name, rules }) => name.startsWith('VETHSCOPE-') && rules.length > 0),
  )
}

export function lostNotes(
  host: Netns,
  family: RuleFamily,
  left: Left,
  recorded: Forwarded | null,
  { tools }: PlanContext,
): readonly string[] {
  if (left.is === 'all') return []
  const table = tools.has('nft')
    ? `nft table ${family} ${labMark}`
    : `what chains VETHSCOPE-… (${family}) held`
  const says =
    left.is === 'nothing'
      ? `${table} was gone (a flush?): it is made again as it should be`
      : `${table} was not as the lab needs it (a flushed chain?): it is written anew`
  return [says, ...(recorded === null ? unrecorded(host, family) : [])]
}

/** Who turned forwarding on stood in that table. */
function unrecorded(host: Netns, family: RuleFamily): readonly string[] {
  const version = family === 'ip' ? 'IPv4' : 'IPv6'
  return sysctl(host, `${version.toLowerCase()}.conf.all.forwarding`) !== 1
    ? []
    : [
        `whether forwarding of ${version} was turned on for the lab is not known any more: it stays on, and the lab does not keep other links from forwarding to one another`,
      ]
}
