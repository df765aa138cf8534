/** A node with an address and no way out of its subnet. Normal for internal networks, so only an engine can make it a fault. */
import type { Finding } from '../../model/finding.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import { stepwise } from '../stepwise.ts'
import { gatewayOf, inside, type FindingContext, type Node, type Segment } from './context.ts'
import type { Check } from './finding.ts'

export const noDefaultRoute: Check = {
  id: 'F35',
  title: 'a container has no default route',
  check: (context) => {
    const seen = new Set<string>()
    return stepwise(context.segments, (segment) =>
      segment.nodes.flatMap((node) => {
        if (seen.has(node.netns.id)) return []
        seen.add(node.netns.id)
        return checkNode(context, segment, node)
      }),
    )
  },
}

function checkNode(context: FindingContext, segment: Segment, node: Node): readonly Finding[] {
  const { netns } = node
  const [address] = node.addresses.filter((each) => each.family === 'inet' && each.scope !== 'link')
  if (isUnknown(netns.routes) || address === undefined) return []
  const anywhere = listOf(netns.routes).some((route) => route.dst === 'default' && route.type === 'unicast')
  // Half-and-half routes of VPNs (0.0.0.0/1, 128.0.0.0/1), or a table of its own: somebody thought about it.
  const others = listOf(netns.routes).some((route) => route.gateway !== null && route.family === 'inet')
  if (anywhere || others || gatewayOf(netns, 'inet') !== null) return []
  const endpoint = (context.containers.get(netns.id) ?? [])
    .flatMap((container) => container.endpoints)
    .find((each) => each.gateway !== null && each.gateway !== '')
  const expected = segment.network?.internal === true ? undefined : endpoint?.gateway
  const gateway = segment.addresses.find((each) => each.family === 'inet')
  if (expected === undefined || expected === null) {
    // Without an engine's word it may be meant: a bridge without an address is a closed segment.
    if (segment.network !== null || gateway === undefined || isOverlay(segment)) return []
  }
  const known = expected !== undefined && expected !== null
  return [
    {
      id: 'F35',
      severity: known ? 'fault' : 'note',
      subject: node.name,
      says: `${node.name} has no default route: it reaches its own subnet only`,
      evidence: [
        `${node.link.name}: ${address.local}/${address.prefixLen}`,
        known
          ? `the engine says gateway ${expected}`
          : `${segment.bridge.name}: ${gateway?.local ?? 'no address'}`,
      ],
      command: inside(context, netns, 'ip', 'route'),
      netns: netns.id,
      ifindex: node.link.ifindex,
    },
  ]
}

/** Who balances the load on an overlay answers its members and nobody else. */
function isOverlay({ otherPorts }: Segment): boolean {
  return otherPorts.some((port) => port.kind === 'vxlan')
}
