/**
 * The route that the kernel would take, worked out from a World: what `ip route get` would say, without a kernel.
 * A piece that decides and could not be read makes the answer "unknown", never a guess.
 */
import { formatIp, parsePrefix, contains } from '../lib/ip.ts'
import { isUnknown, unknown, type Known } from '../model/known.ts'
import type { Neighbour } from '../model/neighbour.ts'
import type { Netns } from '../model/netns.ts'
import { flowOf, type Flow } from './flow.ts'
import { indexOf, linkAt } from './netns-index.ts'
import type { Hop } from './nexthops.ts'
import { dropAtOnce, dropOfReceived, isOwnAddress } from './received.ts'
import type { RouteAnswer, RouteQuery, Way } from './route-answer.ts'
import { lookup, type Lookup } from './route-lookup.ts'
import { scopeValue, sourceIpv4, sourceIpv6, type Source } from './source-address.ts'

export function predictRoute(netns: Netns, query: RouteQuery): RouteAnswer {
  const flow = flowOf(netns, query)
  if (isUnknown(flow)) return plain(query, 'unknown', flow.unknown, [flow.unknown])
  const steps = [opening(flow)]
  const early = flow.received ? dropAtOnce(netns, flow) : dropOfSent(netns, flow)
  if (early !== null) return refused(query, flow, early, steps)
  const found = onLinkWithout(netns, flow, lookup(netns, flow, steps), steps)
  const ways = found.hops.map((hop) => wayOf(netns, flow, found, hop))
  const source = sourceOf(flow, found, ways)
  const known: RouteAnswer = {
    dst: formatIp(flow.dst),
    family: flow.family,
    verdict: multicastVerdict(flow, found.verdict),
    reason: found.reason,
    rule: found.rule,
    table: found.table,
    route: found.route,
    ways: ways.map((each) => each.way),
    source,
    steps,
  }
  const late = lateDrop(netns, flow, found)
  if (late !== null) {
    const reason = isUnknown(late) ? late.unknown : late
    return { ...known, verdict: isUnknown(late) ? 'unknown' : 'dropped', reason, steps: [...steps, reason] }
  }
  return { ...known, steps: [...steps, ...closing(netns, flow, found, known)] }
}

function plain(query: RouteQuery, verdict: string, reason: string, steps: readonly string[]): RouteAnswer {
  return {
    dst: query.dst,
    family: query.dst.includes(':') ? 'inet6' : 'inet',
    verdict,
    reason,
    rule: null,
    table: null,
    route: null,
    ways: [],
    source: { address: query.from ?? null, why: query.from === undefined ? 'not known' : 'as asked' },
    steps,
  }
}

function refused(query: RouteQuery, flow: Flow, drop: Known<string>, steps: readonly string[]): RouteAnswer {
  const reason = isUnknown(drop) ? drop.unknown : drop
  const answer = plain(query, isUnknown(drop) ? 'unknown' : 'dropped', reason, [...steps, reason])
  return { ...answer, dst: formatIp(flow.dst), family: flow.family }
}

function opening(flow: Flow): string {
  const from = flow.src === null ? '' : ` from ${formatIp(flow.src)}`
  const mark = flow.mark === 0 ? '' : `, mark 0x${flow.mark.toString(16)}`
  return flow.received
    ? `a packet${from} to ${formatIp(flow.dst)} came in by ${flow.iif}${mark}`
    : `this namespace sends${from} to ${formatIp(flow.dst)}${flow.oifName === null ? '' : ` by ${flow.oifName}`}${mark}`
}

/** ip_route_output_key_hash_rcu (net/ipv4/route.c): what is refused before any table. */
function dropOfSent(netns: Netns, flow: Flow): Known<string> | null {
  if (flow.oif !== null) {
    const link = linkAt(netns, flow.oif)
    if (link !== null && !link.flags.includes('UP')) return `${link.name} is down`
  }
  if (flow.src === null || flow.family === 'inet6') return null
  const own = isOwnAddress(netns, flow.src)
  if (isUnknown(own)) return unknown(`the addresses could not be read: ${own.unknown}`)
  return own ? null : `${formatIp(flow.src)} is not an address of this namespace`
}

function lateDrop(netns: Netns, flow: Flow, found: Lookup): Known<string> | null {
  if (!flow.received || found.verdict === 'unknown' || found.route === null) return null
  return dropOfReceived(netns, flow, found)
}

/**
 * IPv4 with a link named and no route: the kernel takes the destination to be on that link ("apparently, routing
 * tables are wrong", net/ipv4/route.c), except within a vrf.
 */
function onLinkWithout(netns: Netns, flow: Flow, found: Lookup, steps: string[]): Lookup {
  if (found.verdict === 'unknown' || found.verdict === 'unicast' || found.verdict === 'local') return found
  if (
    flow.family !== 'inet' ||
    flow.received ||
    flow.oif === null ||
    flow.vrf !== null ||
    found.hops.length > 0
  ) {
    return found
  }
  steps.push(`no route, but ${flow.oifName ?? 'a link'} was asked for: taken to be on that link`)
  const hops = [{ oif: flow.oif, gateway: null, weight: 1, flags: [] }]
  return { ...found, verdict: 'unicast', reason: null, route: null, table: null, hops }
}

/** A route of any type to a group address sends a multicast; to 255.255.255.255 a broadcast. */
function multicastVerdict(flow: Flow, verdict: string): string {
  if (verdict !== 'unicast') return verdict
  const isIn = (text: string): boolean => {
    const prefix = parsePrefix(text)
    return prefix !== null && contains(prefix, flow.dst)
  }
  if (isIn('224.0.0.0/4') || isIn('ff00::/8')) return 'multicast'
  return flow.family === 'inet' && flow.dst.value === 0xffffffffn ? 'broadcast' : verdict
}

