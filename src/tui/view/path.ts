/**
 * ── path out ───────────────────── rx/s ─ tx/s ─
 *   eth0         in nginx1            44k    12k
 * ⇄ vethe8201cd  in host              12k    44k
 * → docker0      172.17.0.1            -      -
 *   filter FORWARD policy ACCEPT              120 pk
 *   nat POSTROUTING 1 MASQUERADE               15 pk
 * → eth0         via 192.0.2.1        1M    80k
 *   leaves this host here
 *
 * Rules stand between the links where they act. Links that a packet surely does not come to have × and are dim.
 */
import { addressesOf } from '../../derive/netns-index.ts'
import { isUnknown } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import type { Feed } from '../feed.ts'
import type { Line, Role, Span } from '../frame.ts'
import { pathShown } from '../select/path-shown.ts'
import { forwardedAt } from '../select/way-shown.ts'
import type { Hop, Path } from '../../derive/path.ts'
import { countsOf, ratesOf } from '../select/rates.ts'
import { nameOf, shown } from '../select/shown.ts'
import { subjectOf } from '../select/subject.ts'
import type { State } from '../state.ts'
import { glyphs, type Glyphs } from './glyphs.ts'
import { linkState } from './link-notes.ts'
import { rate, shortNumber } from './numbers.ts'
import { endsWay, wayLines } from './way.ts'
import { atRight, bothEnds, fitted, gap, lineOf, padded, span, widthOf, wrapped } from './text.ts'

const rateWidth = 5
/** From here on there is room for gaps. */
const roomy = 50

/** What the numbers at the right end are. */
export function pathNumbers(state: State, columns: number): string {
  const dash = glyphs(state.options.ascii).line
  const [rx, tx] = shown(state).status.type === 'replay' ? ['bytes rx', 'tx'] : ['rx/s', 'tx/s']
  return columns < roomy ? `${rx} ${tx}` : `${rx} ${dash} ${tx}`
}

/** `chosen`: which of the lines the cursor is on. */
export type PathLines = { readonly lines: readonly Line[]; readonly chosen: number }

export function pathLines(state: State, columns: number): PathLines {
  const feed = shown(state)
  const path = pathShown(state)
  if (feed.world === null || path === null) {
    const kind = subjectOf(state)?.kind
    const what = kind === 'netns' || kind === 'group' ? 'select a link to see its way out' : 'no path'
    return { lines: [lineOf([span(` ${what}`, 'dim')], columns)], chosen: 0 }
  }
  const { focus, scroll } = state.topology
  const look = glyphs(state.options.ascii)
  const { world } = feed
  const subject = subjectOf(state)
  const longest = Math.max(4, ...path.hops.map((hop) => widthOf([span(hop.link.name)])))
  // In a narrow pane one long name must not push away what all the others say.
  const names = Math.min(longest, columns < roomy ? 11 : 16)
  const rulesAt = forwardedAt(path) ?? path.hops.length
  const isCut = endsWay(state)
  const hops = path.hops.map((hop, at) => {
    const isReached = !isCut || at < rulesAt
    const asReached = (spans: readonly Span[]) =>
      isReached ? spans : spans.map(({ text }) => span(text, 'dim'))
    const numbers = asReached(numberSpans(feed, hop, columns))
    const isHere = subject?.kind === 'link' && subject.netns === hop.netns && subject.link === hop.link
    const name = span(hop.link.name, hop.link.kind === 'bridge' ? 'bridge' : 'link')
    const left = [
      span(isHere ? '>' : ' ', 'key'),
      span(`${isReached ? signOf(hop, look) : look.times} `, isReached ? 'border' : 'rule.drop'),
      ...padded(asReached([name]), Math.max(names, Math.min(16, widthOf([name])))),
      gap(columns < roomy ? 1 : 2),
    ]
    const room = columns - widthOf(left) - widthOf(numbers) - 1
    const words = fittedWords(wordsOf(world, feed, hop, path.hops.slice(0, at), room), room)
    return lineOf(
      bothEnds([...left, ...asReached(words)], numbers, columns),
      columns,
      focus === 'path' && scroll.path === at,
    )
  })
  const rules = wayLines(state, columns)
  return {
    lines: [
      ...hops.slice(0, rulesAt),
      ...rules,
      ...hops.slice(rulesAt),
      // Where the host itself ends it, what the last link leads to says nothing.
      ...(isCut ? [] : endLines(path, columns)),
    ],
    chosen: scroll.path + (scroll.path < rulesAt ? 0 : rules.length),
  }
}

