/**
 * The line above the rows: whose rules, which of them, and what the first row in sight stands below.
 *
 *   ── host  iptables-nft ip  nat ── PREROUTING > DOCKER ──────────── pkts bytes  new ─
 */
import type { RuleRowView } from '../../model/rules-window.ts'
import type { Line, Region, Span } from '../frame.ts'
import type { Box } from '../layout.ts'
import { ruleRowAt, rowsAbove, rulesWindowOf } from '../select/rules.ts'
import { nameOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { glyphs } from './glyphs.ts'
import { counted } from './numbers.ts'
import { rule } from './rule.ts'
import { lineOf, span } from './text.ts'

export function rulesHeading(state: State, box: Box): Region {
  const look = glyphs(state.options.ascii)
  const { netns } = state.rules
  const name = netns === null ? 'no namespace' : nameOf(shown(state).world, netns)
  const counts = state.options.mode === 'live'
  const above = wayTo(state, state.rules.top)
  const title: readonly Span[] = [
    span(name, 'netns'),
    span(`  ${chosen(state)}`, 'heading'),
    ...(above === '' ? [] : [span(` ${look.line}${look.line} `, 'border'), span(above, 'dim')]),
  ]
  const line: Line = lineOf(
    rule(title, box.width, look, {
      focus: state.rules.focus === 'rows',
      right: `pkts bytes${counts ? '  new' : ''}`,
    }),
    box.width,
  )
  return { id: 'rules-heading', ...box, lines: [line] }
}

function chosen(state: State): string {
  const { backend, family, table, text } = state.rules.filter
  const [first, ...others] = rulesWindowOf(state)?.tables ?? []
  const only =
    first !== undefined && others.length === 0 ? `${first.name}  ${first.backend} ${first.family}` : ''
  const kind = backend === undefined ? '' : `${backend} ${family ?? ''}`
  const which = only === '' ? [table ?? '', kind].filter(Boolean).join('  ') : only
  const words = text === undefined ? '' : `  holds ${text}: ${rulesCount(state)}`
  return `${which === '' ? 'all tables' : which}${words}`
}

/** `12 rows`; they are counted by who holds the rules. */
export function rulesCount(state: State): string {
  const window = rulesWindowOf(state)
  return window === null ? '' : counted(window.size, 'row')
}

/** `PREROUTING > DOCKER`: the chains that a row stands in. */
export function wayTo(state: State, at: number): string {
  const row = ruleRowAt(state, at)
  if (row === null || row.kind === 'chain' || row.kind === 'table' || row.kind === 'unread') return ''
  return rowsAbove(state, at)
    .map(({ row }) => chainOf(row))
    .join(' > ')
}

const chainOf = ({ kind, title, target }: RuleRowView): string => (kind === 'chain' ? title : (target ?? ''))

/** `host > nat > PREROUTING > DOCKER 3`: where the selected row stands. */
export function rulesCrumbs(state: State): readonly string[] {
  const { netns, at } = state.rules
  const name = netns === null ? [] : [nameOf(shown(state).world, netns)]
  const row = ruleRowAt(state, at)
  if (row === null) return name
  const chains = rowsAbove(state, at).map(({ row: above }) => chainOf(above))
  const table = row.key.split(' ')[2] ?? ''
  if (row.kind === 'unread' || row.kind === 'table') return [...name, row.title]
  const last = row.kind === 'chain' ? row.title : `${row.number ?? row.detail} ${row.target ?? ''}`.trim()
  return [...name, table, ...chains, last]
}
