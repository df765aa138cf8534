/**
 * A container on a user-defined Docker network asks 127.0.0.11, where the engine listens inside its namespace on a random
 * port that two nat chains there lead to. Without the listener or the chains no name is resolved.
 */
import type { Finding, Unchecked } from '../../model/finding.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Chain, NfTable, Rule } from '../../model/ruleset.ts'
import { stepwise } from '../stepwise.ts'
import { inside, type FindingContext } from './context.ts'
import { nameservers } from './f12-subnet-overlap.ts'
import type { Check } from './finding.ts'
import { rulesOf } from './outbound.ts'

export const dnsListenerGone: Check = {
  id: 'F21',
  title: "the engine's name server inside a container is gone",
  check: (context) =>
    stepwise(context.containers.keys(), (id) => {
      const netns = context.byId.get(id)
      return netns === undefined ? [] : checkNetns(context, netns)
    }),
}

const embedded = '127.0.0.11'

function checkNetns(context: FindingContext, netns: Netns): readonly (Finding | Unchecked)[] {
  const asks = context.world.dns.some(
    (dns) =>
      dns.netns.includes(netns.id) &&
      !isUnknown(dns.resolvConf) &&
      nameservers(dns.resolvConf).includes(embedded),
  )
  if (!asks) return []
  const name = context.names.get(netns.id) ?? netns.id
  const unchecked = (reason: string): readonly Unchecked[] => [
    { id: 'F21', netns: netns.id, unknown: reason },
  ]
  const sockets = netns.details?.sockets ?? { unknown: 'its sockets were not read' }
  if (isUnknown(sockets)) return unchecked(sockets.unknown)
  const firewall = rulesOf(netns)
  if (isUnknown(firewall)) return unchecked(firewall.unknown)
  const listens = sockets.some((socket) => socket.protocol === 'udp' && socket.local.address === embedded)
  const led = firewall.tables.some((table) => table.chains.some((chain) => leads(table, chain)))
  if (listens && led) return []
  return [
    {
      id: 'F21',
      severity: 'fault',
      subject: name,
      says: listens
        ? `${name} asks ${embedded} for names, and the rules that lead there are gone`
        : `${name} asks ${embedded} for names, and nothing listens there`,
      evidence: [
        `resolv.conf: nameserver ${embedded}`,
        listens
          ? 'no rule that is reached sends what is for it to the port where it listens'
          : `no UDP socket on ${embedded}`,
      ],
      command: inside(context, netns, ...(listens ? ['iptables', '-t', 'nat', '-S'] : ['ss', '-lnup'])),
      netns: netns.id,
      ifindex: null,
    },
  ]
}

/** A flush leaves the chains, empty: what counts is the translation, and that something leads to it. */
function leads(table: NfTable, chain: Chain): boolean {
  const translates = chain.rules.some(({ statements }) =>
    statements.some((each) => each.kind === 'dnat' && each.address === embedded),
  )
  const jumpsHere = (rule: Rule): boolean =>
    rule.statements.some(
      (each) => (each.kind === 'jump' || each.kind === 'goto') && each.chain === chain.name,
    )
  return translates && (chain.hook !== null || table.chains.some(({ rules }) => rules.some(jumpsHere)))
}
