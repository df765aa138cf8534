/** A bridge that is down, whose ports are all down, or that lost the address which its nodes use as gateway. */
import type { Finding } from '../../model/finding.ts'
import { stepwise } from '../stepwise.ts'
import { addressesOf } from '../netns-index.ts'
import { gatewayOf, inside, isUp, sameNetwork, type FindingContext, type Segment } from './context.ts'
import type { Check } from './finding.ts'

export const bridgeUnusable: Check = {
  id: 'F19',
  title: 'a bridge is down, without carrier or without its address',
  check: (context) => stepwise(context.segments, (segment) => checkSegment(context, segment)),
}

function checkSegment(context: FindingContext, segment: Segment): readonly Finding[] {
  const { netns, bridge, nodes } = segment
  // docker0 without ports is DOWN, and that is normal.
  const living = nodes.filter((node) => node.addresses.some((address) => address.scope !== 'link'))
  if (living.length === 0) return []
  const who = living.length === 1 ? (living[0]?.name ?? '') : `${living.length} nodes on it`
  const about = {
    id: 'F19',
    severity: 'fault',
    subject: bridge.name,
    netns: netns.id,
    ifindex: bridge.ifindex,
  } as const
  const show = inside(context, netns, 'ip', '-d', 'link', 'show', bridge.name)
  if (!isUp(bridge)) {
    return [
      {
        ...about,
        says: `${bridge.name} is down: ${who} cannot reach anything`,
        evidence: [`${bridge.name}: <${bridge.flags.join(',')}> ${bridge.operstate}`],
        command: show,
      },
    ]
  }
  const carriers = [...nodes.map((node) => node.port), ...segment.otherPorts]
  if (carriers.every((port) => port.carrier === false || !isUp(port))) {
    return [
      {
        ...about,
        says: `${bridge.name} has no carrier: none of its ${carriers.length} ports is up at both ends`,
        evidence: carriers
          .slice(0, 3)
          .map((port) => `${port.name}: ${isUp(port) ? 'UP, the other end is down' : 'down'}`),
        command: show,
      },
    ]
  }
  return gatewayMissing(context, segment).map((each) => ({ ...about, ...each }))
}

type Missing = Pick<Finding, 'says' | 'evidence' | 'command'>

/** Nobody whom this machine sees has the gateway's address. Behind an uplink somebody else may have it. */
function gatewayMissing(context: FindingContext, segment: Segment): readonly Missing[] {
  const { netns, bridge, nodes, otherPorts } = segment
  if (otherPorts.length > 0) return []
  const there = new Set(segment.addresses.map((address) => address.local))
  for (const node of nodes) for (const address of node.addresses) there.add(address.local)
  const lost = new Map<string, string[]>()
  for (const node of nodes) {
    const gateway = gatewayOf(node.netns, 'inet')
    if (gateway === null || there.has(gateway)) continue
    // The default route may leave by another link of the node.
    if (!addressesOf(node.netns, node.link.ifindex).some((own) => sameNetwork(own, gateway))) continue
    lost.set(gateway, [...(lost.get(gateway) ?? []), node.name])
  }
  return [...lost].map(([gateway, users]) => ({
    says: `nobody on ${bridge.name} has ${gateway}, the gateway of ${users.slice(0, 3).join(', ')}${users.length > 3 ? ' …' : ''}`,
    evidence: [
      segment.addresses.length === 0
        ? `${bridge.name} has no address`
        : `${bridge.name}: ${segment.addresses.map((own) => `${own.local}/${own.prefixLen}`).join(', ')}`,
      ...users.slice(0, 3).map((name) => `${name}: default via ${gateway}`),
    ],
    command: inside(context, netns, 'ip', 'address', 'show', bridge.name),
  }))
}
