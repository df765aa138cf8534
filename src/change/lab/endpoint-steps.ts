/** The steps that put a running node on a network. */
import { labMark } from '../../model/lab-words.ts'
import type { Lab, LabEndpoint, LabNetwork } from '../../model/lab.ts'
import type { Command, Fact, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { hostSpot, namedSpot, type Spot } from '../at.ts'
import type { PlanContext } from '../planner.ts'
import type { DefaultRoute } from './default-routes.ts'
import { hasMacOfParent, isPassthru } from './parent-mode.ts'
import { ipv6SettingStep } from './link-setting.ts'
import { haveIpv6 } from './network-plan.ts'

export type EndpointPlan = {
  /** As it will be. */
  readonly lab: Lab
  readonly node: string
  readonly endpoint: LabEndpoint
  /** That go by this network. */
  readonly routes: readonly DefaultRoute[]
  /** Of a node that is being made: its lo is set up with it. */
  readonly isNew: boolean
}

/** What removes the endpoint removes all of it: taken back is only the link. */
export function endpointSteps(world: World, plan: EndpointPlan, context: PlanContext): readonly Step[] {
  const network = plan.lab.networks.find(({ name }) => name === plan.endpoint.network)
  if (network === undefined) return []
  const host = hostSpot(world, context)
  const inside = namedSpot(plan.node, context)
  const ipv6 = host.netns !== null && haveIpv6(host.netns, network)
  const { hostLink } = plan.endpoint
  const link =
    hostLink === null
      ? [lowerStep(network, plan, host, inside)]
      : [vethStep(network, plan, hostLink, host, inside), markStep(network, plan, hostLink, host, ipv6)]
  return [...link, ...(ipv6 ? [ipv6Step(plan, inside)] : []), setUp(plan, inside)]
}

/** `vethscope:NETWORK:NODE`. */
export function endpointMark(network: string, node: string): string {
  return `${labMark}:${network}:${node}`
}

/** The peer is born in the node under its own name: nobody sees it elsewhere, and it is never without its MAC address. */
function vethStep(
  network: LabNetwork,
  { node, endpoint }: EndpointPlan,
  hostLink: string,
  host: Spot,
  inside: Spot,
): Step {
  const { link, mac } = endpoint
  const bridge = network.bridge ?? ''
  const mtu = ['mtu', String(network.mtu)]
  const own = ['name', hostLink, ...mtu, 'master', bridge, 'up']
  const peer = ['name', link, ...mtu, 'address', mac, 'netns', node]
  const made: Fact = {
    kind: 'link',
    at: host.at,
    name: hostLink,
    there: true,
    is: { kind: 'veth', up: true, mtu: network.mtu, master: bridge },
  }
  const born: Fact = {
    kind: 'link',
    at: inside.at,
    name: link,
    there: true,
    is: { kind: 'veth', mtu: network.mtu, lladdr: mac },
  }
  return {
    title: `connect node ${node} to network ${network.name}: ${hostLink} on ${bridge}, ${link} in it`,
    command: host.ip('link', 'add', ...own, 'type', 'veth', 'peer', ...peer),
    undo: [host.ip('link', 'del', 'dev', hostLink)],
    after: [made, born],
    before: [
      { kind: 'link', at: host.at, name: hostLink, there: false },
      { kind: 'link', at: inside.at, name: link, there: false },
    ],
    touches: [
      { path: [host.at, `link:${hostLink}`], how: 'add' },
      { path: [host.at, `link:${bridge}`], how: 'use' },
      { path: [inside.at, `link:${link}`], how: 'add' },
    ],
  }
}

/** What the message that makes a link cannot say: rtnl_create_link ignores IFLA_IFALIAS, and `isolated` is a port's. */
function markStep(
  network: LabNetwork,
  { node }: EndpointPlan,
  hostLink: string,
  host: Spot,
  ipv6: boolean,
): Step {
  const alias = endpointMark(network.name, node)
  const isolated = network.icc ? [] : ['type', 'bridge_slave', 'isolated', 'on']
  const is = (is: NonNullable<Extract<Fact, { kind: 'link' }>['is']>): Fact => ({
    kind: 'link',
    at: host.at,
    name: hostLink,
    there: true,
    is,
  })
  return {
    title: `mark ${hostLink}${network.icc ? '' : ' and isolate it from other nodes'}`,
    command: host.ip('link', 'set', 'dev', hostLink, 'alias', alias, ...(ipv6 ? noAddress : []), ...isolated),
    undo: [],
    after: [is({ alias, isolated: !network.icc })],
    before: [is({ alias: null })],
    touches: [{ path: [host.at, `link:${hostLink}`], how: 'change', what: 'alias' }],
  }
}

/**
 * A port hands all that it gets to its bridge: an address of its own would only make it send (neighbour discovery, MLD). In time, because
 * there is none before the other end is up.
 */
export const noAddress = ['addrgenmode', 'none'] as const

/** macvlan and ipvlan: one link, in the node, on top of the parent. */
function lowerStep(network: LabNetwork, { node, endpoint }: EndpointPlan, host: Spot, inside: Spot): Step {
  const { link, mac } = endpoint
  const parent = network.parent ?? ''
  const mode = network.mode ?? (network.driver === 'ipvlan' ? 'l2' : 'bridge')
  const made = ['link', 'add', 'link', parent, 'name', link, 'netns', node, 'mtu', String(network.mtu)]
  const own = hasMacOfParent(network) ? [] : ['address', mac]
  return {
    title: `connect node ${node} to network ${network.name}: ${link} in it, on ${parent}`,
    command: host.ip(...made, ...own, 'type', network.driver, 'mode', mode),
    undo: [inside.ip('link', 'del', 'dev', link)],
    after: [
      {
        kind: 'link',
        at: inside.at,
        name: link,
        there: true,
        is: { kind: network.driver, mtu: network.mtu, lladdr: mac },
      },
    ],
    before: [{ kind: 'link', at: inside.at, name: link, there: false }],
    touches: [
      { path: [inside.at, `link:${link}`], how: 'add' },
      { path: [host.at, `link:${parent}`], how: isPassthru(network) ? 'change' : 'use' },
    ],
  }
}

/**
 * Without IPv6 not even a link-local address, as Docker does it: nodes would reach each other by it past all rules. With IPv6 that one
 * must not wait for duplicates either (accept_dad): it is made from a MAC address that nobody else has.
 */
function ipv6Step({ node, endpoint: { link, ipv6 } }: EndpointPlan, inside: Spot): Step {
  return ipv6 === null
    ? ipv6SettingStep(inside, link, 'disable_ipv6', '1', `no IPv6 on ${link} of ${node}`)
    : ipv6SettingStep(
        inside,
        link,
        'accept_dad',
        '0',
        `use the link-local address of ${link} of ${node} at once`,
      )
}

function setUp({ node, endpoint, routes, isNew }: EndpointPlan, inside: Spot): Step {
  const { link, ipv4, ipv6 } = endpoint
  const alias = endpoint.hostLink === null ? endpointMark(endpoint.network, node) : null
  const lines = [
    ...(isNew ? ['link set lo up'] : []),
    ...(alias === null ? [] : [`link set ${link} alias ${alias}`]),
    ...(ipv4 === null ? [] : [`address add ${ipv4}${broadcastOf(ipv4)} dev ${link}`]),
    // No waiting for duplicates: that nobody else has it was made sure of.
    ...(ipv6 === null ? [] : [`address add ${ipv6} nodad dev ${link}`]),
    `link set ${link} up`,
    ...routes.map((route) => `route add ${routeArgs(route).join(' ')}`),
  ]
  const addresses = [ipv4, ipv6].flatMap((each) => each ?? [])
  const given = addresses.join(' and ')
  const byIt = routes.length === 0 ? '' : ', and the default route'
  const address = (there: boolean): readonly Fact[] =>
    addresses.map((each) => ({ kind: 'address', at: inside.at, link, address: each, there }))
  return {
    title: `give ${link} of ${node} ${given}, set it up${byIt}`,
    command: batch(inside, lines),
    undo: [],
    after: [
      {
        kind: 'link',
        at: inside.at,
        name: link,
        there: true,
        is: { up: true, ...(alias === null ? {} : { alias }) },
      },
      ...address(true),
      ...routes.map((route) => routeFact(route, inside.at, true)),
    ],
    before: [{ kind: 'link', at: inside.at, name: link, there: true, is: { up: false } }, ...address(false)],
    touches: [
      ...addresses.map((each) => ({
        path: [inside.at, `link:${link}`, `address:${each}`],
        how: 'add' as const,
      })),
      { path: [inside.at, `link:${link}`], how: 'change', what: 'up' },
    ],
  }
}

/** As Docker has it; none where every address is a host (RFC 3021). */
function broadcastOf(cidr: string): string {
  return Number(cidr.split('/')[1] ?? 32) <= 30 ? ' brd +' : ''
}

/** What follows `ip route add` and its like. */
export function routeArgs({ family, link, via }: DefaultRoute): readonly string[] {
  return [everything[family], ...(via === null ? [] : ['via', via]), 'dev', link]
}

/** Not `default`: that is IPv4's where no address says otherwise. */
const everything = { inet: '0.0.0.0/0', inet6: '::/0' } as const

export function routeFact({ family, link, via }: DefaultRoute, at: string, there: boolean): Fact {
  return { kind: 'route', at, destination: everything[family], table: 254, via, link, metric: null, there }
}

/** Several lines for one `ip`: with the first that fails it stops. */
export function batch(spot: Spot, lines: readonly string[]): Command {
  return { ...spot.ip('-batch', '-'), input: `${lines.join('\n')}\n` }
}
