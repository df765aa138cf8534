/**
 * Which of the routes that hold an address IPv6 takes (rt6_select and find_rr_leaf, net/ipv6/route.c): unlike IPv4 it
 * scores those of one prefix and metric, by link and by whether the router answers.
 */
import { isUnknown, type Known } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { Route } from '../model/route.ts'
import type { Flow } from './flow.ts'
import { indexOf } from './netns-index.ts'
import { sysctl, usableHops, type Hop } from './nexthops.ts'
import type { Match } from './route-lookup.ts'
import { prefixLengthOf } from './route-table.ts'

/** `routes`: those that hold the address, longest prefix and lowest metric first. */
export function bestOfIpv6(netns: Netns, routes: readonly Route[], flow: Flow): Known<Match> | null {
  const any = choose(netns, routes, flow, () => true)
  const answering = choose(netns, routes, flow, (hop) => !hasFailed(netns, hop))
  if (any === null || answering === null || isUnknown(any) || isSame(any, answering)) return any
  // A host passes over routers that do not answer, down to shorter prefixes; a router does not.
  const forwarding = sysctl(netns, 'ipv6.conf.all.forwarding')
  if (isUnknown(forwarding)) return forwarding
  return forwarding === 0 ? answering : any
}

function isSame(a: Match, b: Known<Match>): boolean {
  return !isUnknown(b) && a.route === b.route && a.hops.length === b.hops.length
}

/** Needs CONFIG_IPV6_ROUTER_PREF, which distributions set: without it a router that was never asked counts too. */
function hasFailed(netns: Netns, hop: Hop): boolean {
  if (hop.gateway === null || isUnknown(netns.neighbours)) return false
  const entry = netns.neighbours.find((one) => one.ifindex === hop.oif && one.dst === hop.gateway)
  return entry?.state.split(/[ ,|]/).includes('FAILED') ?? false
}

type Choice = { readonly route: Route; readonly hop: Hop }

function choose(
  netns: Netns,
  routes: readonly Route[],
  flow: Flow,
  allowed: (hop: Hop) => boolean,
): Known<Match> | null {
  // RT6_LOOKUP_F_IFACE: the link asked for is a must where no source tells which one is meant.
  const must = flow.oif !== null && (flow.src === null || needsLink(flow))
  const wanted = flow.oif ?? (flow.received ? (indexOf(netns).byName.get(flow.iif)?.ifindex ?? null) : null)
  for (let at = 0; at < routes.length;) {
    const first = routes[at]
    if (first === undefined) break
    const equal = routes.slice(at).filter((one) => isEqual(one, first))
    at += equal.length
    const choices: Choice[] = []
    for (const route of equal) {
      if (route.type !== 'unicast' && route.type in refusing) return { route, verdict: route.type, hops: [] }
      const usable = usableHops(netns, route, flow, must)
      if (isUnknown(usable)) return usable
      if (usable === 'blackhole') return { route, verdict: 'blackhole', hops: [] }
      choices.push(...usable.filter(allowed).map((hop) => ({ route, hop })))
    }
    const preferred = choices.filter((each) => each.hop.oif === wanted)
    const best = preferred.length > 0 ? preferred : choices
    const [chosen] = best
    if (chosen === undefined) continue
    return { route: chosen.route, verdict: chosen.route.type, hops: best.map((each) => each.hop) }
  }
  return null
}

const refusing: Readonly<Record<string, true>> = {
  blackhole: true,
  unreachable: true,
  prohibit: true,
  throw: true,
}

function isEqual(a: Route, b: Route): boolean {
  return a.metric === b.metric && a.src === b.src && prefixLengthOf(a) === prefixLengthOf(b)
}

/** rt6_need_strict (net/ipv6/route.c): multicast, link-local and loopback destinations mean a certain link. */
function needsLink(flow: Flow): boolean {
  const { value } = flow.dst
  return value >> 120n === 0xffn || value >> 118n === 0xfe80n >> 6n || value === 1n
}
