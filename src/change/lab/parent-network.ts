/** Drivers macvlan and ipvlan: links on a parent. Nothing is made on the host until a node joins. */
import type { Failure } from '../../lib/failure.ts'
import { contains, parseIp, type Ip, type Prefix } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import { checkMtu } from '../names.ts'
import { misuse, planned, refusal, refused } from '../planner.ts'
import { linkCalled } from './bridge-name.ts'
import type { NetWish } from './network-options.ts'
import {
  baseOf,
  hasIpv6,
  leastMtu,
  withoutIpv6,
  type NetworkPlanner,
  type NetworkSite,
} from './network-plan.ts'
import { isPassthru } from './parent-mode.ts'
import { subnetsOf } from './subnets.ts'

/** The first of each is what it is without one (ip-link(8)). */
const modes = {
  macvlan: ['bridge', 'private', 'vepa', 'passthru'],
  ipvlan: ['l2', 'l3', 'l3s'],
} as const

export const parentNetwork: NetworkPlanner = (wish, site) => {
  const { host } = site
  const driver = wish.driver === 'ipvlan' ? 'ipvlan' : 'macvlan'
  if (wish.parent === undefined)
    return refused(
      misuse(
        wish.name,
        `a ${driver} network needs a parent: the link that its nodes are on`,
        '--parent eth0',
      ),
    )
  const parent = linkCalled(host, wish.parent)
  if (parent === null) {
    const shown = sanitise(wish.parent)
    return refused({
      ...refusal(shown, `there is no link ${shown} on this host to be the parent`),
      kind: 'not-found',
    })
  }
  const unfit = unfitParent(parent, driver, site)
  const mode = wish.mode ?? modes[driver][0]
  const alone = notAlone(parent, mode, site)
  const badMode = modes[driver].some((each) => each === mode)
    ? null
    : misuse(mode, `"${sanitise(mode)}" is no mode of ${driver}: ${modes[driver].join(', ')}`)
  const subnets = subnetsOf(wish, {
    // The network of the parent is what its nodes shall be in; nameservers are among the neighbours there.
    ranges: site.ranges.filter(
      ({ of, link }) => of === 'network' || (of !== 'nameserver' && link !== parent.name),
    ),
    preferred: [],
    gatewayOf: (subnet) => (isRouted(driver, mode) ? null : routerOn(host, parent, subnet)),
  })
  const refusals = [unfit, badMode, alone].filter((each) => each !== null)
  if (!subnets.ok || refusals.length > 0) return refused(...refusals, ...(subnets.ok ? [] : subnets.refusals))
  const base = baseOf(wish, subnets.value, site)
  const mtu = wish.mtu ?? parent.mtu
  const wrong = [
    // A link on another one cannot carry more than that (macvlan_change_mtu, ipvlan_change_mtu).
    checkMtu(mtu, leastMtu(base.ipv6), parent.mtu),
    base.ipv6 && !hasIpv6(host) ? withoutIpv6(wish.name) : null,
  ].filter((each) => each !== null)
  if (wrong.length > 0) return refused(...wrong)
  return planned({
    network: {
      ...base,
      bridge: null,
      ownsBridge: false,
      parent: parent.name,
      mode,
      mtu,
      mac: null,
      // Its packets leave as they are: no rule of this host sees them.
      masquerade: false,
    },
    kernel: [],
    notes: notesOf({ ...wish, mode }, parent, driver, base.subnets, site),
  })
}

function unfitParent(parent: Link, driver: 'macvlan' | 'ipvlan', { host, lab }: NetworkSite): Failure | null {
  const { name } = parent
  const shown = sanitise(name)
  if (parent.kind === 'loopback') return refusal(shown, `${shown} cannot be a parent: it leads nowhere`)
  const master = listOf(host.links).find(({ ifindex }) => ifindex === parent.master)
  // A link has one receiver (rx_handler): the bridge, the bond, or the links on it.
  if (master !== undefined)
    return refusal(
      shown,
      `${shown} cannot be a parent: it is a port of ${sanitise(master.name)}`,
      `--parent ${sanitise(master.name)}`,
    )
  const other = driver === 'macvlan' ? 'ipvlan' : 'macvlan'
  const child = listOf(host.links).find(
    ({ kind, lower }) => kind === other && lower?.nsid === null && lower.ifindex === parent.ifindex,
  )
  if (child !== undefined)
    return refusal(
      shown,
      `${shown} cannot be the parent of ${driver} links: ${sanitise(child.name)} on it is ${other}`,
    )
  const network = lab.networks.find((each) => each.driver === other && each.parent === name)
  return network === undefined
    ? null
    : refusal(
        shown,
        `${shown} cannot be the parent of ${driver} links: network ${network.name} on it is ${other}`,
      )
}

/** Mode passthru gives the parent to one link alone (macvlan_common_newlink refuses a second one). */
function notAlone({ name }: Link, mode: string, { lab }: NetworkSite): Failure | null {
  const other = lab.networks.find(
    (each) => each.parent === name && (mode === 'passthru' || each.mode === 'passthru'),
  )
  if (other === undefined) return null
  const shown = sanitise(name)
  return refusal(
    shown,
    `in mode passthru a parent is for one network alone: network ${other.name} is on ${shown} already`,
  )
}

/** In modes l3 and l3s there is no router on the link: the parent's host itself routes. */
function isRouted(driver: 'macvlan' | 'ipvlan', mode: string): boolean {
  return driver === 'ipvlan' && mode !== 'l2'
}

/** The router that the host itself uses there; null: none, and then nodes have no default route. */
function routerOn(host: Netns, parent: Link, subnet: Prefix): Ip | null {
  const routers = listOf(host.routes).flatMap(({ dst, oif, gateway, table }) => {
    const ip = dst === 'default' && oif === parent.ifindex && table === 254 ? parseIp(gateway ?? '') : null
    return ip === null ? [] : [ip]
  })
  return routers.find((ip) => contains(subnet, ip)) ?? null
}

function notesOf(
  wish: NetWish,
  parent: Link,
  driver: 'macvlan' | 'ipvlan',
  subnets: readonly { readonly subnet: string; readonly gateway: string | null }[],
  { host }: NetworkSite,
): readonly string[] {
  const shown = sanitise(parent.name)
  const isWayOut = listOf(host.routes).some(({ dst, oif }) => dst === 'default' && oif === parent.ifindex)
  const withoutRouter = subnets.filter(({ gateway }) => gateway === null).map(({ subnet }) => subnet)
  return [
    `by design this host and the nodes of a ${driver} network do not reach each other: ${shown} leads only outside`,
    ...(isPassthru({ driver, mode: wish.mode ?? null })
      ? [`its node gets all that comes in by ${shown}: this host hears nothing there as long as it is on`]
      : []),
    ...(isWayOut && !isPassthru({ driver, mode: wish.mode ?? null })
      ? [`${shown} carries the default route of this host: its own packets stay as they are`]
      : []),
    ...(parent.flags.includes('UP') ? [] : [`${shown} is down: its nodes have no carrier until it is up`]),
    ...(withoutRouter.length === 0 || wish.internal
      ? []
      : [`nodes in ${withoutRouter.join(', ')} have no default route: give the router there with --gateway`]),
  ]
}
