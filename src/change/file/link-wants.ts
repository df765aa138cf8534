/** Veth pairs of a file, and routes of its nodes. */
import { resolveNetns } from '../../derive/resolve-netns.ts'
import { addressesOf } from '../../derive/netns-index.ts'
import { isResolved, peers } from '../../derive/peers.ts'
import { normalIp } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Intent } from '../../model/intent.ts'
import { isUnknown, listOf, type Known } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { FileLink, FileNode, NetworkFile } from '../../model/network-file.ts'
import type { Route } from '../../model/route.ts'
import type { World } from '../../model/world.ts'
import { routesLike } from '../check/rows-like.ts'
import { atOf } from '../at.ts'
import { cidrOf } from '../names.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import type { Want } from './composed.ts'

export type FileEnd = FileLink['ends'][number]

export function linkWants({ links = [] }: NetworkFile): readonly Want[] {
  return links.map((link, at) => ({
    path: ['links', at],
    stage: 2,
    intents: ({ world }) => linkIntents(world, link),
  }))
}

export type EndThere = { readonly netns: Netns; readonly link: Link | null }

export function endThere(world: World, { in: place, name }: FileEnd): Planned<EndThere> {
  const netns = resolveNetns(world, place)
  if (!netns.ok) return refused(netns.failure)
  const link = listOf(netns.value.links).find((each) => each.name === name) ?? null
  return planned({ netns: netns.value, link })
}

/** Whether both ends are there, and each other's. */
export function isPair(world: World, one: EndThere, two: EndThere): boolean {
  if (one.link === null || two.link === null) return false
  const peer = peers(world.netns).peerOf(one.netns.id, one.link.ifindex)
  return isResolved(peer) && peer.netns === two.netns.id && peer.ifindex === two.link.ifindex
}

function linkIntents(world: World, { ends, mtu }: FileLink): Planned<readonly Intent[]> {
  const [one, two] = ends
  const [first, second] = [endThere(world, one), endThere(world, two)]
  if (!first.ok || !second.ok)
    return refused(...(first.ok ? [] : first.refusals), ...(second.ok ? [] : second.refusals))
  const text = `${sanitise(one.name)} in ${sanitise(one.in)} ⇄ ${sanitise(two.name)} in ${sanitise(two.in)}`
  if (first.value.link === null && second.value.link === null) {
    return planned([
      {
        kind: 'veth-add',
        netns: one.in,
        link: one.name,
        peerNetns: two.in,
        peerLink: two.name,
        up: true,
        ...(mtu === undefined ? {} : { mtu }),
      },
      ...ends.flatMap((end) => additions(end, end.addresses ?? [])),
    ])
  }
  if (!isPair(world, first.value, second.value)) {
    const there = first.value.link === null ? two : one
    const what = `veth pair ${text} cannot be made: ${sanitise(there.name)} is in ${sanitise(there.in)} already, and its other end is elsewhere`
    return refused(refusal(there.name, what, 'give it another name, or remove that link first'))
  }
  return planned([...changesOf(one, first.value, mtu), ...changesOf(two, second.value, mtu)])
}

function additions({ in: netns, name: link }: FileEnd, addresses: readonly string[]): readonly Intent[] {
  return addresses.map((address) => ({ kind: 'addr-add', netns, link, address }))
}

/** Of one that is there: addresses as they are asked for, unless none are named. */
function changesOf(end: FileEnd, { netns, link }: EndThere, mtu: number | undefined): readonly Intent[] {
  if (link === null) return []
  const { in: place, name, addresses } = end
  const has = addressesOf(netns, link.ifindex)
    .filter(({ scope, flags, peer }) => scope !== 'link' && flags.includes('permanent') && peer === null)
    .map(({ local, prefixLen }) => `${local}/${prefixLen}`)
  const wanted = (addresses ?? has).map(plain)
  const gone = has.filter((address) => !wanted.includes(address))
  const added = wanted.filter((address) => !has.includes(address))
  const isBeside = (address: string): boolean =>
    !address.includes(':') &&
    gone.some((each) => networkText(each) !== null && networkText(each) === networkText(address))
  return [
    ...(mtu === undefined || mtu === link.mtu
      ? []
      : [{ kind: 'link-mtu', netns: place, link: name, mtu } as const]),
    ...(link.flags.includes('UP') ? [] : [{ kind: 'link-up', netns: place, link: name } as const]),
    ...additions(
      end,
      added.filter((address) => !isBeside(address)),
    ),
    ...gone.map((address) => ({ kind: 'addr-rm', netns: place, link: name, address }) as const),
    // Of one network the first IPv4 address takes the later ones along when it goes.
    ...additions(end, added.filter(isBeside)),
  ]
}

