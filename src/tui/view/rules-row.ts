/**
 * A row of the Rules screen:
 *
 *  ▼ POSTROUTING  policy ACCEPT  hook postrouting 100                     0      0
 * >   1 MASQUERADE  172.17.0.0/16 > any, not out docker0                 15    974     +2
 *   ▼ 1 DOCKER      to an address of this host  Docker: the published ports   3    180
 */
import type { RuleRowView } from '../../model/rules-window.ts'
import type { Role, Span } from '../frame.ts'
import type { RuleMark } from '../rules-state.ts'
import type { Glyphs } from './glyphs.ts'
import { shortNumber } from './numbers.ts'
import { rule } from './rule.ts'
import { atRight, bothEnds, gap, span, widthOf } from './text.ts'

/** Packets, bytes, growth; the heading names them. */
const counterColumns = [5, 6, 7] as const
const countersWidth = ({ counts }: RuleRowContext): number => (counts ? 18 : 13)

export type RuleRowContext = {
  readonly glyphs: Glyphs
  readonly columns: number
  readonly mark: RuleMark | null
  /** Whether counters can grow here: not in a recording. */
  readonly counts: boolean
  readonly selected: boolean
}

export function ruleRowSpans(row: RuleRowView, context: RuleRowContext): readonly Span[] {
  const { glyphs, columns, selected } = context
  const pointer = span(selected ? '>' : ' ', 'key')
  switch (row.kind) {
    case 'unread': {
      const hint = row.note === null ? '' : `; ${row.note}`
      return [
        span(selected ? '>' : '?', 'unreadable'),
        span(`  ${row.title}`, 'heading'),
        span('  could not be read: ', 'unreadable'),
        span(`${row.about}${hint}`),
      ]
    }
    case 'table': {
      const title = [span(row.title, 'heading'), span(`  ${row.about}`, 'dim')]
      return rule(title, columns, glyphs, { mark: selected ? '>' : glyphs.line })
    }
    case 'chain': {
      const left = [
        pointer,
        span(foldMark(row, glyphs), 'border'),
        span(row.title, 'bridge'),
        span(row.about === '' ? '' : '  '),
        ...aboutSpans(row.about),
        ...noteSpans(row),
      ]
      return withCounters(left, row, context)
    }
    case 'rule':
    case 'element': {
      const number = row.number === null ? gap(2) : span(String(row.number).padStart(2), 'dim')
      const left = [
        pointer,
        gap(2 * Math.min(row.depth, deepest)),
        span(foldMark(row, glyphs).trimEnd().padEnd(1), 'border'),
        number,
        gap(1),
        span((row.target ?? '-').padEnd(targetWidth), targetRole(row)),
        gap(1),
        ...detailSpans(row),
      ]
      const noted = [...left, ...noteSpans(row)]
      // Half of what a chain is for tells nothing; the words of the selected rule tell it whole.
      const isCut = row.unfolds !== null && widthOf(noted) > columns - countersWidth(context) - 1
      return withCounters(isCut ? [...left, ...noteSpans({ ...row, note: null })] : noted, row, context)
    }
    default:
      return row.kind satisfies never
  }
}

/** Deeper rows are not indented further: what they say needs the room. */
const deepest = 8
/** `MASQUERADE`; names of chains may be longer. */
const targetWidth = 10

function foldMark({ unfolds }: RuleRowView, { folded, unfolded }: Glyphs): string {
  return unfolds === 'open' ? `${unfolded} ` : unfolds === 'folded' ? `${folded} ` : '  '
}

const accepting = new Set(['ACCEPT'])
const dropping = new Set(['DROP', 'REJECT'])
const translating = new Set(['MASQUERADE', 'SNAT', 'DNAT', 'REDIRECT', 'NETMAP'])

function targetRole({ target, unfolds }: RuleRowView): Role {
  const word = (target ?? '').toUpperCase()
  if (accepting.has(word)) return 'rule.accept'
  if (dropping.has(word)) return 'rule.drop'
  if (translating.has(word)) return 'nat'
  return unfolds === null ? 'text' : 'bridge'
}

/** A policy that drops stands out. */
function aboutSpans(about: string): readonly Span[] {
  return about
    .split(/(?<=policy )(DROP|ACCEPT)/)
    .map((part) => span(part, part === 'DROP' ? 'rule.drop' : part === 'ACCEPT' ? 'rule.accept' : 'dim'))
}

/** The name of whom it is about stands out. */
function detailSpans({ detail, owner }: RuleRowView): readonly Span[] {
  const at = owner === null ? -1 : detail.indexOf(owner.name)
  if (owner === null || at === -1) return [span(detail)]
  const end = at + owner.name.length
  return [span(detail.slice(0, at)), span(owner.name, 'container'), span(detail.slice(end))]
}

function noteSpans({ note, unfolds, kind }: RuleRowView): readonly Span[] {
  const why = unfolds === null ? null : unfoldNotes[unfolds]
  const isWrong = kind !== 'chain' && (unfolds === 'missing' || unfolds === 'loop')
  return [
    ...(why === null ? [] : [span(`  ${why}`, isWrong ? 'unreadable' : 'dim')]),
    ...(note === null || note === '' ? [] : [span(`  ${note}`, 'dim')]),
  ]
}

const unfoldNotes: Readonly<Record<NonNullable<RuleRowView['unfolds']>, string | null>> = {
  open: null,
  folded: null,
  empty: 'no rules',
  loop: 'leads back to itself',
  missing: 'no such chain',
  deep: 'too deep to unfold here',
}

function withCounters(left: readonly Span[], row: RuleRowView, context: RuleRowContext): readonly Span[] {
  const { packets, bytes } = row
  if (packets === null && bytes === null) return left
  const role: Role = packets === 0 ? 'dim' : 'counter'
  const [packetColumns, byteColumns, growthColumns] = counterColumns
  const right = [
    ...atRight(packets === null ? '-' : shortNumber(packets), packetColumns, role),
    ...atRight(bytes === null ? '-' : shortNumber(bytes), byteColumns, role),
    ...(context.counts ? atRight(growth(row, context.mark), growthColumns - 2, 'key') : []),
    gap(2),
  ]
  return bothEnds(left, right, context.columns)
}

/** `+2`: packets since growth is counted. */
function growth({ packets }: RuleRowView, mark: RuleMark | null): string {
  const grown = packets === null || mark === null || mark.packets === null ? 0 : packets - mark.packets
  return grown > 0 ? `+${shortNumber(grown)}` : ''
}
