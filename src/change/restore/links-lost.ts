/** Which links go when one is deleted, wherever they are: the other end of a veth, and what stands on either. */
import { isResolved, peers } from '../../derive/peers.ts'
import { indexOf } from '../../derive/netns-index.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { planned, refusal, refused, type PlanContext, type Planned } from '../planner.ts'
import { placeIn, siteOf, type Site } from './site.ts'

/** `twin`: it is made together with that one. `lower`: what it stands on, where that is in another namespace. */
export type LostLink = {
  readonly site: Site
  readonly twin: Site | null
  readonly isTwin: boolean
  readonly lower: Site | null
}

/** In the order in which they can be made again: what another one stands on before it. */
export function linksLost(
  world: World,
  first: readonly { readonly netns: Netns; readonly link: Link }[],
  context: PlanContext,
): Planned<readonly LostLink[]> {
  const found = new Map<string, LostLink>()
  const pairs = peers(world.netns)
  const waiting = first.map(({ netns, link }) => ({ id: netns.id, ifindex: link.ifindex, isTwin: false }))
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const key = keyOf(next.id, next.ifindex)
    if (found.has(key)) continue
    const site = siteAt(world, next.id, next.ifindex, context)
    if (!site.ok) return site
    const twin = twinOf(world, site.value, context)
    if (!twin.ok) return twin
    const lower = lowerOf(world, site.value, context)
    found.set(key, { site: site.value, twin: twin.value, isTwin: next.isTwin, lower })
    if (twin.value !== null)
      waiting.unshift({ id: twin.value.netns.id, ifindex: twin.value.link.ifindex, isTwin: true })
    const uppers = pairs.uppersOf(next.id, next.ifindex)
    waiting.push(...uppers.map(({ netns, ifindex }) => ({ id: netns, ifindex, isTwin: false })))
  }
  return planned([...found.values()])
}

/** Every namespace gets these with a tunnel's module, and nobody can delete them (net.core.fb_tunnels_only_for_init_net). */
const fallbacks = new Set([
  'tunl0',
  'gre0',
  'gretap0',
  'erspan0',
  'ip_vti0',
  'ip6_vti0',
  'sit0',
  'ip6tnl0',
  'ip6gre0',
])

/** Links that belong to the namespace itself, and come with a new one. */
export function isOfItself({ kind, name, flags }: Link): boolean {
  return kind === 'loopback' || (fallbacks.has(name) && !flags.includes('UP'))
}

function keyOf(id: NetnsId, ifindex: number): string {
  return `${id} ${ifindex}`
}

function siteAt(world: World, id: NetnsId, ifindex: number, context: PlanContext): Planned<Site> {
  const netns = world.netns.find((each) => each.id === id)
  const link = netns === undefined ? undefined : indexOf(netns).links.get(ifindex)
  if (netns === undefined || link === undefined)
    return refused(refusal(id, `link ${ifindex} of netns ${id} would go too, and it could not be read`))
  const place = placeIn(world, netns, context)
  return place.ok ? planned(siteOf(place.value, link)) : place
}

/** The other end of a veth; null: it is none, or the other end is where nobody can look. */
function twinOf(world: World, { netns, link }: Site, context: PlanContext): Planned<Site | null> {
  const peer = peers(world.netns).peerOf(netns.id, link.ifindex)
  return isResolved(peer) ? siteAt(world, peer.netns, peer.ifindex, context) : planned(null)
}

/** null: it stands on none, on one of its own namespace, or on one where nobody can look. */
function lowerOf(world: World, { netns, link }: Site, context: PlanContext): Site | null {
  const lower = link.kind === 'veth' ? null : peers(world.netns).lowerOf(netns.id, link.ifindex)
  if (lower === null || !isResolved(lower) || lower.netns === netns.id) return null
  const site = siteAt(world, lower.netns, lower.ifindex, context)
  return site.ok ? site.value : null
}