function networkText(address: string): string | null {
  const cidr = cidrOf(address)
  return cidr.ok ? cidr.value.network : null
}

/** As the kernel writes it; without a length it is one address alone. */
function plain(text: string): string {
  const [alone = '', length] = text.split('/')
  const ip = normalIp(alone)
  if (ip === null) return text
  return `${ip}/${length ?? (ip.includes(':') ? 128 : 32)}`
}

type FileRoute = NonNullable<FileNode['routes']>[number]

/** After links: a route may go by one. */
export function routeWants({ nodes = {} }: NetworkFile): readonly Want[] {
  return Object.entries(nodes).flatMap(([name, { routes = [] }]) =>
    routes.map((route, at) => ({
      path: ['nodes', name, 'routes', at],
      stage: 3,
      intents: ({ world }) => routeIntents(world, name, route),
    })),
  )
}

/** RT_TABLE_MAIN (linux/rtnetlink.h). */
const main = 254

/** A route to the same place of the same metric makes way: two cannot be. */
function routeIntents(world: World, netns: string, route: FileRoute): Planned<readonly Intent[]> {
  const found = resolveNetns(world, netns)
  if (!found.ok) return refused(found.failure)
  const { to, via, link, src, metric } = route
  const all = routesLike(found.value, {
    kind: 'route',
    at: atOf(world, found.value),
    destination: to,
    table: main,
    via: via ?? null,
    link: link ?? null,
    metric: metric ?? null,
  })
  const family = [via, src, to].some((each) => each?.includes(':') === true) ? 'inet6' : 'inet'
  const same = known(all).filter(
    (each) =>
      each.family === family && metricOf(each) === (metric ?? (family === 'inet6' ? usualMetric6 : 0)),
  )
  if (same.some((each) => src === undefined || each.prefSrc === normalIp(src))) return planned([])
  const others = listOf(found.value.routes).filter(
    (each) =>
      each.table === main &&
      each.family === family &&
      !each.cached &&
      each.tos === 0 &&
      isTo(each, to) &&
      metricOf(each) === (metric ?? (family === 'inet6' ? usualMetric6 : 0)),
  )
  const names = new Map(listOf(found.value.links).map((each) => [each.ifindex, each.name]))
  return planned([
    ...others.map((each): Intent => ({
      kind: 'route-rm',
      netns,
      destination: to,
      ...(each.gateway === null ? {} : { via: each.gateway }),
      ...(each.oif === null || !names.has(each.oif) ? {} : { link: names.get(each.oif) ?? '' }),
      ...(each.metric === null ? {} : { metric: each.metric }),
    })),
    {
      kind: 'route-add',
      netns,
      destination: to,
      ...(via === undefined ? {} : { via }),
      ...(link === undefined ? {} : { link }),
      ...(src === undefined ? {} : { src }),
      ...(metric === undefined ? {} : { metric }),
    },
  ])
}

/** IP6_RT_PRIO_USER (linux/ipv6_route.h): what an IPv6 route has where no metric is given. */
const usualMetric6 = 1024

function metricOf({ metric }: Route): number {
  return metric ?? 0
}

function isTo({ dst }: Route, to: string): boolean {
  return dst === to || (dst === 'default' && (to === '0.0.0.0/0' || to === '::/0'))
}

function known<T>(rows: Known<readonly T[]>): readonly T[] {
  return isUnknown(rows) ? [] : rows
}
