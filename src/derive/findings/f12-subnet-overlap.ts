/**
 * The same prefix, or a longer one, leads elsewhere: packets for the nodes of a bridge leave by another link. Told by
 * the route that the kernel would take, so metrics, tables and policy rules count as they do there.
 */
import type { Finding, Unchecked } from '../../model/finding.ts'
import { contains, parseIp, parsePrefix, type Prefix } from '../../lib/ip.ts'
import { isUnknown } from '../../model/known.ts'
import type { Address } from '../../model/address.ts'
import { stepwise } from '../stepwise.ts'
import { routeText } from '../route-text.ts'
import { predictRoute } from '../route.ts'
import { inside, isUp, type FindingContext, type Node, type Segment } from './context.ts'
import type { Check } from './finding.ts'

export const subnetOverlap: Check = {
  id: 'F12',
  title: "another route takes the packets for a bridge's nodes",
  check: (context) =>
    stepwise(context.segments, (segment) => [
      ...routedElsewhere(context, segment),
      ...nameserverInside(context, segment),
    ]),
}

function routedElsewhere(context: FindingContext, segment: Segment): readonly (Finding | Unchecked)[] {
  const { netns, bridge } = segment
  // A bridge that is down has no route at all, which is another finding.
  if (!isUp(bridge)) return []
  const networks = networksOf(segment)
  const wrong: {
    readonly node: Node
    readonly address: string
    readonly by: string
    readonly route: string
  }[] = []
  for (const node of segment.nodes) {
    for (const address of node.addresses) {
      if (address.family !== 'inet' || !connected(networks, address)) continue
      const answer = predictRoute(netns, { dst: address.local })
      if (answer.verdict === 'unknown')
        return [{ id: 'F12', netns: netns.id, unknown: answer.reason ?? 'the route could not be told' }]
      const [way] = answer.ways
      if (answer.verdict !== 'unicast' || way === undefined || way.ifindex === bridge.ifindex) continue
      const route = answer.route === null ? '' : routeText(answer.route, netns)
      wrong.push({ node, address: address.local, by: way.link ?? 'no link', route })
    }
  }
  const [first] = wrong
  if (first === undefined) return []
  const others = wrong.length === 1 ? '' : ` (and ${wrong.length - 1} more behind ${bridge.name})`
  return [
    {
      id: 'F12',
      severity: 'fault',
      subject: bridge.name,
      says: `packets for ${first.node.name} ${first.address}${others} leave by ${first.by}, not by ${bridge.name}: another route covers its subnet`,
      evidence: [
        ...segment.addresses.slice(0, 1).map((own) => `${bridge.name}: ${own.local}/${own.prefixLen}`),
        ...[...new Set(wrong.map(({ route }) => route))].slice(0, 3),
      ],
      command: inside(context, netns, 'ip', 'route', 'get', first.address),
      netns: netns.id,
      ifindex: bridge.ifindex,
    },
  ]
}

/** The bridge itself has an address of that network: the kernel would have a connected route by it. */
function connected(networks: readonly Prefix[], address: Address): boolean {
  const ip = parseIp(address.local)
  return ip !== null && networks.some((prefix) => contains(prefix, ip))
}

function networksOf(segment: Segment): readonly Prefix[] {
  return segment.addresses.flatMap((own) =>
    own.family === 'inet' ? (parsePrefix(`${own.local}/${own.prefixLen}`) ?? []) : [],
  )
}

/** A name server of the host that lies in a bridge's subnet, where nobody has its address, is never reached. */
function nameserverInside(context: FindingContext, segment: Segment): readonly Finding[] {
  const { netns, bridge } = segment
  const networks = networksOf(segment)
  const there = new Set(
    [...segment.addresses, ...segment.nodes.flatMap((node) => node.addresses)].map((own) => own.local),
  )
  if (networks.length === 0 || segment.otherPorts.length > 0) return []
  const servers = new Set(
    context.world.dns
      .filter((dns) => dns.netns.includes(netns.id) && !isUnknown(dns.resolvConf))
      .flatMap((dns) => (isUnknown(dns.resolvConf) ? [] : nameservers(dns.resolvConf))),
  )
  return [...servers].flatMap((server) => {
    const ip = parseIp(server)
    if (ip === null || there.has(server) || !networks.some((prefix) => contains(prefix, ip))) return []
    return {
      id: 'F12',
      severity: 'fault' as const,
      subject: bridge.name,
      says: `the name server ${server} lies in the subnet of ${bridge.name}, where nobody has that address: names are not resolved`,
      evidence: [
        `resolv.conf: nameserver ${server}`,
        ...segment.addresses.slice(0, 1).map((own) => `${bridge.name}: ${own.local}/${own.prefixLen}`),
      ],
      command: inside(context, netns, 'ip', 'route', 'get', server),
      netns: netns.id,
      ifindex: bridge.ifindex,
    }
  })
}

/** resolv.conf(5): `nameserver` at the line's start, then an address. */
export function nameservers(resolvConf: string): readonly string[] {
  return resolvConf.split('\n').flatMap((line) => {
    const [, address] = /^nameserver\s+(\S+)/.exec(line) ?? []
    return address === undefined ? [] : [address]
  })
}
