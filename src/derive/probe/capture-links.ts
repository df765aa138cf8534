/** On which links a capture listens: one, all of a namespace, or those along the way of a packet that leaves it. */
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import type { CaptureLink } from '../../model/capture.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { linkAt } from '../netns-index.ts'
import { displayNames } from '../netns-name.ts'
import { defaultRoute, pathOf } from '../path.ts'
import { isResolved, peers } from '../peers.ts'
import { placeOf } from './place.ts'

/** `way`: both ends of the pair, its bridge and the uplink, as far as there are such. */
export type CaptureScope = 'link' | 'netns' | 'way'

/** Each of them is a process of its own. */
const mostLinks = 64

/** `ifindex`: the link that is meant, or where the way begins; null: all links, or where packets leave by default. */
export function captureLinks(
  world: World,
  netnsId: NetnsId,
  ifindex: number | null,
  scope: CaptureScope,
): Outcome<readonly CaptureLink[]> {
  const netns = world.netns.find(({ id }) => id === netnsId)
  const name = displayNames(world.netns).get(netnsId) ?? netnsId
  if (netns === undefined) return failed(notFound(`there is no namespace ${name}`, name))
  if (isUnknown(netns.links)) {
    return failed(refused(`the links of ${name} could not be read: ${netns.links.unknown}`, name))
  }
  const link = ifindex === null ? null : linkAt(netns, ifindex)
  if (ifindex !== null && link === null) {
    return failed(notFound(`there is no link ${ifindex} in ${name}`, name))
  }
  if (scope === 'way') {
    const start = link ?? leavesBy(netns, netns.links)
    if (start === null) return failed(notFound(`${name} has no link that is up`, name))
    return listed(world, pathOf(world, { netns, link: start }).hops, true)
  }
  const links = link === null ? portsFirst(netns.links.filter(isWorthIt)) : [link]
  if (links.length === 0) return failed(notFound(`${name} has no link that is up`, name))
  if (links.length > mostLinks) return failed(tooMany(name, links.length))
  return listed(
    world,
    links.map((each) => ({ netns, link: each })),
    false,
  )
}

/** What libpcap takes for a device of its own, whatever links there are: a container may call its links as it likes. */
const pseudoDevice = /^(?:any$|usbmon|bluetooth|nflog|nfqueue|dbus-|dag)/

function notALink(name: string): string {
  return `tcpdump takes "${name}" for something else than a link; it can be captured under another name (ip link set … name …)`
}

type At = { readonly netns: Netns; readonly link: Link }

function listed(world: World, links: readonly At[], onWay: boolean): Outcome<readonly CaptureLink[]> {
  const names = displayNames(world.netns)
  const pairs = peers(world.netns)
  const found: CaptureLink[] = []
  for (const [at, { netns, link }] of links.entries()) {
    if (pseudoDevice.test(link.name)) return failed(refused(notALink(link.name), link.name))
    const place = placeOf(world, netns)
    if (!place.ok) return place
    const peer = pairs.peerOf(netns.id, link.ifindex)
    const other = isResolved(peer) ? world.netns.find(({ id }) => id === peer.netns) : undefined
    const far = isResolved(peer) && other !== undefined ? linkAt(other, peer.ifindex) : null
    found.push({
      place: place.value,
      link: link.name,
      label: netns.id === world.host ? link.name : `${link.name}@${names.get(netns.id) ?? netns.id}`,
      order: onWay ? at : 0,
      lladdr: link.lladdr,
      peerLladdr: far?.lladdr ?? null,
    })
  }
  return succeeded(found)
}

/** A bridge has a packet at the very time that its port has it: the port stands before it then. */
function portsFirst(links: readonly Link[]): readonly Link[] {
  return [...links.filter(({ master }) => master !== null), ...links.filter(({ master }) => master === null)]
}

/** What is down has no packets, and the loopback's are the namespace's own. */
function isWorthIt({ kind, flags }: Link): boolean {
  return kind !== 'loopback' && flags.includes('UP')
}

/** The link of the default route, else the first that is up. */
function leavesBy(netns: Netns, links: readonly Link[]): Link | null {
  const route = defaultRoute(netns)
  const oif = route?.oif ?? route?.nexthops[0]?.oif ?? null
  return (oif === null ? null : linkAt(netns, oif)) ?? links.find(isWorthIt) ?? null
}

function notFound(what: string, subject: string): Failure {
  return { kind: 'not-found', what, subject }
}

function refused(what: string, subject: string): Failure {
  return { kind: 'refused', what, subject }
}

function tooMany(name: string, count: number): Failure {
  return {
    kind: 'usage',
    what: `${name} has ${count} links: too many to listen on at once`,
    subject: name,
    hint: 'name one, or take the way of one of them: --way LINK',
  }
}
