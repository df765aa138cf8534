/**
 * Legacy and nft rules in one namespace: both are obeyed, each tool shows only its own, so what one accepts the other
 * may drop unseen.
 */
import type { Finding } from '../../model/finding.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { NfTable } from '../../model/ruleset.ts'
import { stepwise } from '../stepwise.ts'
import type { Place } from '../packet/verdict.ts'
import { inside, type FindingContext } from './context.ts'
import { droppedOutbound, isSplit } from './dropped-outbound.ts'
import type { Check } from './finding.ts'
import { placeText, ruleAt } from './outbound.ts'

export const twoBackends: Check = {
  id: 'F04',
  title: 'iptables-legacy and nft rules side by side',
  check: (context) => stepwise(context.world.netns, (netns) => checkNetns(context, netns)),
}

function checkNetns(context: FindingContext, netns: Netns): readonly Finding[] {
  const tables = netns.firewall?.tables ?? []
  const legacy = tables.filter((table) => table.backend === 'iptables-legacy' && acts(table))
  const others = tables.filter((table) => table.backend !== 'iptables-legacy' && acts(table))
  const [first] = legacy
  if (first === undefined || others.length === 0) return []
  const [lost] = context.segments
    .filter((segment) => segment.netns.id === netns.id)
    .flatMap((segment) => {
      const loss = droppedOutbound(segment)
      return loss === null || isUnknown(loss) || !isSplit(loss) ? [] : [{ segment, ...loss }]
    })
  const tool = first.family === 'ip6' ? 'ip6tables-legacy-save' : 'iptables-legacy-save'
  return [
    {
      id: 'F04',
      severity: lost === undefined ? 'risk' : 'fault',
      subject: context.names.get(netns.id) ?? netns.id,
      says:
        lost !== undefined
          ? `${owner(lost.place)} drops what ${owner(lost.accepted)} accepts, and nothing behind ${lost.segment.bridge.name} gets out: both are obeyed, and each tool shows only its own`
          : 'rules of iptables-legacy and of nft are both loaded: both are obeyed, and each tool shows only its own',
      evidence: [
        ...[lost?.place, lost?.accepted].flatMap((place) => (place ? [placeText(place)] : [])),
        `legacy: ${legacy.map((table) => `${table.name} (${countOf(table)} rules)`).join(', ')}`,
        `nft: ${others.map((table) => `${table.family} ${table.name} (${countOf(table)} rules)`).join(', ')}`,
      ],
      command: inside(context, netns, tool),
      netns: netns.id,
      ifindex: null,
      ...(lost === undefined ? {} : ruleAt(netns, lost.place)),
    },
  ]
}

function owner(place: Place | null): string {
  return place?.table.backend === 'iptables-legacy' ? 'iptables-legacy' : 'nft'
}

/** Chains that only accept do nothing: an empty table is what a look at it leaves behind. */
function acts(table: NfTable): boolean {
  return table.chains.some((chain) => chain.rules.length > 0 || chain.policy?.toLowerCase() === 'drop')
}

function countOf(table: NfTable): number {
  return table.chains.reduce((sum, chain) => sum + chain.rules.length, 0)
}
