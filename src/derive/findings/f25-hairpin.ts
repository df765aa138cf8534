/**
 * Without docker-proxy a node reaches its own published port only through the bridge: the port must send back where it came
 * from (hairpin), and the source must be translated, or the answer goes round the translation.
 */
import type { Finding } from '../../model/finding.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import { sysctl } from '../nexthops.ts'
import { fitsAll } from '../packet/matches.ts'
import { anyPacket } from '../packet/packet.ts'
import type { PublishedPort } from '../../model/published-port.ts'
import { stepwise } from '../stepwise.ts'
import { publishedPorts } from '../ports/published-ports.ts'
import { inside, type FindingContext, type Node, type Segment } from './context.ts'
import type { Check } from './finding.ts'
import { rulesOf } from './outbound.ts'
import { sourceNats } from './source-nat.ts'

export const hairpinMissing: Check = {
  id: 'F25',
  title: 'a container cannot reach its own published port by the host',
  check: (context) => {
    const behind = ends(context)
    return stepwise(publishedPorts(context.world), (port) => {
      if (port.via !== 'dnat' || port.process !== null || port.family !== 'ip') return []
      // A node's own 127.0.0.1 is another one: nobody means to reach that port from there.
      if (port.hostIp.startsWith('127.')) return []
      const end = behind.get(keyOf(port.netns, port.target.netns, port.target.address))
      if (end === undefined) return []
      const missing = missingFor(end.segment, end.node, port)
      return missing === null ? [] : [finding(context, end.segment, end.node, port, missing)]
    })
  },
}

type End = { readonly segment: Segment; readonly node: Node }

function keyOf(netns: NetnsId, target: NetnsId | null, address: string | null): string {
  return `${netns} ${target ?? ''} ${address ?? ''}`
}

/** Each address of each node behind a bridge, by the namespace of the bridge. */
function ends({ segments }: FindingContext): ReadonlyMap<string, End> {
  const all = new Map<string, End>()
  for (const segment of segments) {
    for (const node of segment.nodes) {
      for (const { local } of node.addresses) {
        const key = keyOf(segment.netns.id, node.netns.id, local)
        if (!all.has(key)) all.set(key, { segment, node })
      }
    }
  }
  return all
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
  const translated = sourceNats(firewall).some(({ rule }) => fitsAll(rule.matches, packet) !== false)
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
    ...(port.rule === null ? {} : { rule: port.rule }),
  }
}
