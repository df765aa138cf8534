/** From the World to the shapes of docs/json.md. */
import { bridgeNat } from '../derive/bridge-nat.ts'
import { containerNamesIn } from '../derive/containers.ts'
import { engineMarks, noMarks } from '../derive/engine-marks.ts'
import { displayNames } from '../derive/netns-name.ts'
import { addressesOf, linkAt } from '../derive/netns-index.ts'
import { processCount } from '../derive/process-count.ts'
import { isResolved, peers, type LinkRef, type Peer } from '../derive/peers.ts'
import type { Address } from '../model/address.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, unknown, type Known } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import type {
  BridgeShape,
  LinkRefShape,
  LinkShape,
  NetnsDetailShape,
  NetnsRefShape,
  NetnsShape,
  UnresolvedShape,
} from './shapes.ts'

/** Looks at one World; holds nothing but what follows from it. */
export type Describer = {
  readonly ref: (id: NetnsId) => NetnsRefShape
  readonly netns: (netns: Netns) => NetnsShape
  readonly netnsDetail: (netns: Netns) => NetnsDetailShape
  readonly links: (netns: Netns) => Known<readonly LinkShape[]>
  readonly bridges: (netns: Netns) => readonly BridgeShape[]
}

export function describe(world: World): Describer {
  const names = displayNames(world.netns)
  const pairs = peers(world.netns)
  const marks = engineMarks(world.engines, noMarks)
  const ref = (id: NetnsId): NetnsRefShape => ({ id, name: names.get(id) ?? id })
  const linkRef = (link: LinkRef): LinkRefShape => ({
    netns: ref(link.netns),
    ifindex: link.ifindex,
    name: link.name,
  })
  const end = (peer: Peer): LinkRefShape | UnresolvedShape | null => {
    if (peer === null) return null
    if (isResolved(peer)) return linkRef(peer)
    return { unknown: peer.unknown, candidates: peer.candidates.map(linkRef) }
  }

  const linkShape = (netns: Netns, link: Link): LinkShape => ({
    netns: ref(netns.id),
    ifindex: link.ifindex,
    name: link.name,
    altNames: link.altNames,
    alias: link.alias,
    kind: link.kind === 'other' ? link.kindName : link.kind,
    operstate: link.operstate,
    carrier: link.carrier,
    flags: link.flags,
    mtu: link.mtu,
    lladdr: link.lladdr,
    master: link.master === null ? null : nameOf(netns, link.master),
    port: link.port,
    addresses: addressTexts(netns, link.ifindex),
    peer: end(pairs.peerOf(netns.id, link.ifindex)),
    lower: end(pairs.lowerOf(netns.id, link.ifindex)),
    stats: link.stats,
    data: kindData(link),
  })

  const links = (netns: Netns): Known<readonly LinkShape[]> =>
    isUnknown(netns.links) ? netns.links : netns.links.map((link) => linkShape(netns, link))

  const netnsShape = (netns: Netns): NetnsShape => ({
    ...ref(netns.id),
    names: netns.names,
    containers: containerNamesIn(world, netns.id),
    readable: netns.readable,
    processes: processCount(world, netns),
    links: isUnknown(netns.links) ? netns.links : netns.links.length,
    addresses: isUnknown(netns.addresses) ? netns.addresses : netns.addresses.map(cidr),
    userNamespace: netns.userNamespace,
  })

  return {
    ref,
    netns: netnsShape,
    links,
    netnsDetail: (netns) => ({
      ...netnsShape(netns),
      links: links(netns),
      routes: mapKnown(netns.routes, (route) => ({ ...route, dev: devOf(netns, route.oif) })),
      neighbours: mapKnown(netns.neighbours, (each) => ({ ...each, dev: devOf(netns, each.ifindex) })),
    }),
    bridges: (netns) => {
      const all = isUnknown(netns.links) ? [] : netns.links
      return all.flatMap((link) => {
        if (link.kind !== 'bridge') return []
        const { bridge } = link
        const mark = marks.bridges.get(netns.id)?.get(link.name) ?? null
        const field = <T>(value: (known: Exclude<typeof bridge, { unknown: string }>) => T): Known<T> =>
          isUnknown(bridge) ? bridge : value(bridge)
        return [
          {
            netns: ref(netns.id),
            name: link.name,
            id: field((known) => known.id),
            stp: field((known) => known.stp),
            vlanFiltering: field((known) => known.vlanFiltering),
            mtu: link.mtu,
            addresses: addressTexts(netns, link.ifindex),
            network: mark === null ? null : { engine: mark.engine, id: mark.id, name: mark.name },
            nat: bridgeNat(netns, addressesOf(netns, link.ifindex), mark),
            ports: all
              .filter((port) => port.master === link.ifindex)
              .map((port) => ({
                name: port.name,
                state: stateOf(port),
                peer: end(pairs.peerOf(netns.id, port.ifindex)),
              })),
          },
        ]
      })
    },
  }
}

function mapKnown<T, U>(value: Known<readonly T[]>, map: (each: T) => U): Known<readonly U[]> {
  return isUnknown(value) ? value : value.map(map)
}

function cidr(address: Address): string {
  return `${address.local}/${address.prefixLen}`
}

function addressTexts(netns: Netns, ifindex: number): Known<readonly string[]> {
  return isUnknown(netns.addresses) ? netns.addresses : addressesOf(netns, ifindex).map(cidr)
}

function nameOf(netns: Netns, ifindex: number): string {
  return linkAt(netns, ifindex)?.name ?? `if${ifindex}`
}

function devOf(netns: Netns, ifindex: number | null): string | null {
  return ifindex === null ? null : nameOf(netns, ifindex)
}

function stateOf(port: Link): Known<string> {
  if (isUnknown(port.port)) return port.port
  return port.port?.state ?? unknown('the kernel told nothing of this port')
}

function kindData(link: Link): unknown {
  switch (link.kind) {
    case 'bridge':
      return link.bridge
    case 'vlan':
      return link.vlan
    case 'vxlan':
      return link.vxlan
    case 'macvlan':
    case 'macvtap':
      return link.macvlan
    case 'ipvlan':
    case 'ipvtap':
      return link.ipvlan
    case 'bond':
      return link.bond
    case 'vrf':
      return link.vrf
    case 'tun':
      return link.tun
    case 'geneve':
      return link.geneve
    case 'netkit':
      return link.netkit
    case 'wireguard':
      return link.wireguard
    case 'loopback':
    case 'device':
    case 'veth':
    case 'dummy':
    case 'ifb':
      return null
    case 'other':
      return link.raw
    default:
      return link.tunnel
  }
}
