/** Who is on which network, by what the engines say, with the links that were found for it. */
import { endpointLink } from '../../derive/container-link.ts'
import { indexOf } from '../../derive/netns-index.ts'
import { isResolved, peers, type LinkRef } from '../../derive/peers.ts'
import { portText } from '../../derive/port-text.ts'
import type { Container, Endpoint, Engine, EngineName, EngineNetwork } from '../../model/engine.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf, type Known } from '../../model/known.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { World } from '../../model/world.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { netnsOf } from '../select/shown.ts'

export type MemberRow = {
  readonly key: string
  readonly engine: EngineName
  /** The engine's, not a network's. */
  readonly endpoint: string
  /** null: it is on none. */
  readonly network: EngineNetwork | null
  readonly name: string
  readonly id: string
  readonly netns: NetnsId | null
  /** The namespace is its own, or one that it joined: not the host's. */
  readonly inside: boolean
  readonly ipv4: string | null
  readonly ipv6: string | null
  readonly mac: string | null
  readonly aliases: readonly string[]
  /** Published. */
  readonly ports: readonly { readonly text: string; readonly port: number; readonly protocol: string }[]
  /** In its namespace. */
  readonly link: Known<LinkRef | null>
  /** The other end of it; null: it has none, or that is not known. */
  readonly port: LinkRef | null
}

export const memberRows = memoRecent(
  (netns: World['netns'], engines: World['engines'], world: World): readonly MemberRow[] => {
    const pairs = peers(netns)
    return listOf(engines).flatMap((engine) => {
      const containers = listOf(engine.containers)
      const networks = listOf(engine.networks)
      const told = networks.flatMap((network) => {
        const on = containers.flatMap((container) =>
          container.endpoints
            .filter(
              (each) =>
                each.networkId === network.id || (each.networkId === '' && each.network === network.name),
            )
            .map((endpoint) => rowOf(engine, network, container, endpoint)),
        )
        // What the network alone tells of: another machine's containers, a load balancer's end.
        const others = network.members
          .filter(({ containerId }) => !on.some(({ id }) => id === containerId))
          .map((member): MemberRow => {
            const container = containers.find(({ id }) => id === member.containerId)
            return {
              ...bare(engine, network, member.containerId, member.name),
              ipv4: member.ipv4,
              ipv6: member.ipv6,
              mac: member.mac,
              ...(container === undefined ? {} : placeOf(container)),
            }
          })
        return [...on, ...others]
      })
      // A node that is on no network has no other place here.
      const alone =
        engine.engine === 'lab'
          ? containers
              .filter(({ id }) => !told.some((each) => each.id === id))
              .map((container) => ({
                ...bare(engine, null, container.id, container.name),
                ...placeOf(container),
                ports: portsOf(container),
              }))
          : []
      return [...told, ...alone]
    })

    function placeOf({ netns: own, modeKind }: Container): Pick<MemberRow, 'netns' | 'inside'> {
      const id = isUnknown(own) ? null : own
      return { netns: id, inside: id !== null && modeKind !== 'host' }
    }

    function rowOf(
      engine: Engine,
      network: EngineNetwork,
      container: Container,
      endpoint: Endpoint,
    ): MemberRow {
      const place = placeOf(container)
      const inside = place.netns === null ? null : netnsOf(world, place.netns)
      const link = endpointLink(container, endpoint, inside ?? undefined)
      return {
        ...bare(engine, network, container.id, container.name),
        ...place,
        ipv4: endpoint.ipv4,
        ipv6: endpoint.ipv6,
        mac: endpoint.mac,
        aliases: endpoint.aliases,
        ports: portsOf(container),
        link,
        port: farOf(link),
      }
    }

    function farOf(link: Known<LinkRef | null>): LinkRef | null {
      if (link === null || isUnknown(link)) return null
      const far = pairs.peerOf(link.netns, link.ifindex) ?? pairs.lowerOf(link.netns, link.ifindex)
      if (far === null || !isResolved(far)) return null
      const there = netnsOf(world, far.netns)
      return there !== null && indexOf(there).links.has(far.ifindex) ? far : null
    }
  },
)

function bare(engine: Engine, network: EngineNetwork | null, id: string, name: string): MemberRow {
  return {
    key: `${engine.engine} ${engine.endpoint} ${network?.id ?? ''} ${id}`,
    engine: engine.engine,
    endpoint: engine.endpoint,
    network,
    name,
    id,
    netns: null,
    inside: false,
    ipv4: null,
    ipv6: null,
    mac: null,
    aliases: [],
    ports: [],
    link: null,
    port: null,
  }
}

function portsOf({ ports }: Container): MemberRow['ports'] {
  const told = ports.map((each) => ({ text: portText(each), port: each.port, protocol: each.protocol }))
  // An engine tells of IPv4 and IPv6 apart.
  return told.filter(({ text }, at) => told.findIndex((each) => each.text === text) === at)
}

export type ListeningMember = MemberRow & {
  /** `*:80`; null: not told yet, or there is no namespace to look into. */
  readonly listens: readonly string[] | null
}

/** With what listens in their namespaces. */
export const listeningMembers = memoRecent(
  (members: readonly MemberRow[], view: PortsView | null): readonly ListeningMember[] => {
    const by = new Map<NetnsId, string[]>()
    const reached = (view?.listening ?? []).filter(({ address }) => address !== dockerDns)
    // What only the member itself reaches comes last.
    for (const { netns, address, port, protocol } of reached.toSorted((a, b) => inner(a) - inner(b))) {
      const text = `${placeText(address)}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}`
      const list = by.get(netns)
      if (list === undefined) by.set(netns, [text])
      else if (!list.includes(text)) list.push(text)
    }
    return members.map((member) => {
      const { netns, inside } = member
      const own = netns === null || !inside ? null : (by.get(netns) ?? (view?.complete === true ? [] : null))
      return { ...member, listens: own }
    })
  },
)

/** Docker's own resolver, in each of its namespaces, on ports that change. */
const dockerDns = '127.0.0.11'

function inner({ address }: { readonly address: string }): number {
  return address.startsWith('127.') || address === '::1' ? 1 : 0
}

function placeText(address: string): string {
  if (address === '0.0.0.0' || address === '::' || address === '*') return '*'
  return address.includes(':') ? `[${address}]` : address
}
