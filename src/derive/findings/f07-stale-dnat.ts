/**
 * A rule sends a published port to an address that nobody has any more. Where a later rule for the same port has the
 * right one, the first still wins.
 */
import type { Finding, Unchecked } from '../../model/finding.ts'
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import { inside, type FindingContext, type Segment } from './context.ts'
import { destinationNats, type DestinationNat } from './destination-nat.ts'
import type { Check } from './finding.ts'
import { listing, placeText, rulesOf } from './outbound.ts'

export const staleDnat: Check = {
  id: 'F07',
  title: 'a published port leads to an address that nobody has',
  check: (context) => context.world.netns.flatMap((netns) => checkNetns(context, netns)),
}

function checkNetns(context: FindingContext, netns: Netns): readonly (Finding | Unchecked)[] {
  const segments = context.segments.filter((segment) => segment.netns.id === netns.id)
  if (segments.length === 0) return []
  const firewall = rulesOf(netns)
  if (isUnknown(firewall)) return [{ id: 'F07', netns: netns.id, unknown: firewall.unknown }]
  const asked = new Map<string | null, Segment | null>()
  const nats = destinationNats(firewall).map((nat) => {
    const known = asked.get(nat.address)
    const dead = known === undefined ? deadOn(segments, nat.address) : known
    asked.set(nat.address, dead)
    return { nat, dead }
  })
  // Looked up: where there are thousands, each against all others would take seconds.
  const alive = new Map<string, DestinationNat>()
  for (const { nat, dead } of nats) {
    const key = dead === null ? keyOf(nat) : null
    if (key !== null && !alive.has(key)) alive.set(key, nat)
  }
  return nats.flatMap(({ nat, dead }) => {
    if (dead === null) return []
    return [finding(context, netns, nat, dead, alive.get(keyOf(nat) ?? '') ?? null)]
  })
}

/** The segment whose subnet the address is of, where everybody on it is known and nobody has it. */
function deadOn(segments: readonly Segment[], address: string | null): Segment | null {
  const ip = address === null ? null : parseIp(address)
  if (ip === null || address === null) return null
  for (const segment of segments) {
    const within = segment.addresses.some((own) => {
      const prefix = parsePrefix(`${own.local}/${own.prefixLen}`)
      return prefix !== null && contains(prefix, ip)
    })
    if (!within) continue
    if (segment.otherPorts.length > 0) return null
    const all = [...segment.addresses, ...segment.nodes.flatMap((node) => node.addresses)]
    return all.some((each) => each.local === address) ? null : segment
  }
  return null
}

/** The same for two of one chain that take the same packets; null: it takes packets of any port. */
function keyOf({ table, chain, takes }: DestinationNat): string | null {
  if (takes.ports === null) return null
  return JSON.stringify([table.backend, table.family, table.name, chain.name, takes])
}

function finding(
  context: FindingContext,
  netns: Netns,
  nat: DestinationNat,
  segment: Segment,
  rival: DestinationNat | null,
): Finding {
  const port = nat.takes.ports === null ? 'packets' : `port ${nat.takes.ports}`
  const shadowed = rival !== null && rival.rule.number > nat.rule.number
  return {
    id: 'F07',
    severity: shadowed || rival === null ? 'fault' : 'note',
    subject: `${nat.chain.name} ${nat.rule.number}`,
    says: shadowed
      ? `${port} goes to ${nat.address ?? ''}, which nobody on ${segment.bridge.name} has: the rule for ${rival.address ?? ''} stands after it`
      : `${port} goes to ${nat.address ?? ''}, which nobody on ${segment.bridge.name} has`,
    evidence: [
      placeText(nat),
      ...(rival === null ? [] : [placeText(rival)]),
      ...(nat.rule.packets === null ? [] : [`${nat.rule.packets} packets met the first rule`]),
    ],
    command: inside(context, netns, ...listing(nat)),
    netns: netns.id,
    ifindex: segment.bridge.ifindex,
  }
}
