/**
 * ── found: 2 ────────────────────────────────────────────────────────
 * >link      host            vethe8201cd, veth, port of docker0  ⇄ eth0 in nginx1
 *  address   nginx1          172.17.0.3/16 is an address of eth0
 *  find: vethe82_                        ↑↓ choose  Enter jump  Esc close
 */
import type { Line, Region, Size, Span } from '../frame.ts'
import { isLooking, resultsOf, type Result } from '../select/found.ts'
import type { State } from '../state.ts'
import { glyphs, type Glyphs } from './glyphs.ts'
import { rule } from './rule.ts'
import { gap, lineOf, padded, span, widthOf, wrapped } from './text.ts'

const most = 12

/** Grows with what is found, just above the line that is typed into. */
export function findRegion(state: State, size: Size): Region {
  const results = resultsOf(state)
  const look = glyphs(state.options.ascii)
  const cursor = state.mode.type === 'find' ? Math.min(state.mode.cursor, results.length - 1) : 0
  const told = tellAll(results[cursor], size, results.length)
  const room = Math.min(most, Math.floor(size.rows / 2) - told.length, Math.max(1, results.length))
  const height = room + told.length + 1
  const from = Math.max(0, cursor - room + 1)
  const title = titleOf(results)
  const right =
    results.length > room ? `${from + 1}-${Math.min(results.length, from + room)} of ${results.length}` : ''
  const heading = rule([span(title, 'heading')], size.columns, look, { focus: true, right })
  const owners = Math.min(
    24,
    Math.max(4, ...results.map(({ found }) => widthOf([span(found.owner?.name ?? '')]))),
  )
  const lines =
    results.length === 0
      ? [lineOf([span(` ${emptyText(state)}`, 'dim')], size.columns)]
      : results
          .slice(from, from + room)
          .map((result, at) => resultLine(result, size.columns, look, from + at === cursor, owners))
  return {
    id: 'found',
    top: size.rows - 1 - height,
    left: 0,
    width: size.columns,
    height,
    lines: [lineOf(heading, size.columns), ...lines, ...told],
  }
}

function titleOf(results: readonly Result[]): string {
  const [first] = results
  if (first === undefined) return 'find'
  if (first.found.near !== true) return `found ${results.length}`
  return `found nothing, but ${results.length === 1 ? 'a name' : `${results.length} names`} like it`
}

/** What of the chosen one is too long for its row: whose it is, its addresses, and which of its ports lead there. */
function tellAll(result: Result | undefined, { columns, rows }: Size, count: number): readonly Line[] {
  if (result === undefined) return []
  const { container, publishedBy, what, peer } = result.found
  const addresses = peer === undefined || 'unknown' in peer ? [] : peer.addresses
  const spans: readonly Span[] = [
    ...(container === undefined || what === 'container'
      ? []
      : [
          span(`${container.engine} container `, 'dim'),
          span(container.name, 'container'),
          span(` ${container.id.slice(0, 12)}  `),
        ]),
    ...(addresses.length === 0 ? [] : [span('address ', 'dim'), span(`${addresses.join(' ')}  `, 'address')]),
    ...(publishedBy === undefined ? [] : [span('published by ', 'dim'), span(publishedBy, 'published')]),
  ]
  if (spans.length === 0) return []
  const all = wrapped(spans, columns - indent - 3)
  // What the results leave of half the screen.
  const room = Math.max(leastTold, Math.floor(rows / 2) - Math.min(most, count) - 1)
  return all.slice(0, room).map((line, at) => {
    const cut = at === room - 1 && all.length > room ? [span(' …', 'dim')] : []
    return lineOf([gap(indent), ...line, ...cut], columns)
  })
}

/** Below what a row says. */
const indent = 3
const leastTold = 3

function emptyText(state: State): string {
  const text = state.mode.type === 'find' ? state.mode.input.text.trim() : ''
  if (text !== '' && isLooking(state)) return 'looking through rules and sockets too …'
  return text === ''
    ? 'a name, an address, a MAC, a pid, net:[…], eth0@if6, or a whole line from a log'
    : 'nothing here is, or holds, that'
}

function resultLine(
  { found, place }: Result,
  columns: number,
  look: Glyphs,
  chosen: boolean,
  owners: number,
): Line {
  const spans: Span[] = [
    span(chosen ? '>' : ' ', 'key'),
    ...padded([span(found.what, 'dim')], 9),
    gap(1),
    ...padded([span(found.owner?.name ?? '', 'netns')], owners),
    span('  '),
    span(found.says),
    ...peerSpans(found.peer, look),
    ...(place === null ? [span('  (no row in the tree)', 'dim')] : []),
  ]
  return lineOf(spans, columns, chosen)
}

function peerSpans(peer: Result['found']['peer'], look: Glyphs): readonly Span[] {
  if (peer === undefined) return []
  if ('unknown' in peer) return [span(`  ${look.pair} not known: ${peer.unknown}`, 'unreadable')]
  return [
    span(`  ${look.pair} `, 'border'),
    span(peer.name, 'link'),
    span(' in '),
    span(peer.netns.name, 'netns'),
    ...peer.addresses.slice(0, 1).map((address) => span(` ${address}`, 'address')),
  ]
}
