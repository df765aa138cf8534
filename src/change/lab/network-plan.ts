/** What the drivers of lab networks get and give. */
import { parsePrefix } from '../../lib/ip.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Lab, LabNetwork } from '../../model/lab.ts'
import type { Netns } from '../../model/netns.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import type { Spot } from '../at.ts'
import { refusal, type PlanContext, type Planned } from '../planner.ts'
import type { Failure } from '../../lib/failure.ts'
import type { NetWish } from './network-options.ts'
import type { LabSubnet } from './subnets.ts'
import type { TakenRange } from './taken-ranges.ts'

export type NetworkSite = {
  readonly world: World
  readonly lab: Lab
  readonly spot: Spot
  readonly host: Netns
  readonly ranges: readonly TakenRange[]
  readonly context: PlanContext
}

export type NetworkDraft = {
  readonly network: LabNetwork
  readonly kernel: readonly Step[]
  readonly notes: readonly string[]
}

export type NetworkPlanner = (wish: NetWish, site: NetworkSite) => Planned<NetworkDraft>

/** What every driver takes as it was asked for. */
export function baseOf(
  wish: NetWish,
  subnets: readonly LabSubnet[],
  { context }: NetworkSite,
): Omit<LabNetwork, 'bridge' | 'ownsBridge' | 'mtu' | 'mac'> {
  return {
    name: wish.name,
    driver: wish.driver,
    parent: null,
    mode: null,
    vxlan: null,
    subnets,
    internal: wish.internal,
    ipv6: subnets.some(({ subnet }) => parsePrefix(subnet)?.family === 'inet6'),
    icc: wish.icc,
    masquerade: wish.masquerade,
    acceptInForeign: wish.acceptInForeign,
    options: wish.options,
    labels: wish.labels,
    created: context.now,
  }
}

/** Whether the kernel of this host has IPv6 at all. */
export function hasIpv6({ details, links }: Netns): boolean {
  const setting =
    details === null || isUnknown(details.sysctls) ? undefined : details.sysctls['ipv6.conf.all.disable_ipv6']
  if (typeof setting === 'string') return true
  return listOf(links).some(({ inet6 }) => inet6 !== null && !isUnknown(inet6))
}

/** Whether links of a network have it: below the MTU that it needs they have none, nor settings of it (addrconf_notify in net/ipv6/addrconf.c). */
export function haveIpv6(host: Netns, { mtu }: Pick<LabNetwork, 'mtu'>): boolean {
  return mtu >= leastMtu(true) && hasIpv6(host)
}

export function withoutIpv6(name: string): Failure {
  return refusal(name, 'IPv6 is not in the kernel of this host', 'leave --ipv6 and IPv6 subnets out')
}

/** What isolates, translates and lets through needs one of them. */
export function withoutFirewall({ context: { tools } }: NetworkSite): Failure | null {
  return tools.has('nft') || tools.has('iptables')
    ? null
    : refusal('host', 'neither nft nor iptables is on this host', 'apt-get install nftables')
}

/** RFC 791 and RFC 8200: what every link must carry. */
export function leastMtu(isIpv6: boolean): number {
  return isIpv6 ? 1280 : 68
}
