/**
 * Frames that fit where they start and not where they pass: large packets vanish while small ones work. Between two
 * ends of one pair nothing is told to the sender; at a router an ICMP message is, if it gets through.
 */
import type { Finding } from '../../model/finding.ts'
import { stepwise } from '../stepwise.ts'
import { linkAt } from '../netns-index.ts'
import { predictRoute } from '../route.ts'
import { gatewayOf, inside, type FindingContext, type Segment } from './context.ts'
import type { Check } from './finding.ts'

export const mtuShrinks: Check = {
  id: 'F14',
  title: 'the MTU shrinks along the path',
  check: (context) =>
    stepwise(context.segments, (segment) => [...onSegment(context, segment), ...atUplink(context, segment)]),
}

/** A bridge does not fragment: a frame larger than the port's MTU is dropped without a counter (net/bridge/br_forward.c). */
function onSegment(context: FindingContext, segment: Segment): readonly Finding[] {
  const { netns, bridge, nodes } = segment
  const largest = nodes.reduce((most, node) => Math.max(most, node.link.mtu), 0)
  return nodes.flatMap((node) => {
    const passes = Math.min(node.port.mtu, node.link.mtu)
    if (passes >= largest) return []
    const sender = nodes.find((other) => other.link.mtu === largest)
    return {
      id: 'F14',
      severity: 'fault' as const,
      subject: node.port.name,
      says: `frames above ${passes} bytes to ${node.name} are lost on ${bridge.name} without a word: ${sender?.name ?? 'others'} may send ${largest}`,
      evidence: [
        `${node.port.name}: mtu ${node.port.mtu}`,
        `${node.name} ${node.link.name}: mtu ${node.link.mtu}`,
        `${bridge.name}: mtu ${bridge.mtu}`,
        `${sender?.name ?? ''} ${sender?.link.name ?? ''}: mtu ${largest}`,
      ],
      command: inside(context, netns, 'ip', '-d', 'link', 'show', 'master', bridge.name),
      netns: netns.id,
      ifindex: node.port.ifindex,
    }
  })
}

/** What the nodes send out meets a smaller link: it works only while ICMP "fragmentation needed" comes back. */
function atUplink(context: FindingContext, segment: Segment): readonly Finding[] {
  const { netns, bridge, nodes, network } = segment
  if (network?.internal === true || clampsMss(segment)) return []
  const own = new Set(segment.addresses.map((address) => address.local))
  const users = nodes.filter((node) => own.has(gatewayOf(node.netns, 'inet') ?? ''))
  if (users.length === 0) return []
  // 192.0.2.1 stands for anywhere (RFC 5737); only the default route can lead there.
  const answer = predictRoute(netns, { dst: '192.0.2.1' })
  const [way] = answer.ways
  const uplink = way?.ifindex === null || way === undefined ? null : linkAt(netns, way.ifindex)
  if (answer.verdict !== 'unicast' || uplink === null || uplink.ifindex === bridge.ifindex) return []
  const outside = answer.route?.mtu ?? uplink.mtu
  const large = users.filter((node) => node.link.mtu > outside)
  const [first] = large
  if (first === undefined) return []
  return [
    {
      id: 'F14',
      severity: 'risk',
      subject: bridge.name,
      says: `${large.length === 1 ? first.name : `${large.length} nodes on ${bridge.name}`} may send ${first.link.mtu} bytes and ${uplink.name} takes ${outside}: large packets are lost where ICMP is filtered`,
      evidence: [
        `${first.name} ${first.link.name}: mtu ${first.link.mtu}`,
        `${bridge.name}: mtu ${bridge.mtu}`,
        answer.route?.mtu === null || answer.route === null
          ? `${uplink.name}: mtu ${uplink.mtu}`
          : `default route by ${uplink.name}: mtu ${outside}`,
      ],
      command: inside(context, netns, 'ip', 'route', 'get', '192.0.2.1'),
      netns: netns.id,
      ifindex: bridge.ifindex,
    },
  ]
}

/** A rule that sets the TCP segment size to the path's is the usual cure. */
function clampsMss({ netns }: Segment): boolean {
  if (netns.firewall === null) return false
  return netns.firewall.tables.some((table) =>
    table.chains.some((chain) =>
      chain.rules.some((rule) => /clamp-mss-to-pmtu|maxseg size set rt mtu|--set-mss/.test(rule.text)),
    ),
  )
}
