/** Veth pairs that are no network's, between namespaces of which a file can speak, and those namespaces. */
import { addressesOf, linkAt } from '../derive/netns-index.ts'
import { isResolved, peers } from '../derive/peers.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Lab } from '../model/lab.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { FileLink } from '../model/network-file.ts'
import type { World } from '../model/world.ts'
import { nothing, said, type Part } from './exported.ts'
import type { NamedNetns } from './namespaces.ts'
import { routesOf } from './routes.ts'

type End = { readonly in: string; readonly netns: Netns; readonly link: Link }
type Pair = readonly [End, End]

/** `lab`: its own links are its networks'. */
export function linksPart(world: World, lab: Lab | null, named: readonly NamedNetns[]): Part {
  const pairs = pairsOf(world, named).filter((pair) => !pair.some((end) => isOfLab(end, lab)))
  const [fit, unfit] = [
    pairs.filter((pair) => whyNot(pair) === null),
    pairs.filter((pair) => whyNot(pair) !== null),
  ]
  const ends = fit.flat()
  const plain = named.filter(({ netns, node }) => node === null && ends.some((end) => end.netns === netns))
  const routes = plain.map(({ name, netns }) => ({ name, ...routesOf(netns, name, null) }))
  return {
    ...nothing,
    nodes: routes.map(({ name, routes }) => [name, { mode: 'none', ...said({ routes }) }] as const),
    links: fit.map(linkOf),
    left: [
      ...fit.flat().flatMap(changedBy),
      ...unfit.map((pair) => `veth pair ${pairText(pair)}: ${whyNot(pair) ?? ''}`),
      ...named.flatMap(othersIn),
      ...routes.flatMap(({ left }) => left),
    ],
    unread: named.flatMap(({ name, netns }) =>
      isUnknown(netns.links) ? [`the links of ${name}: ${netns.links.unknown}`] : [],
    ),
  }
}

/** Each once, its ends in the order of their names; `host` is called so. */
function pairsOf(world: World, named: readonly NamedNetns[]): readonly Pair[] {
  const names = new Map<NetnsId, string>(named.map(({ name, netns }) => [netns.id, name]))
  names.set(world.host, 'host')
  const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
  const { peerOf } = peers(world.netns)
  const pairs = [...names].flatMap(([id, name]) => {
    const netns = byId.get(id)
    return listOf(netns?.links ?? []).flatMap((link): readonly Pair[] => {
      const peer = link.kind === 'veth' ? peerOf(id, link.ifindex) : null
      if (netns === undefined || !isResolved(peer)) return []
      const [otherName, otherNetns] = [names.get(peer.netns), byId.get(peer.netns)]
      const other = otherNetns === undefined ? null : linkAt(otherNetns, peer.ifindex)
      if (otherName === undefined || otherNetns === undefined || other === null) return []
      // Of a pair within the host alone nothing tells that it is to be exported: a VPN or an agent may have made it.
      if (name === 'host' && otherName === 'host') return []
      const [one, two]: Pair = [
        { in: name, netns, link },
        { in: otherName, netns: otherNetns, link: other },
      ]
      return textOf(one) < textOf(two) ? [[one, two]] : []
    })
  })
  return pairs.toSorted((a, b) => (pairText(a) < pairText(b) ? -1 : 1))
}

/** A NUL stands in no name. */
function textOf({ in: name, link }: End): string {
  return `${name}\0${link.name}`
}

function pairText([one, two]: Pair): string {
  return `${one.link.name} in ${one.in} ⇄ ${two.link.name} in ${two.in}`
}

function isOfLab({ in: name, link }: End, lab: Lab | null): boolean {
  if (lab === null) return false
  if (name === 'host')
    return lab.nodes.some(({ endpoints }) => endpoints.some(({ hostLink }) => hostLink === link.name))
  const node = lab.nodes.find((each) => each.name === name)
  return node?.endpoints.some((each) => each.link === link.name) === true
}

/** Why it cannot be said in a file; null: it can. */
function whyNot(pair: Pair): string | null {
  const port = pair.find(({ link }) => link.master !== null)
  if (port !== undefined) {
    const master = linkAt(port.netns, port.link.master ?? 0)?.name ?? 'another link'
    return `${port.link.name} is a port of ${master}, which is no network of the lab`
  }
  const [one, two] = pair
  if (one.link.mtu !== two.link.mtu)
    return `its ends have different MTUs, ${one.link.mtu} and ${two.link.mtu}`
  return null
}

function linkOf([one, two]: Pair): FileLink {
  const end = ({ in: name, netns, link }: End): FileLink['ends'][number] => ({
    in: name,
    name: link.name,
    ...said({ addresses: kept(netns, link).map(({ local, prefixLen }) => `${local}/${prefixLen}`) }),
  })
  return { ends: [end(one), end(two)], ...(one.link.mtu === 1500 ? {} : { mtu: one.link.mtu }) }
}

/** Neither what the kernel gave it (fe80::) nor what a server lent it. */
function kept(netns: Netns, { ifindex }: Link): ReturnType<typeof addressesOf> {
  return addressesOf(netns, ifindex).filter(
    ({ scope, flags, peer }) => scope !== 'link' && flags.includes('permanent') && peer === null,
  )
}

/** What is otherwise with a link that is made from the file. */
function changedBy({ in: name, netns, link }: End): readonly string[] {
  const facing = addressesOf(netns, link.ifindex).filter(({ peer }) => peer !== null)
  return [
    ...(link.flags.includes('UP') ? [] : [`${link.name} in ${name} is down; made from this file it is up`]),
    ...facing.map(
      ({ local, peer, prefixLen }) =>
        `address ${local} of ${link.name} in ${name}: it has a peer (${peer ?? ''}/${prefixLen})`,
    ),
  ]
}

/** Links of other kinds, and addresses that no network gave. */
function othersIn({ name, netns, node }: NamedNetns): readonly string[] {
  return listOf(netns.links).flatMap((link) => {
    const endpoint = node?.endpoints.find((each) => each.link === link.name)
    if (endpoint !== undefined) {
      const own = new Set([endpoint.ipv4, endpoint.ipv6])
      const extra = kept(netns, link).map(({ local, prefixLen }) => `${local}/${prefixLen}`)
      return extra
        .filter((address) => !own.has(address))
        .map((address) => `address ${address} of ${link.name} in ${name}`)
    }
    // What the kernel puts into each new namespace (sysctl net.core.fb_tunnels_only_for_init_net) stays down.
    const isOwn = link.kind === 'loopback' || (link.kind !== 'veth' && !link.flags.includes('UP'))
    return isOwn || link.kind === 'veth' ? [] : [`${link.kind} ${link.name} in ${name}`]
  })
}
