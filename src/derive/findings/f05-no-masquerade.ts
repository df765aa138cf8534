/** Nodes with private addresses leave by the uplink under their own address, to which nobody can answer. */
import { dockerOptions } from '../../model/docker-options.ts'
import type { Finding, Unchecked } from '../../model/finding.ts'
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import { isUnknown } from '../../model/known.ts'
import type { EngineNetwork } from '../../model/engine.ts'
import type { Firewall, Match } from '../../model/ruleset.ts'
import { stepwise } from '../stepwise.ts'
import { fitsAll } from '../packet/matches.ts'
import type { Packet } from '../packet/packet.ts'
import { engineOf, inside, sameNetwork, type FindingContext, type Segment } from './context.ts'
import { checkEngine } from './f06-engine-chains-gone.ts'
import type { Check } from './finding.ts'
import { outbound, rulesOf, uplinkOf, usersOf } from './outbound.ts'
import { restoreCommand } from './restore-command.ts'
import { namesTranslation, sourceNats } from './source-nat.ts'

export const noMasquerade: Check = {
  id: 'F05',
  title: "nothing translates the source of what a bridge's nodes send out",
  check: (context) => stepwise(context.segments, (segment) => checkSegment(context, segment)),
}

/** RFC 1918, RFC 6598. */
const privateNets = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].flatMap(
  (text) => parsePrefix(text) ?? [],
)

function checkSegment(context: FindingContext, segment: Segment): readonly (Finding | Unchecked)[] {
  const { netns, bridge, network } = segment
  const [node] = usersOf(segment)
  const uplink = uplinkOf(segment)
  if (node === undefined || uplink === null || isRouted(network)) return []
  const packet = outbound(segment, node, uplink)
  const source = packet.source === null ? null : parseIp(packet.source)
  if (source === null || !privateNets.some((net) => contains(net, source))) return []
  const firewall = rulesOf(netns)
  if (isUnknown(firewall)) return [{ id: 'F05', netns: netns.id, unknown: firewall.unknown }]
  if (mayTranslate(firewall, packet, segment)) return []
  const engine = engineOf(context, network)
  // All of the engine's rules are gone: F06 says it.
  if (engine !== undefined && checkEngine(context, engine).length > 0) return []
  return [
    {
      id: 'F05',
      // Without an engine's word the subnet may be routed on purpose.
      severity: network === null ? 'risk' : 'fault',
      subject: bridge.name,
      says: `no rule masquerades ${node.name} ${packet.source ?? ''} towards ${uplink.name}: answers from outside do not find back`,
      evidence: [
        ...segment.addresses.slice(0, 1).map((own) => `${bridge.name}: ${own.local}/${own.prefixLen}`),
        `no MASQUERADE or SNAT at POSTROUTING that fits a packet from ${packet.source ?? 'there'} to ${uplink.name}`,
      ],
      command:
        restoreCommand(context, engine) ??
        inside(context, netns, 'iptables', '-t', 'nat', '-vnL', 'POSTROUTING'),
      netns: netns.id,
      ifindex: bridge.ifindex,
    },
  ]
}

/** Docker's ways to say that a network is not to be translated. */
function isRouted(network: EngineNetwork | null): boolean {
  if (network === null) return false
  const { options } = network
  return (
    network.internal ||
    options[dockerOptions.masquerade] === 'false' ||
    options[dockerOptions.gatewayMode] === 'routed'
  )
}

/** Any rule that could: a rule of a chain that nothing leads to is counted too, which only makes this quieter. */
function mayTranslate(firewall: Firewall, packet: Packet, segment: Segment): boolean {
  return sourceNats(firewall).some(
    ({ table, rule, certain }) =>
      (table.family === packet.family || table.family === 'inet') &&
      (certain || rule.statements.some(namesTranslation)) &&
      !rule.matches.some((match) => staysWithin(match, segment)) &&
      fitsAll(rule.matches, packet) !== false,
  )
}

/** Only for what is sent to nodes of the same bridge: Docker has such a rule for each port that a container publishes. */
function staysWithin(match: Match, { addresses }: Segment): boolean {
  return (
    match.kind === 'address' &&
    match.side === 'destination' &&
    !match.not &&
    match.values.every((value) => addresses.some((own) => sameNetwork(own, value.replace(/\/.*$/, ''))))
  )
}