const signOf = ({ by }: Hop, { pair, arrow }: Glyphs): string =>
  by === 'start' ? ' ' : by === 'peer' ? pair : arrow

function numberSpans(feed: Feed, { netns, link }: Hop, columns: number): readonly Span[] {
  const counts = isUnknown(link.stats) ? null : link.stats
  const numbers = feed.status.type === 'replay' ? counts : ratesOf(feed, netns.id, link.ifindex)
  const cell = (value: number | undefined): readonly Span[] =>
    atRight(rate(value), rateWidth, value === undefined || value === 0 ? 'dim' : 'counter')
  return [...cell(numbers?.rxBytes), gap(columns < roomy ? 0 : 2), ...cell(numbers?.txBytes), gap(1)]
}

/** Most important first; the namespace is named where the way enters it. */
function wordsOf(world: World, feed: Feed, hop: Hop, before: readonly Hop[], room: number): readonly Span[] {
  const { netns, link } = hop
  const state = linkState(link)
  const rates = ratesOf(feed, netns.id, link.ifindex)
  const lost = rates === null ? 0 : lossOf(rates)
  const all = lossOf(countsOf(feed, netns.id, link.ifindex) ?? (isUnknown(link.stats) ? noLoss : link.stats))
  // Larger packets that came so far do not get on from here.
  const shrinks = before.length > 0 && before.every((each) => each.link.mtu > link.mtu)
  const note = noteOf(hop, room)
  return [
    ...(before.at(-1)?.netns === netns ? [] : [span(`in ${nameOf(world, netns.id)}`, 'netns')]),
    ...(state.up ? [] : [span(state.text, 'link.down')]),
    ...(lost > 0 ? [span(`${shortNumber(Math.max(1, lost))} lost/s`, 'link.down')] : []),
    ...(shrinks ? [span(`mtu ${link.mtu}`, 'finding.risk')] : []),
    ...(note === '' ? [] : [span(note, 'dim')]),
    ...(all > 0 ? [span(`${shortNumber(all)} lost`, 'dim')] : []),
  ]
}

const noLoss = { rxDropped: 0, txDropped: 0, rxErrors: 0, txErrors: 0 } as const

function lossOf({ rxDropped, txDropped, rxErrors, txErrors }: Record<keyof typeof noLoss, number>): number {
  return rxDropped + txDropped + rxErrors + txErrors
}

/** The first one may be cut; of the others each is told whole or not at all. */
function fittedWords(words: readonly Span[], columns: number): readonly Span[] {
  let out: readonly Span[] = []
  for (const word of words) {
    const longer = out.length === 0 ? [word] : [...out, gap(1), word]
    if (widthOf(longer) <= columns) out = longer
    else if (out.length === 0) out = fitted(longer, columns)
  }
  return out
}

function noteOf({ by, route, netns, link }: Hop, room: number): string {
  if (by === 'route')
    // Half a gateway would be another one.
    return route === null || route.gateway === null || route.gateway.length + 4 > room
      ? 'default route'
      : `via ${route.gateway}`
  return addressesOf(netns, link.ifindex).find((address) => address.family === 'inet')?.local ?? ''
}

/** Why the way ends there. */
function endLines({ hops, ends }: Path, columns: number): readonly Line[] {
  const last = hops.at(-1)
  const text =
    ends ??
    (last?.link.kind === 'device'
      ? 'leaves this host here'
      : `${last?.link.name ?? 'it'} refers to no other link: the way ends here`)
  const role: Role =
    ends === null ? 'dim' : /not (be )?(read|known)/.test(ends) ? 'unreadable' : 'finding.note'
  return wrapped([span(text, role)], columns - 4).map((line) => lineOf([gap(3), ...line], columns))
}
