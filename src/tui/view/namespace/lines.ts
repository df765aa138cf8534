/** What the sheets of a namespace have in common. */
import { isUnknown, type Known } from '../../../model/known.ts'
import type { Netns, NetnsDetails } from '../../../model/netns.ts'
import type { Line, Role, Span } from '../../frame.ts'
import type { State } from '../../state.ts'
import { detailsIn } from '../../select/looked.ts'
import { shown } from '../../select/shown.ts'
import { gap, lineOf, span, wrapped } from '../text.ts'

/** Longer lists end with how many more there are. */
export const mostRows = 1000

export function said(text: string, columns: number, role: Role = 'dim'): readonly Line[] {
  return saidSpans([span(text, role)], columns)
}

export function saidSpans(spans: readonly Span[], columns: number): readonly Line[] {
  return wrapped(spans, columns - 2).map((line) => lineOf([gap(1), ...line], columns))
}

export function heading(text: string, columns: number, more = ''): Line {
  return lineOf([gap(1), span(text, 'heading'), span(more === '' ? '' : `  ${more}`, 'dim')], columns)
}

/** Parts with an empty line between them; those without lines are left out. */
export function parted(parts: readonly (readonly Line[])[], columns: number): readonly Line[] {
  return parts
    .filter(({ length }) => length > 0)
    .flatMap((part, at) => (at === 0 ? part : [lineOf([], columns), ...part]))
}

export function andMore(total: number, what: string, columns: number): readonly Line[] {
  return total > mostRows ? said(`and ${total - mostRows} more ${what}`, columns) : []
}

export function notRead(why: string, columns: number): readonly Line[] {
  return said(`could not be read: ${why}`, columns, 'unreadable')
}

/** What the details are, or the lines that say why they are not here. */
export function detailsOr(
  state: State,
  netns: Netns,
  columns: number,
): { readonly details: NetnsDetails } | { readonly lines: readonly Line[] } {
  const details = netns.readable === true ? detailsIn(shown(state), netns) : netns.readable
  if (details === null) return { lines: said(waiting(state), columns) }
  return isUnknown(details) ? { lines: notRead(details.unknown, columns) } : { details }
}

/** A list, or why it is not known. */
export function listed<T>(
  value: Known<readonly T[]>,
  columns: number,
  lines: (list: readonly T[]) => readonly Line[],
): readonly Line[] {
  return isUnknown(value) ? notRead(value.unknown, columns) : lines(value)
}

function waiting(state: State): string {
  if (state.options.mode === 'replay') return 'this is not in the recording'
  return state.frozen === null ? 'being read …' : 'was not read when the picture was frozen'
}
