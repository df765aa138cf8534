/** Driver bridge: on a bridge of its own, or on one that is there already. */
import type { Failure } from '../../lib/failure.ts'
import { contains, parseIp, prefixOf, type Ip, type Prefix } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import { checkLinkName, checkMac, checkMtu } from '../names.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import { bridgeNameOf, linkCalled } from './bridge-name.ts'
import { bridgeSteps, existingBridgeSteps, gatewaysOf } from './bridge-steps.ts'
import { madeMac } from '../made-mac.ts'
import type { NetWish } from './network-options.ts'
import {
  baseOf,
  hasIpv6,
  haveIpv6,
  leastMtu,
  withoutFirewall,
  withoutIpv6,
  type NetworkDraft,
  type NetworkPlanner,
  type NetworkSite,
} from './network-plan.ts'
import { firstHost, subnetsOf } from './subnets.ts'

export const bridgeNetwork: NetworkPlanner = (wish, site) => {
  const noRules = withoutFirewall(site)
  if (noRules !== null) return refused(noRules)
  return wish.bridge === undefined ? onOwnBridge(wish, site) : onBridge(wish, wish.bridge, site)
}

/** `usual`: the MTU where none is asked for, and why it is that. `most`: what the way to other hosts carries. */
export type OwnBridgeMtu = { readonly usual: number; readonly why: string | null; readonly most?: number }

function onOwnBridge(wish: NetWish, site: NetworkSite): Planned<OwnBridgeDraft> {
  const usual = usualMtu(site.host)
  const why = usual < 1500 ? `MTU ${usual}, as the host's way out has it` : null
  return ownBridge(wish, site, { usual, why })
}

export type OwnBridgeDraft = NetworkDraft & { readonly bridge: string }

/** A network on a bridge that is made for it. */
export function ownBridge(
  wish: NetWish,
  site: NetworkSite,
  { usual, why, most }: OwnBridgeMtu,
): Planned<OwnBridgeDraft> {
  const { host, spot, ranges } = site
  const named = bridgeNameOf(wish, host)
  const subnets = subnetsOf(wish, { ranges, preferred: [], gatewayOf: firstHost })
  if (!named.ok || !subnets.ok)
    return refused(...(named.ok ? [] : named.refusals), ...(subnets.ok ? [] : subnets.refusals))
  const base = baseOf(wish, subnets.value, site)
  const mtu = wish.mtu ?? usual
  const least = leastMtu(base.ipv6)
  const wrong = [
    wish.mac === undefined ? null : checkMac(wish.mac),
    tooLittle(wish.name, least, most, why) ?? checkMtu(mtu, least, most),
    base.ipv6 && !hasIpv6(host) ? withoutIpv6(wish.name) : null,
  ].filter((each) => each !== null)
  if (wrong.length > 0) return refused(...wrong)
  const { name: bridge, note } = named.value
  const seed = `${site.world.hostName}/${wish.name}/${base.subnets[0]?.gateway ?? ''}`
  const mac = wish.mac?.toLowerCase() ?? madeMac(seed)
  const network = { ...base, bridge, ownsBridge: true, mtu, mac }
  return planned({
    network,
    bridge,
    kernel: bridgeSteps(spot, network, bridge, haveIpv6(host, network)),
    notes: [note, wish.mtu === undefined ? why : null].filter((each) => each !== null),
  })
}

function tooLittle(
  name: string,
  least: number,
  most: number | undefined,
  why: string | null,
): Failure | null {
  if (most === undefined || most >= least) return null
  return refusal(name, `${why ?? `MTU ${most}`}: less than the ${least} that every link must carry`)
}

function onBridge(wish: NetWish, name: string, site: NetworkSite): ReturnType<NetworkPlanner> {
  const { host, lab, spot, ranges } = site
  const bridge = linkCalled(host, name)
  if (bridge === null || bridge.kind !== 'bridge') return refused(notABridge(name, bridge))
  // Whoever made it had more names to choose from than rules can say.
  const bad = checkLinkName(bridge.name)
  if (bad !== null) return refused(bad)
  const other = lab.networks.find((each) => each.bridge === bridge.name)
  if (other !== undefined)
    return refused(refusal(name, `bridge ${bridge.name} is that of network ${other.name} already`))
  const own = addressesOn(host, bridge)
  const subnets = subnetsOf(wish, {
    ranges: ranges.filter(({ link }) => link !== bridge.name),
    preferred: own.map(({ prefix }) => prefix),
    gatewayOf: (subnet) => own.find(({ ip }) => contains(subnet, ip))?.ip ?? firstHost(subnet),
  })
  if (!subnets.ok) return subnets
  const base = baseOf(wish, subnets.value, site)
  const { inet6 } = bridge
  const isOff = inet6 !== null && 'disableIpv6' in inet6 && inet6.disableIpv6 === 1
  const mtu = wish.mtu ?? bridge.mtu
  const wrong = [
    checkMtu(mtu, leastMtu(base.ipv6)),
    base.ipv6 && !hasIpv6(host) ? withoutIpv6(wish.name) : null,
    base.ipv6 && isOff
      ? refusal(
          name,
          `IPv6 is off on bridge ${bridge.name}`,
          `vethscope sysctl set host net.ipv6.conf.${bridge.name}.disable_ipv6 0`,
        )
      : null,
  ].filter((each) => each !== null)
  if (wrong.length > 0) return refused(...wrong)
  const bare = { ...base, bridge: bridge.name, ownsBridge: false, mtu, mac: bridge.lladdr }
  const there = new Set(own.map(({ text }) => text))
  const added = gatewaysOf(bare).filter((address) => !there.has(address))
  const network = { ...bare, added }
  const owner = ranges.find(({ of, link }) => of === 'network' && link === bridge.name)
  return planned({
    network,
    kernel: existingBridgeSteps(spot, network, bridge, added),
    notes: [
      `bridge ${bridge.name} was there before and stays when the network is removed`,
      ...(owner === undefined
        ? []
        : [
            `bridge ${bridge.name} is that of ${owner.what}, which hands out the same addresses: give nodes --ip`,
          ]),
    ],
  })
}

function notABridge(name: string, link: Link | null): Failure {
  const shown = sanitise(name)
  return link === null
    ? { ...refusal(shown, `there is no bridge ${shown} on this host`), kind: 'not-found' }
    : refusal(shown, `${shown} is no bridge but a ${link.kind}`)
}

type OwnAddress = { readonly text: string; readonly ip: Ip; readonly prefix: Prefix }

/** Those of a network that nodes can be in, too. */
function addressesOn(host: Netns, bridge: Link): readonly OwnAddress[] {
  return listOf(host.addresses).flatMap(({ ifindex, local, prefixLen, scope, peer }) => {
    const ip = parseIp(local)
    if (ifindex !== bridge.ifindex || scope !== 'global' || peer !== null || ip === null) return []
    if (prefixLen > (ip.family === 'inet' ? 30 : 126)) return []
    return [{ text: `${local}/${prefixLen}`, ip, prefix: prefixOf(ip, prefixLen) }]
  })
}

/** 1500, or less where the host's default route is by a link that carries less: larger packets would not get out. */
function usualMtu(host: Netns): number {
  const [best] = listOf(host.routes)
    .filter(({ dst, table, family }) => dst === 'default' && table === 254 && family === 'inet')
    .toSorted((a, b) => (a.metric ?? 0) - (b.metric ?? 0))
  const out = listOf(host.links).find(({ ifindex }) => ifindex === best?.oif)
  return Math.min(1500, out?.mtu ?? 1500)
}
