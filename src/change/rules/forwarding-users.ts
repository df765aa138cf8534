/** Who else needs it that the host forwards: what came since it was turned on. */
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Lab } from '../../model/lab.ts'
import type { Netns } from '../../model/netns.ts'
import { bridged, type RuleFamily } from './reach.ts'
import type { Forwarded } from './table-text.ts'

const tunnels = new Set(['wireguard', 'tun', 'gre', 'ipip', 'sit', 'ip6tnl', 'vti', 'vti6', 'geneve'])

/** A sentence's end; null: nobody. Who was there already did without. */
export function stillNeeded(host: Netns, lab: Lab, recorded: Forwarded, family: RuleFamily): string | null {
  const user = userOf(host, lab, recorded, family)
  return user === null ? null : `${user}${openedBetween(host, recorded, family)}`
}

function userOf(host: Netns, lab: Lab, { links, natRules }: Forwarded, family: RuleFamily): string | null {
  const known = new Set([...links, ...bridged(lab).map(({ bridge }) => bridge)])
  const routed = new Set(listOf(host.addresses).map(({ ifindex }) => ifindex))
  const later = listOf(host.links).find(
    ({ name, kind, ifindex }) =>
      !known.has(name) && routed.has(ifindex) && (kind === 'bridge' || tunnels.has(kind)),
  )
  if (later !== undefined)
    return `${later.kind === 'bridge' ? 'bridge' : 'tunnel'} ${sanitise(later.name)}, which is not the lab's, may need it`
  const more = natRulesOfOthers(host, family) - natRules
  return more > 0
    ? `${more === 1 ? 'a rule' : `${more} rules`} of others that translate addresses may need it`
    : null
}

/**
 * The lab's guard kept apart what was there before. Docker gives FORWARD its policy DROP only when it turns forwarding on
 * itself (libnetwork's setupIPForwarding), so one that found it on does not.
 */
function openedBetween(host: Netns, { links }: Forwarded, family: RuleFamily): string {
  const there = listOf(host.links).filter(({ name }) => links.includes(name))
  const [first, second, ...more] = there.map(({ name }) => sanitise(name))
  if (first === undefined || second === undefined || dropsForwarded(host, family)) return ''
  const others = more.length === 0 ? '' : `, ${more.length} more`
  const tool = family === 'ip' ? 'iptables' : 'ip6tables'
  return `; the host now forwards between ${first}${others === '' ? ' and ' : ', '}${second}${others} too, unless rules forbid it (${tool} -P FORWARD DROP)`
}

function dropsForwarded({ firewall }: Netns, family: RuleFamily): boolean {
  return (firewall?.tables ?? [])
    .filter((table) => table.family === family || table.family === 'inet')
    .some(({ chains }) => chains.some(({ hook, policy }) => hook === 'forward' && policy === 'drop'))
}

/** Rules that translate what is forwarded, in tables that are not ours. */
export function natRulesOfOthers({ firewall }: Netns, family: RuleFamily): number {
  const tables = (firewall?.tables ?? []).filter(
    (table) => table.name !== labMark && (table.family === family || table.family === 'inet'),
  )
  return tables
    .flatMap(({ chains }) => chains.flatMap(({ rules }) => rules))
    .filter(({ statements }) =>
      statements.some(({ kind }) => kind === 'dnat' || kind === 'snat' || kind === 'masquerade'),
    ).length
}
