/** A node's first packet to the outside, as the namespace that holds its bridge sees it. */
import { unknown, type Known } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Firewall } from '../../model/ruleset.ts'
import type { Netns } from '../../model/netns.ts'
import type { RuleRef } from '../../model/rule-ref.ts'
import { linkAt } from '../netns-index.ts'
import { anyPacket, type Packet } from '../packet/packet.ts'
import type { Place } from '../packet/verdict.ts'
import { ruleRef } from '../ports/by-rules.ts'
import { predictRoute } from '../route.ts'
import { gatewayOf, type Node, type Segment } from './context.ts'

/** 192.0.2.1 stands for anywhere (RFC 5737): only the default route leads there. */
const anywhere = '192.0.2.1'

/** Nodes that use the bridge's own address as their gateway. */
export function usersOf(segment: Segment): readonly Node[] {
  const own = new Set(segment.addresses.map((address) => address.local))
  return segment.nodes.filter((node) => own.has(gatewayOf(node.netns, 'inet') ?? ''))
}

/** The link that the default route leaves by; null where there is none, or where it is the bridge itself. */
export function uplinkOf({ netns, bridge }: Segment): Link | null {
  const answer = predictRoute(netns, { dst: anywhere })
  const [way] = answer.ways
  if (answer.verdict !== 'unicast' || way?.ifindex === null || way === undefined) return null
  return way.ifindex === bridge.ifindex ? null : linkAt(netns, way.ifindex)
}

export function outbound(segment: Segment, node: Node, uplink: Link): Packet {
  const address = node.addresses.find((each) => each.family === 'inet' && each.scope !== 'link')
  return {
    ...anyPacket,
    iif: segment.bridge.name,
    oif: uplink.name,
    source: address?.local ?? null,
    toLocal: false,
    state: 'NEW',
    mark: 0,
  }
}

/** The rules of a namespace; unknown where they were not read, or not all of them. */
export function rulesOf(netns: Netns): Known<Firewall> {
  const { firewall } = netns
  if (firewall === null) return unknown('its firewall rules were not read')
  const [gap] = firewall.unread
  if (gap !== undefined) return unknown(`not all of its firewall rules could be read: ${gap.unknown}`)
  return firewall
}

/** `-P FORWARD DROP`, `table inet fw, chain fwd: policy drop`, or the rule's own text. */
export function placeText({ table, chain, rule }: Place): string {
  const native = table.backend === 'nft'
  if (rule !== null)
    return native
      ? `${table.family} ${table.name} ${chain.name}: ${rule.text}`
      : `${table.name}: ${rule.text}`
  if (!native) return `${table.name}: -P ${chain.name} ${chain.policy?.toUpperCase() ?? ''}`
  return `table ${table.family} ${table.name} chain ${chain.name}: policy ${chain.policy ?? 'accept'}`
}

/** A finding's `rule`; none where a chain's policy decided. */
export function ruleAt(netns: Netns, { table, chain, rule }: Place): { readonly rule?: RuleRef } {
  return rule === null ? {} : { rule: ruleRef(netns, { table, chain, rule }) }
}

/** The tool that lists that table, as words of a command line. */
export function listing({ table, chain }: Place): readonly string[] {
  if (table.backend === 'nft') return ['nft', 'list', 'chain', table.family, table.name, chain.name]
  const tool = `${table.family === 'ip6' ? 'ip6tables' : 'iptables'}${table.backend === 'iptables-legacy' ? '-legacy' : ''}`
  return [tool, '-t', table.name, '-vnL', chain.name]
}
