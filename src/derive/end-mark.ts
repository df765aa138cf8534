/** What engines and rules say of one end of a link: by which names it is reached, and which ports of the host lead to it. */
import type { Container, Endpoint } from '../model/engine.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import { endpointLink } from './container-link.ts'
import type { EngineMarks, Tenant } from './engine-marks.ts'
import { portTexts } from './container-standing.ts'
import type { PortsByAddress } from './ports-by-address.ts'
import { householdOf } from './tenants.ts'
import { addressesOf } from './netns-index.ts'
import { listOf } from '../model/known.ts'

export type EndMark = {
  readonly network: string | null
  readonly aliases: readonly string[]
  /** `:8080>80` */
  readonly ports: readonly string[]
}

const none: readonly string[] = []

/** null: nothing is said of it. */
export function endMark(
  marks: EngineMarks,
  published: PortsByAddress | null,
  netns: Netns,
  link: Link,
): EndMark | null {
  const owner = householdOf(marks, netns.id).owner
  const container = owner?.container
  const endpoint =
    container === undefined || link.kind === 'loopback' ? undefined : endpointAt(container, netns, link)
  const byRules = published === null ? none : portsAt(published, netns, link)
  if (endpoint === undefined && byRules.length === 0) return null
  const own =
    owner === null || endpoint === undefined ? none : portsByWord(owner, endpoint, netns, link, published)
  return {
    network: endpoint?.network ?? null,
    aliases: endpoint === undefined || container === undefined ? none : aliasesOf(container, endpoint),
    ports: [...new Set([...own, ...byRules])],
  }
}

function endpointAt(container: Container, netns: Netns, link: Link): Endpoint | undefined {
  return container.endpoints.find((endpoint) => {
    const found = endpointLink(container, endpoint, netns)
    return found !== null && !('unknown' in found) && found.ifindex === link.ifindex
  })
}

/** What the engine says is published, as far as no rule tells where it leads: that needs no guess. */
function portsByWord(
  { engine, container }: Tenant,
  endpoint: Endpoint,
  netns: Netns,
  { ifindex }: Pick<Link, 'ifindex'>,
  published: PortsByAddress | null,
): readonly string[] {
  if (container.ports.length === 0) return none
  const out = wayOut(netns)
  const way = listOf(netns.links).find((link) => link.ifindex === out)
  // Through a tunnel, say, that is no network of an engine: then it tells nothing.
  const isTold = way !== undefined && endpointAt(container, netns, way) !== undefined
  // A lab publishes nowhere else.
  const isMain = isTold || engine === 'lab' ? out === ifindex : isFirst(container, endpoint)
  if (!isMain) return none
  const told = new Set([...(published?.get(netns.id)?.values() ?? [])].flat())
  return portTexts(container).filter((text) => !told.has(text))
}

/** Ports are published on the network of the default route: that link's ifindex. null: the routes do not tell. */
export function wayOut({ routes }: Pick<Netns, 'routes'>): number | null {
  const [best] = listOf(routes)
    .filter(({ dst, oif }) => dst === 'default' && oif !== null)
    .toSorted(
      (a, b) =>
        Number(a.family === 'inet6') - Number(b.family === 'inet6') || (a.metric ?? 0) - (b.metric ?? 0),
    )
  return best?.oif ?? null
}

/** Where routes do not tell it: of several networks the first by name (libnetwork's order of endpoints). */
function isFirst(container: Container, endpoint: Endpoint): boolean {
  const routed = container.endpoints.filter(({ gateway, gateway6 }) => (gateway ?? gateway6 ?? '') !== '')
  const all = routed.length === 0 ? container.endpoints : routed
  const [first] = all.toSorted((a, b) => (a.network < b.network ? -1 : 1))
  return first === endpoint
}

/** Without what Docker adds by itself: the container's name and the beginning of its id. */
export function aliasesOf(container: Container, endpoint: Endpoint): readonly string[] {
  return [...new Set(endpoint.aliases)].filter(
    (alias) => alias !== container.name && !(alias.length >= 12 && container.id.startsWith(alias)),
  )
}

function portsAt(published: PortsByAddress, netns: Netns, link: Link): readonly string[] {
  const own = published.get(netns.id)
  if (own === undefined) return none
  return addressesOf(netns, link.ifindex).flatMap(({ local }) => own.get(local) ?? [])
}
