/** What engines and rules say of one end of a link: by which names it is reached, and which ports of the host lead to it. */
import type { Container, Endpoint } from '../model/engine.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import { endpointLink } from './container-link.ts'
import type { EngineMarks } from './engine-marks.ts'
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
  const isMain =
    owner !== null &&
    endpoint !== undefined &&
    (owner.engine === 'lab' ? isWayOut(netns, link) : isFirst(owner.container, endpoint))
  const own = isMain ? portTexts(owner.container) : none
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

/** A lab publishes on the network that gives the node its default route. */
function isWayOut({ routes }: Netns, { ifindex }: Link): boolean {
  return listOf(routes).some(({ dst, oif }) => dst === 'default' && oif === ifindex)
}

/** So does an engine: of several the first by name (libnetwork's order of endpoints). */
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
