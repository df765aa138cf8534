/** The line of `c` as a request: where is listened (a link, `all`, `way`, `way:LINK`), then the filter. */
import { addressNames } from '../../derive/probe/address-names.ts'
import { displayNames } from '../../derive/netns-name.ts'
import { indexOf } from '../../derive/netns-index.ts'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { CaptureLink } from '../../model/capture.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { ProbeRequest } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { millisecondsOf, numberOf, usage, type Asking } from './probe-line.ts'

/** How long the latest packets are kept, to be saved after the fact. */
const keepMs = 60_000

export type CaptureWhere =
  | { readonly type: 'link'; readonly ifindex: number }
  | { readonly type: 'netns' }
  | { readonly type: 'way'; readonly ifindex: number | null }

/** What the first word says; null: it is none of that, and belongs to the filter. */
export function captureWhere(netns: Netns, word: string): CaptureWhere | null {
  const { byName } = indexOf(netns)
  const link = byName.get(word)
  if (link !== undefined) return { type: 'link', ifindex: link.ifindex }
  if (word === 'all') return { type: 'netns' }
  if (word === 'way') return { type: 'way', ifindex: null }
  const of = word.startsWith('way:') ? byName.get(word.slice('way:'.length)) : undefined
  return of === undefined ? null : { type: 'way', ifindex: of.ifindex }
}

export function captureAsked({ world, netns, place, line }: Asking): Outcome<ProbeRequest> {
  const [first] = line.words
  const given = first === undefined ? null : captureWhere(netns, first)
  const filter = (given === null ? line.words : line.words.slice(1)).join(' ')
  const links = linksOf(world, netns, place)
  if (links.length === 0) return usage('there is no link to listen on')
  const duration = numberOf(line, 'duration')
  return succeeded({
    kind: 'capture',
    place,
    links: given?.type === 'link' ? links.filter(({ link }) => link === first) : links,
    filter,
    count: numberOf(line, 'count'),
    durationMs: duration === null ? null : millisecondsOf(line, 'duration', 0),
    maxBytes: numberOf(line, 'bytes'),
    snapLength: numberOf(line, 'snap') ?? 0,
    file: null,
    keepMs,
    names: addressNames(world),
  })
}

function linksOf(world: World, netns: Netns, place: Asking['place']): readonly CaptureLink[] {
  const name = displayNames(world.netns).get(netns.id) ?? netns.id
  return listOf(netns.links)
    .filter(({ kind }) => kind !== 'loopback')
    .map((link) => ({
      place,
      link: link.name,
      label: netns.id === world.host ? link.name : `${link.name}@${name}`,
      order: 0,
    }))
}
