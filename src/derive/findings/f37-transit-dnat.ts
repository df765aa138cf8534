/** A destination NAT that does not ask whether the packet was sent to this host takes transit traffic to that port too. */
import type { Pieces } from '../../lib/in-pieces.ts'
import type { Finding, Unchecked } from '../../model/finding.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Firewall } from '../../model/ruleset.ts'
import { stepwise } from '../stepwise.ts'
import { fitsAll } from '../packet/matches.ts'
import type { Packet } from '../packet/packet.ts'
import { outcomesAt } from '../packet/verdict.ts'
import { inside, type FindingContext, type Segment } from './context.ts'
import { destinationNats, type DestinationNat } from './destination-nat.ts'
import type { Check } from './finding.ts'
import { listing, outbound, placeText, ruleAt, rulesOf, uplinkOf, usersOf } from './outbound.ts'

export const transitDnat: Check = {
  id: 'F37',
  title: 'a destination NAT takes packets that are sent elsewhere',
  check: function* (context) {
    const found: (Finding | Unchecked)[] = []
    for (const netns of context.world.netns) {
      for (const each of yield* checkNetns(context, netns)) found.push(each)
    }
    return found
  },
}

function* checkNetns(context: FindingContext, netns: Netns): Pieces<readonly (Finding | Unchecked)[]> {
  const segment = context.segments.find((each) => each.netns.id === netns.id && usersOf(each).length > 0)
  if (segment === undefined) return []
  const firewall = rulesOf(netns)
  if (isUnknown(firewall)) return [{ id: 'F37', netns: netns.id, unknown: firewall.unknown }]
  const sender = senderOf(segment)
  if (sender === null) return []
  return yield* stepwise(yield* destinationNats(firewall), (nat) => {
    const packet = transit(sender, nat)
    if (packet === null || !takes(firewall, nat, packet)) return []
    return [finding(context, netns, segment, nat)]
  })
}

/** A node's packet to the outside; null: nobody there sends any. */
function senderOf(segment: Segment): Packet | null {
  const [node] = usersOf(segment)
  const uplink = uplinkOf(segment)
  return node === undefined || uplink === null ? null : outbound(segment, node, uplink)
}

/** What a node sends to the same port of a host far away. */
function transit(sender: Packet, nat: DestinationNat): Packet | null {
  const port = Number((nat.takes.ports ?? '').split(/[-,:]/)[0])
  if (nat.takes.ports === null || Number.isNaN(port)) return null
  return {
    ...sender,
    oif: '',
    destination: '192.0.2.1',
    protocol: nat.takes.protocol?.split(',')[0] ?? 'tcp',
    destinationPort: port,
  }
}

function takes(firewall: Firewall, nat: DestinationNat, packet: Packet): boolean {
  return (
    fitsAll(nat.rule.matches, packet) === true &&
    outcomesAt(firewall, 'prerouting', packet).acceptedAt.some((place) => place.rule === nat.rule)
  )
}

function finding(context: FindingContext, netns: Netns, segment: Segment, nat: DestinationNat): Finding {
  const port = nat.takes.ports ?? ''
  return {
    id: 'F37',
    severity: 'risk',
    subject: `${nat.chain.name} ${nat.rule.number}`,
    says: `everything that ${segment.bridge.name}'s nodes send to port ${port} of any host goes to ${nat.address ?? 'that rule'}: the rule does not ask for a destination of this host`,
    evidence: [placeText(nat), 'neither --dst-type LOCAL nor -d nor -i limits it'],
    command: inside(context, netns, ...listing(nat)),
    netns: netns.id,
    ifindex: segment.bridge.ifindex,
    ...ruleAt(netns, nat),
  }
}
