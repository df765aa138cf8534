/**
 * A rule sends a published port to an address that nobody has any more. Where a later rule for the same port has the
 * right one, the first still wins.
 */
import type { Finding, Unchecked } from '../../model/finding.ts'
import type { Pieces } from '../../lib/in-pieces.ts'
import { contains, parseIp, parsePrefix, type Prefix } from '../../lib/ip.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import { stepwise } from '../stepwise.ts'
import { inside, type FindingContext, type Segment } from './context.ts'
import { destinationNats, type DestinationNat } from './destination-nat.ts'
import type { Check } from './finding.ts'
import { listing, placeText, ruleAt, rulesOf } from './outbound.ts'

export const staleDnat: Check = {
  id: 'F07',
  title: 'a published port leads to an address that nobody has',
  check: function* (context) {
    const found: (Finding | Unchecked)[] = []
    for (const netns of context.world.netns) {
      for (const each of yield* checkNetns(context, netns)) found.push(each)
    }
    return found
  },
}

type Dead = { readonly nat: DestinationNat; readonly segment: Segment }

function* checkNetns(context: FindingContext, netns: Netns): Pieces<readonly (Finding | Unchecked)[]> {
  const subnets = context.segments.filter((segment) => segment.netns.id === netns.id).map(subnetsOf)
  if (subnets.length === 0) return []
  const firewall = rulesOf(netns)
  if (isUnknown(firewall)) return [{ id: 'F07', netns: netns.id, unknown: firewall.unknown }]
  const nats = yield* destinationNats(firewall)
  const asked = new Map<string | null, Segment | null>()
  const dead: Dead[] = []
  for (const nat of nats) {
    let segment = asked.get(nat.address)
    if (segment === undefined) {
      segment = deadOn(subnets, nat.address)
      asked.set(nat.address, segment)
    }
    if (segment !== null) dead.push({ nat, segment })
    yield
  }
  if (dead.length === 0) return []
  const rivals = yield* firstAlive(dead, nats, (nat) => (asked.get(nat.address) ?? null) === null)
  return yield* stepwise(dead, ({ nat, segment }) => [
    finding(context, netns, nat, segment, rivals.get(keyOf(nat) ?? '') ?? null),
  ])
}

/** Looked up: where there are thousands, each against all others would take seconds. */
function* firstAlive(
  dead: readonly Dead[],
  nats: readonly DestinationNat[],
  isAlive: (nat: DestinationNat) => boolean,
): Pieces<ReadonlyMap<string, DestinationNat>> {
  const wanted = new Set<string>()
  for (const { nat } of dead) {
    const key = keyOf(nat)
    if (key !== null) wanted.add(key)
    yield
  }
  const first = new Map<string, DestinationNat>()
  for (const nat of nats) {
    yield
    const key = isAlive(nat) ? keyOf(nat) : null
    if (key !== null && wanted.has(key) && !first.has(key)) first.set(key, nat)
  }
  return first
}

type Subnets = {
  readonly segment: Segment
  readonly prefixes: readonly Prefix[]
  readonly held: ReadonlySet<string>
}

function subnetsOf(segment: Segment): Subnets {
  const all = [...segment.addresses, ...segment.nodes.flatMap((node) => node.addresses)]
  return {
    segment,
    prefixes: segment.addresses.flatMap((own) => parsePrefix(`${own.local}/${own.prefixLen}`) ?? []),
    held: new Set(all.map(({ local }) => local)),
  }
}

/** The segment whose subnet the address is of, where everybody on it is known and nobody has it. */
function deadOn(subnets: readonly Subnets[], address: string | null): Segment | null {
  const ip = address === null ? null : parseIp(address)
  if (ip === null || address === null) return null
  for (const { segment, prefixes, held } of subnets) {
    if (!prefixes.some((prefix) => contains(prefix, ip))) continue
    if (segment.otherPorts.length > 0) return null
    return held.has(address) ? null : segment
  }
  return null
}

/** The same for two of one chain that take the same packets; null: it takes packets of any port. */
function keyOf({ table, chain, takes }: DestinationNat): string | null {
  if (takes.ports === null) return null
  const { ports, protocol, address } = takes
  return JSON.stringify([table.backend, table.family, table.name, chain.name, ports, protocol, address])
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
      ...(nat.rule.packets === null
        ? []
        : [`${nat.rule.packets} ${nat.rule.packets === 1 ? 'packet' : 'packets'} met the first rule`]),
    ],
    command: inside(context, netns, ...listing(nat)),
    netns: netns.id,
    ifindex: segment.bridge.ifindex,
    ...ruleAt(netns, nat),
  }
}
