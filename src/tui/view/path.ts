/**
 * ── path ──────────────────────────────────────
 *   eth0          nginx1             44k    12k
 * ⇄ vethe8201cd   host               12k    44k
 * → docker0       host  172.17.0.1     -      -
 * → eth0          host  via 192.0.2.1  1M    80k
 *   leaves this host here
 */
import { addressesOf } from '../../derive/netns-index.ts'
import type { World } from '../../model/world.ts'
import type { Line, Span } from '../frame.ts'
import { pathShown } from '../select/path-shown.ts'
import type { Hop } from '../select/path.ts'
import { ratesOf } from '../select/rates.ts'
import { nameOf, shown } from '../select/shown.ts'
import { subjectOf } from '../select/subject.ts'
import type { State } from '../state.ts'
import { glyphs, type Glyphs } from './glyphs.ts'
import { linkState } from './link-notes.ts'
import { rate } from './numbers.ts'
import { atRight, bothEnds, gap, lineOf, padded, span } from './text.ts'

export function pathLines(state: State, columns: number): readonly Line[] {
  const feed = shown(state)
  const path = pathShown(state)
  if (feed.world === null || path === null) {
    const what = subjectOf(state)?.kind === 'netns' ? 'select a link to see its way out' : 'no path'
    return [lineOf([span(` ${what}`, 'dim')], columns)]
  }
  const { focus, scroll } = state.topology
  const look = glyphs(state.options.ascii)
  const { world } = feed
  const subject = subjectOf(state)
  const hops = path.hops.map((hop, at) => {
    const rates = ratesOf(feed, hop.netns.id, hop.link.ifindex)
    const numbers = [
      ...atRight(rate(rates?.rxBytes), 5, 'counter'),
      ...atRight(rate(rates?.txBytes), 5, 'counter'),
      gap(1),
    ]
    const isHere = subject?.kind === 'link' && subject.netns === hop.netns && subject.link === hop.link
    const left = [span(isHere ? '>' : ' ', 'key'), ...hopSpans(world, hop, path.hops[at - 1] ?? null, look)]
    return lineOf(bothEnds(left, numbers, columns), columns, focus === 'path' && scroll.path === at)
  })
  const last = path.hops.at(-1)
  const ends =
    path.ends ?? (last?.link.kind === 'device' ? 'leaves this host here' : `ends at ${last?.link.name ?? ''}`)
  return [...hops, lineOf([span(`   ${ends}`, path.ends === null ? 'dim' : 'finding.note')], columns)]
}

/** The namespace is named where the way enters it. */
function hopSpans(world: World, hop: Hop, before: Hop | null, look: Glyphs): readonly Span[] {
  const sign = hop.by === 'start' ? ' ' : hop.by === 'peer' ? look.pair : look.arrow
  const state = linkState(hop.link)
  return [
    span(`${sign} `, 'border'),
    ...padded([span(hop.link.name, hop.link.kind === 'bridge' ? 'bridge' : 'link')], 11),
    gap(1),
    ...(before?.netns === hop.netns ? [] : [span(nameOf(world, hop.netns.id), 'netns'), gap(1)]),
    ...(state.up ? [] : [span(state.text, 'link.down'), gap(1)]),
    span(noteOf(hop), 'dim'),
  ]
}

function noteOf({ by, route, netns, link }: Hop): string {
  if (by === 'route')
    return route === null || route.gateway === null ? 'default route' : `via ${route.gateway}`
  return addressesOf(netns, link.ifindex).find((address) => address.family === 'inet')?.local ?? ''
}
