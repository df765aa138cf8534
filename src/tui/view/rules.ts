/** The Rules screen's own regions: a heading, the rows in sight, and below them the selected one in words. */
import type { Line, Region } from '../frame.ts'
import { rulesLayout, type Box } from '../layout.ts'
import { ruleRowAt, rulesOf } from '../select/rules.ts'
import { nameOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { glyphs } from './glyphs.ts'
import { rulesHeading } from './rules-heading.ts'
import { ruleRowSpans } from './rules-row.ts'
import { rulesWords } from './rules-words.ts'
import { gap, lineOf, span, wrapped } from './text.ts'

export function rulesRegions(state: State): readonly Region[] {
  const layout = rulesLayout(state, state.size)
  if (layout === null) return []
  const { heading, list, words } = layout
  return [
    rulesHeading(state, heading),
    { id: 'rules', ...list, lines: listLines(state, list) },
    rulesWords(state, words),
  ]
}

function listLines(state: State, { width, height }: Box): readonly Line[] {
  const rules = rulesOf(state)
  const said = (text: string): readonly Line[] =>
    wrapped([span(text, 'dim')], width - 4)
      .slice(0, height)
      .map((line) => lineOf([gap(3), ...line], width))
  if (rules === null || 'unknown' in rules) return said(nothingHere(state, rules?.unknown ?? null))
  if (rules.size === 0) return said(noRows(state))
  const { at, top, marks } = state.rules
  const look = glyphs(state.options.ascii)
  const counts = state.options.mode === 'live'
  return Array.from({ length: Math.min(height, rules.size - top) }, (_, index) => {
    const place = top + index
    const selected = place === at
    const row = ruleRowAt(state, place)
    if (row === null)
      return lineOf([span(selected ? '>' : ' ', 'key'), span(`  ${notYet(state)}`, 'dim')], width, selected)
    const mark = marks.get(row.key) ?? null
    return lineOf(
      ruleRowSpans(row, { glyphs: look, columns: width, mark, counts, selected }),
      width,
      selected,
    )
  })
}

function notYet({ frozen }: State): string {
  return frozen === null ? '…' : '… was not on the screen when it was frozen; z makes it live'
}

function nothingHere(state: State, unknown: string | null): string {
  const { netns } = state.rules
  const { world } = shown(state)
  if (world === null || netns === null) return 'reading the network namespaces of this host …'
  const name = nameOf(world, netns)
  if (unknown !== null) return `the rules of ${name} could not be read: ${unknown}`
  if (state.frozen !== null)
    return `the rules of ${name} were not read before the picture was frozen; z makes it live`
  return `reading the rules of ${name} …`
}

function noRows(state: State): string {
  const { netns, filter } = state.rules
  const name = netns === null ? '' : nameOf(shown(state).world, netns)
  if (filter.text !== undefined) return `no rule of ${name} holds all of: ${filter.text}`
  if (filter.table !== undefined || filter.family !== undefined) return `${name} has no such table any more`
  return `${name} has no rules: neither iptables nor nft has a table here, so every packet passes`
}
