/**
 * Legacy and nft rules in one namespace: both are obeyed, each tool shows only its own, so what one accepts the other
 * may drop unseen.
 */
import type { Finding } from '../../model/finding.ts'
import type { Netns } from '../../model/netns.ts'
import type { NfTable } from '../../model/ruleset.ts'
import { inside, type FindingContext } from './context.ts'
import type { Check } from './finding.ts'

export const twoBackends: Check = {
  id: 'F04',
  title: 'iptables-legacy and nft rules side by side',
  check: (context) => context.world.netns.flatMap((netns) => checkNetns(context, netns)),
}

function checkNetns(context: FindingContext, netns: Netns): readonly Finding[] {
  const tables = netns.firewall?.tables ?? []
  const legacy = tables.filter((table) => table.backend === 'iptables-legacy' && acts(table))
  const others = tables.filter((table) => table.backend !== 'iptables-legacy' && acts(table))
  const [first] = legacy
  if (first === undefined || others.length === 0) return []
  const drops = legacy.flatMap((table) =>
    table.chains
      .filter((chain) => chain.policy?.toLowerCase() === 'drop')
      .map((chain) => `${table.name}: -P ${chain.name} DROP`),
  )
  const tool = first.family === 'ip6' ? 'ip6tables-legacy-save' : 'iptables-legacy-save'
  return [
    {
      id: 'F04',
      severity: drops.length > 0 ? 'fault' : 'risk',
      subject: context.names.get(netns.id) ?? netns.id,
      says:
        drops.length > 0
          ? 'iptables-legacy drops what the nft rules accept: both are obeyed, and each tool shows only its own'
          : 'rules of iptables-legacy and of nft are both loaded: both are obeyed, and each tool shows only its own',
      evidence: [
        ...drops.slice(0, 3),
        `legacy: ${legacy.map((table) => `${table.name} (${countOf(table)} rules)`).join(', ')}`,
        `nft: ${others.map((table) => `${table.family} ${table.name} (${countOf(table)} rules)`).join(', ')}`,
      ],
      command: inside(context, netns, tool),
      netns: netns.id,
      ifindex: null,
    },
  ]
}

/** Chains that only accept do nothing: an empty table is what a look at it leaves behind. */
function acts(table: NfTable): boolean {
  return table.chains.some((chain) => chain.rules.length > 0 || chain.policy?.toLowerCase() === 'drop')
}

function countOf(table: NfTable): number {
  return table.chains.reduce((sum, chain) => sum + chain.rules.length, 0)
}
