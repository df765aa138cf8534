/**
 * Without docker-proxy a node reaches its own published port only through the bridge: the port must send back where it came
 * from (hairpin), and the source must be translated, or the answer goes round the translation.
 */
import type { Finding } from '../../model/finding.ts'
import { isUnknown } from '../../model/known.ts'
import { sysctl } from '../nexthops.ts'
import { fitsAll } from '../packet/matches.ts'
import { anyPacket } from '../packet/packet.ts'
import type { PublishedPort } from '../../model/published-port.ts'
import { publishedPorts } from '../ports/published-ports.ts'
import { inside, type FindingContext, type Node, type Segment } from './context.ts'
import type { Check } from './finding.ts'
import { rulesOf } from './outbound.ts'

export const hairpinMissing: Check = {
  id: 'F25',
  title: 'a container cannot reach its own published port by the host',
  check: (context) =>
    publishedPorts(context.world)
      .filter(({ via, process, family }) => via === 'dnat' && process === null && family === 'ip')
      .flatMap((port) => checkPort(context, port)),
}

function checkPort(context: FindingContext, port: PublishedPort): readonly Finding[] {
  for (const segment of context.segments) {
    const node = segment.nodes.find(
      ({ netns, addresses }) =>
        netns.id === port.target.netns && addresses.some(({ local }) => local === port.target.address),
    )
    if (segment.netns.id !== port.netns || node === undefined) continue
    const missing = missingFor(segment, node, port)
    return missing === null ? [] : [finding(context, segment, node, port, missing)]
  }
  return []
}

/** null: nothing is missing, or it cannot be told. */
function missingFor(
  { netns, bridge }: Segment,
  node: Node,
  { target, protocol }: PublishedPort,
): string | null {
  const { port: bridgePort } = node.port
  // Where bridged packets do not pass netfilter, a packet to oneself is routed, not bridged, and needs no hairpin.
  const bridged = sysctl(netns, 'bridge.bridge-nf-call-iptables')
  if (bridged === 1 && bridgePort !== null && !isUnknown(bridgePort) && !bridgePort.hairpin)
    return `hairpin is off on ${node.port.name}`
  const firewall = rulesOf(netns)
  if (isUnknown(firewall) || target.address === null) return null
  const packet = {
    ...anyPacket,
    oif: bridge.name,
    source: target.address,
    destination: target.address,
    protocol,
    destinationPort: target.port,
    toLocal: false,
  }
  const translated = firewall.tables.some((table) =>
    table.chains.some((chain) =>
      chain.rules.some(
        ({ statements, matches }) =>
          statements.some(({ kind }) => kind === 'masquerade' || kind === 'snat' || kind === 'opaque') &&
          fitsAll(matches, packet) !== false,
      ),
    ),
  )
  return translated ? null : `no rule masquerades packets from ${target.address} to itself`
}

function finding(
  context: FindingContext,
  { netns, bridge }: Segment,
  node: Node,
  port: PublishedPort,
  missing: string,
): Finding {
  return {
    id: 'F25',
    severity: 'note',
    subject: node.port.name,
    says: `${node.name} cannot reach its own published port ${port.hostPort} by the host's address: ${missing}`,
    evidence: [
      `published: ${port.hostIp}:${port.hostPort} > ${port.target.address ?? ''}:${port.target.port}/${port.protocol}`,
      missing,
      'no docker-proxy listens on the port',
    ],
    command: inside(context, netns, 'bridge', '-d', 'link', 'show', 'dev', node.port.name),
    netns: netns.id,
    ifindex: bridge.ifindex,
  }
}
