/** What the filter can ask of a row: of all that stands on it, the link, its far end, and the namespaces they are in. */
import type { Container } from '../model/engine.ts'
import { isHidden } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { containersIn } from './containers.ts'
import type { Facts, Trait } from './filter.ts'
import { isResolved } from './peers.ts'
import type { ContainerRow, LinkRow, NetnsRow } from './topology-row.ts'

type Row = LinkRow | NetnsRow | ContainerRow

/** Kind and traits are about the near end. */
export function rowFacts(world: Pick<World, 'netns' | 'engines'>): Facts<Row> {
  const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
  const ends = (row: Row): readonly Netns[] => {
    // It has a row because the namespace is another's.
    if (row.kind === 'container') return []
    const near = byId.get(row.netns)
    const far = row.kind === 'netns' || row.far === null ? undefined : byId.get(row.far.netns)
    return [near, far].filter((netns) => netns !== undefined)
  }
  const tenants = ({ id }: Netns): readonly Container[] =>
    containersIn(world, id)
      .map(({ container }) => container)
      .filter(({ joins, modeKind }) => joins === null && modeKind !== 'host' && modeKind !== 'container')
  const holds = (netns: Netns, text: string): boolean =>
    netnsText(netns).includes(text) || tenants(netns).some((each) => nameText(each).includes(text))
  return {
    holds: (row, text) => {
      if (ownText(row).includes(text) || ends(row).some((netns) => holds(netns, text))) return true
      return (
        row.kind === 'netns' &&
        ends(row).some((netns) => tenants(netns).some((each) => endpointText(each).includes(text)))
      )
    },
    addresses: (row) => {
      if (row.kind === 'link')
        return [...row.addresses, ...(row.far?.addresses ?? [])].map(({ local }) => local)
      return row.kind === 'container' ? endpointAddresses(row.container) : []
    },
    ports: (row) => [...ends(row).flatMap(listeningPorts), ...publishedPorts(row)],
    kind: (row) => {
      if (row.kind !== 'link') return null
      return row.link.kind === 'other' ? row.link.kindName.toLowerCase() : row.link.kind
    },
    traits: (row) => {
      if (row.kind === 'link') return linkTraits(row)
      const netns = row.kind === 'container' ? undefined : byId.get(row.netns)
      return netns === undefined ? [] : netnsTraits(netns)
    },
  }
}

const containerTexts = new WeakMap<Container, { readonly names: string; readonly endpoints: string }>()

/** By what a container is known wherever it is connected. */
function nameText(container: Container): string {
  return textsOf(container).names
}

/** By what it is known on its networks. */
function endpointText(container: Container): string {
  return textsOf(container).endpoints
}

function textsOf(container: Container): { readonly names: string; readonly endpoints: string } {
  const kept = containerTexts.get(container)
  if (kept !== undefined) return kept
  const { id, name, endpoints } = container
  const texts = {
    names: `${name}\n${id}`.toLowerCase(),
    endpoints: endpoints
      .flatMap(({ network, aliases, mac, ipv4, ipv6 }) => [network, ...aliases, mac, ipv4, ipv6])
      .join('\n')
      .toLowerCase(),
  }
  containerTexts.set(container, texts)
  return texts
}

function endpointAddresses({ endpoints }: Container): readonly string[] {
  return endpoints
    .flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6])
    .flatMap((cidr) => (cidr === null ? [] : (cidr.split('/')[0] ?? [])))
}

/** The host's ports and the container's. */
function publishedPorts(row: Row): readonly number[] {
  if (row.kind === 'netns') return []
  if (row.kind === 'container') {
    return row.container.ports.flatMap(({ hostPort, port }) => [hostPort, port])
  }
  return (row.end?.ports ?? []).flatMap((text) => {
    const [, from = '', to = from, port = ''] = /:(\d+)(?:-(\d+))?>(\d+)/.exec(text) ?? []
    const count = Math.max(0, Math.min(1000, Number(to) - Number(from)))
    return [...Array.from({ length: count + 1 }, (_, at) => Number(from) + at), Number(port)]
  })
}

/** Several names in one text stand on lines of their own, as no token can. */
const texts = new WeakMap<Row, string>()

/** Of its links; what belongs to their namespaces may change and leave the row as it is. */
function ownText(row: Row): string {
  if (row.kind === 'netns') return ''
  const kept = texts.get(row)
  if (kept !== undefined) return kept
  const text =
    row.kind === 'container'
      ? `${nameText(row.container)}\n${endpointText(row.container)}`
      : [linkText(row), row.far === null ? '' : linkText(row.far), saidText(row)].join('\n')
  texts.set(row, text)
  return text
}

/** What engines call its end and its network. */
function saidText({ end, network }: LinkRow): string {
  const said = [end?.network ?? '', ...(end?.aliases ?? []), network?.name ?? '', network?.id ?? '']
  return said.join('\n').toLowerCase()
}

function linkText({ link, addresses }: Pick<LinkRow, 'link' | 'addresses'>): string {
  const names = `${link.name}\n${link.altNames.join('\n')}\n${link.alias ?? ''}\n${link.lladdr ?? ''}`
  return addresses.reduce((text, { local }) => `${text}\n${local}`, names).toLowerCase()
}

const textsOfNetns = new WeakMap<Netns, string>()

function netnsText(netns: Netns): string {
  const kept = textsOfNetns.get(netns)
  if (kept !== undefined) return kept
  const text = [netns.id, ...netns.names.map(({ name }) => name)].join('\n').toLowerCase()
  textsOfNetns.set(netns, text)
  return text
}

/** Where its sockets were read. */
function listeningPorts({ details }: Netns): readonly number[] {
  return (details === null ? [] : listOf(details.sockets))
    .filter((socket) => socket.state === 'LISTEN' || socket.state === 'UNCONN')
    .map((socket) => socket.local.port)
}

function linkTraits({ link, offBridge, peer, lower }: LinkRow): readonly Trait[] {
  const traits: Trait[] = [isUp(link) ? 'up' : 'down']
  if (link.port !== null) traits.push('port')
  if (offBridge) traits.push('off-bridge')
  if ((peer !== null && !isResolved(peer)) || (lower !== null && !isResolved(lower)))
    traits.push('unresolved')
  return traits
}

function isUp({ flags, operstate }: Link): boolean {
  return flags.includes('UP') && operstate !== 'DOWN' && operstate !== 'LOWERLAYERDOWN'
}

function netnsTraits(netns: Netns): readonly Trait[] {
  const traits: Trait[] = []
  if (isHidden(netns.id)) traits.push('hidden')
  if (netns.readable !== true || isUnknown(netns.links)) traits.push('unreadable')
  return traits
}
