/** Over which links goes what the chart of the selected thing shows. */
import { indexOf } from '../../derive/netns-index.ts'
import { same } from '../../lib/same.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { State } from '../state.ts'
import { mostLinks, type LinkAt } from './history.ts'
import { memoRecent } from './memo-recent.ts'
import { pathShown } from './path-shown.ts'
import { subjectOf } from './subject.ts'

export type ChartLinks = {
  readonly links: readonly LinkAt[]
  /** More than one are summed up: a bridge's ports, whose own counters leave out what is only switched. */
  readonly of: 'link' | 'ports' | 'links'
  /** How many there are; `links` may be fewer. */
  readonly count: number
}

export function chartLinks(state: State): ChartLinks | null {
  const subject = subjectOf(state)
  if (subject?.kind === 'link') return ofLink(subject.netns, subject.link)
  return subject?.kind === 'netns' ? ofNetns(subject.netns) : null
}

const ofLink = memoRecent((netns: Netns, link: Link): ChartLinks => {
  const ports = link.kind === 'bridge' ? (indexOf(netns).slaves.get(link.ifindex) ?? []) : []
  return ports.length === 0 ? linksAt(netns, [link], 'link') : linksAt(netns, ports, 'ports')
})

const ofNetns = memoRecent((netns: Netns): ChartLinks | null => {
  const links = borderLinks(netns)
  return links.length === 0 ? null : linksAt(netns, links, 'links')
})

function linksAt(netns: Netns, links: readonly Link[], of: ChartLinks['of']): ChartLinks {
  const at = links.slice(0, mostLinks).map(({ ifindex }) => ({ netns: netns.id, ifindex }))
  const made: ChartLinks = { links: at, of, count: links.length }
  if (last === null || !same(last, made)) last = made
  return last
}

/** While they are the same links it is the same object: what they carried is summed up once (history.ts). */
let last: ChartLinks | null = null

/** Whose past is shown now. */
export function wantedLinks(state: State): readonly LinkAt[] {
  const hops = pathShown(state)?.hops ?? []
  const path = hops.map(({ netns, link }) => ({ netns: netns.id, ifindex: link.ifindex }))
  return [...path, ...(chartLinks(state)?.links ?? [])]
}

/**
 * By which packets come into a namespace and go out of it, each counted once: not those that stand on another link here
 * (a vlan on eth0), nor those that bundle others (bridge, bond), nor tunnels, whose packets leave by another link.
 */
function borderLinks(netns: Netns): readonly Link[] {
  const open = listOf(netns.links).filter(
    ({ kind, lower }) => !within.includes(kind) && (lower === null || lower.nsid !== null),
  )
  const plain = open.filter(({ kind, lower }) => !outerElsewhere.includes(kind) || lower !== null)
  // A tunnel that was moved here on its own is all there is.
  return plain.length === 0 ? open : plain
}

const within: readonly Link['kind'][] = ['loopback', 'dummy', 'ifb', 'bridge', 'bond', 'vrf']
const outerElsewhere: readonly Link['kind'][] = [
  'vxlan',
  'geneve',
  'wireguard',
  'gre',
  'gretap',
  'ipip',
  'sit',
]
