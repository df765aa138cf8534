/**
 * Packets that come in by a link whose forwarding is 0 are delivered or dropped, never passed on
 * (Documentation/networking/ip-sysctl.rst; writing ip_forward sets it on every link).
 */
import type { Finding, Unchecked } from '../../model/finding.ts'
import { isUnknown } from '../../model/known.ts'
import { stepwise } from '../stepwise.ts'
import { sysctl } from '../nexthops.ts'
import { gatewayOf, inside, type FindingContext, type Segment } from './context.ts'
import type { Check } from './finding.ts'

export const forwardingOff: Check = {
  id: 'F01',
  title: 'forwarding is off where nodes use a bridge as gateway',
  check: (context) => stepwise(context.segments, (segment) => checkSegment(context, segment)),
}

function checkSegment(context: FindingContext, segment: Segment): readonly (Finding | Unchecked)[] {
  const { netns, bridge, network } = segment
  if (network?.internal === true) return []
  const own = new Set(segment.addresses.map((address) => address.local))
  const users = segment.nodes.filter((node) => own.has(gatewayOf(node.netns, 'inet') ?? ''))
  if (users.length === 0) return []
  if (bridge.inet === null) return []
  if (isUnknown(bridge.inet)) return [{ id: 'F01', netns: netns.id, unknown: bridge.inet.unknown }]
  if (bridge.inet.forwarding !== 0) return []
  const whole = sysctl(netns, 'ipv4.ip_forward')
  const key = whole === 0 ? 'net.ipv4.ip_forward' : `net.ipv4.conf.${bridge.name}.forwarding`
  const [first] = users
  const who = users.length === 1 ? `${first?.name ?? ''} does` : `${users.length} nodes behind it do`
  return [
    {
      id: 'F01',
      severity: 'fault',
      subject: bridge.name,
      says: `${key} is 0: what ${bridge.name} receives is not passed on, so ${who} not get out`,
      evidence: [
        `${key} = 0`,
        ...users.slice(0, 3).map((node) => `${node.name}: default via ${gatewayOf(node.netns, 'inet')}`),
      ],
      command: inside(context, netns, 'sysctl', key),
      netns: netns.id,
      ifindex: bridge.ifindex,
    },
  ]
}