function isDelivered(flow: Flow, verdict: string): boolean {
  return verdict === 'local' || verdict === 'anycast' || (flow.received && verdict === 'broadcast')
}

type WayAndSource = { readonly way: Way; readonly source: Known<Source> }

function wayOf(netns: Netns, flow: Flow, found: Lookup, hop: Hop): WayAndSource {
  const source = sourceFor(netns, flow, found, hop)
  // What is for this namespace itself leaves by lo, or by the vrf, whatever link the local route names.
  const isLocal = isDelivered(flow, found.verdict)
  const link = isLocal
    ? (flow.vrf ?? indexOf(netns).byName.get('lo') ?? null)
    : hop.oif === null
      ? null
      : linkAt(netns, hop.oif)
  // A group or broadcast address is not handed to a gateway; the lladdr follows from the address.
  const toMany = ['multicast', 'broadcast'].includes(multicastVerdict(flow, found.verdict))
  const way: Way = {
    ifindex: link?.ifindex ?? hop.oif,
    link: link?.name ?? null,
    gateway: toMany ? null : hop.gateway,
    weight: hop.weight,
    neighbour: isLocal || toMany ? null : neighbourOf(netns, flow, hop),
    source: isUnknown(source) ? null : source.address,
    flags: hop.flags,
  }
  return { way, source }
}

function neighbourOf(netns: Netns, flow: Flow, hop: Hop): Known<Neighbour | null> {
  const link = hop.oif === null ? null : linkAt(netns, hop.oif)
  if (link === null || link.flags.includes('NOARP') || link.kind === 'loopback') return null
  if (isUnknown(netns.neighbours)) return netns.neighbours
  const wanted = hop.gateway ?? formatIp(flow.dst)
  return netns.neighbours.find((one) => one.ifindex === hop.oif && one.dst === wanted) ?? null
}

function sourceFor(netns: Netns, flow: Flow, found: Lookup, hop: Hop): Known<Source> {
  if (flow.src !== null) return { address: formatIp(flow.src), why: 'as asked' }
  const { route } = found
  if (route !== null && route.prefSrc !== null)
    return { address: route.prefSrc, why: 'the route names it (src)' }
  if (found.verdict === 'local') return { address: formatIp(flow.dst), why: 'the destination itself' }
  if (hop.oif === null) return { address: null, why: 'no way out' }
  if (flow.family === 'inet6') return sourceIpv6(netns, hop.oif, flow.dst)
  return sourceIpv4(
    netns,
    hop.oif,
    hop.gateway,
    route === null ? scopeValue('link') : scopeValue(route.scope),
  )
}

function sourceOf(flow: Flow, found: Lookup, ways: readonly WayAndSource[]): Source {
  if (flow.src !== null) return { address: formatIp(flow.src), why: 'as asked' }
  const [first] = ways
  if (first === undefined)
    return { address: null, why: found.verdict === 'unknown' ? 'not known' : 'no way out' }
  if (isUnknown(first.source)) return { address: null, why: `not known: ${first.source.unknown}` }
  if (ways.every((each) => each.way.source === first.way.source)) return first.source
  return { address: null, why: 'depends on which way the packet takes' }
}

function closing(netns: Netns, flow: Flow, found: Lookup, answer: RouteAnswer): readonly string[] {
  if (answer.reason !== null) return [answer.reason]
  if (answer.ways.length === 0) return [`${answer.verdict}: it goes nowhere`]
  if (isDelivered(flow, found.verdict)) return ['delivered to this namespace itself']
  const source = answer.source.address
  const hash =
    answer.ways.length > 1 ? [`${answer.ways.length} ways: a hash of the flow decides for each`] : []
  return [
    ...hash,
    ...answer.ways.map(wayText),
    ...(flow.received ? [] : [`source ${source ?? 'none'}: ${answer.source.why}`]),
    ...exceptions(netns, flow, found),
  ]
}

function wayText(way: Way): string {
  const weight = way.weight > 1 ? ` (weight ${way.weight})` : ''
  const flags = way.flags.length > 0 ? ` [${way.flags.join(' ')}]` : ''
  const gateway = way.gateway === null ? 'directly' : `by way of ${way.gateway}`
  return `out by ${way.link ?? 'an unknown link'} ${gateway}${weight}${flags}${neighbourText(way)}`
}

function neighbourText(way: Way): string {
  if (isUnknown(way.neighbour)) return `; its neighbour entry is not known: ${way.neighbour.unknown}`
  if (way.neighbour === null)
    return way.gateway === null ? '' : '; it has not been asked for yet (no neighbour entry)'
  return `; neighbour ${way.neighbour.dst} ${way.neighbour.lladdr ?? 'has no lladdr'} ${way.neighbour.state}`
}

/** What the kernel learnt for this destination (PMTU, redirect) goes before the route's own values. */
function exceptions(netns: Netns, flow: Flow, found: Lookup): readonly string[] {
  if (isUnknown(netns.routes) || found.route === null) return []
  const dst = formatIp(flow.dst)
  const learnt = netns.routes.find((route) => route.cached && route.dst.replace(/\/(32|128)$/, '') === dst)
  if (learnt !== undefined) {
    const mtu = learnt.mtu === null ? '' : ` mtu ${learnt.mtu}`
    return [
      `the kernel has learnt an exception for it:${mtu}${learnt.gateway === null ? '' : ` via ${learnt.gateway}`}`,
    ]
  }
  return found.route.mtu === null ? [] : [`mtu ${found.route.mtu}, set on the route`]
}
