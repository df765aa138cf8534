/** The line of `c` as a request: a link or `all`, then the filter, as `vethscope capture` has them. */
import { captureLinks, type CaptureScope } from '../../derive/probe/capture-links.ts'
import { captureFilter, captureNames } from '../../derive/probe/capture-names.ts'
import { indexOf } from '../../derive/netns-index.ts'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { Netns } from '../../model/netns.ts'
import type { ProbeRequest } from '../../model/probe.ts'
import { millisecondsOf, numberOf, type Asking } from './probe-line.ts'

/** How long the latest packets are kept, to be saved after the fact. */
const keepMs = 60_000

/** What stands for every link of the namespace, unless one is called so. */
export const allLinks = 'all'

/** Whether the first word says where, rather than beginning the filter. */
export function saysWhere(netns: Netns, word: string): boolean {
  return word === allLinks || indexOf(netns).byName.has(word)
}

export function captureAsked({ world, netns, place, line }: Asking): Outcome<ProbeRequest> {
  const [first = '', ...rest] = line.words
  const link = indexOf(netns).byName.get(first) ?? null
  const isWay = line.given.has('way')
  const scope: CaptureScope = isWay ? 'way' : link === null ? 'netns' : 'link'
  const links = captureLinks(world, netns.id, link?.ifindex ?? null, scope)
  if (!links.ok) return links
  const duration = numberOf(line, 'duration')
  return succeeded({
    kind: 'capture',
    place,
    links: links.value,
    filter: captureFilter(world, (saysWhere(netns, first) ? rest : line.words).join(' ')),
    count: numberOf(line, 'count'),
    durationMs: duration === null ? null : millisecondsOf(line, 'duration', 0),
    maxBytes: numberOf(line, 'bytes'),
    // Whole, because they may be saved.
    snapLength: numberOf(line, 'snap') ?? 0,
    file: null,
    keepMs,
    names: captureNames(world),
  })
}
