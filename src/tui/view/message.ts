/** What the program says, whole: what is longer than the footer's line takes the ones above it while it is shown. */
import type { Line, Role } from '../frame.ts'
import type { Message } from '../state.ts'
import { fitted, gap, lineOf, span, wrapped } from './text.ts'

export const messageRoles: Readonly<Record<Message['kind'], Role>> = {
  note: 'text',
  done: 'link.up',
  refused: 'changed',
  error: 'error',
}

/** On the least terminal that is as much as two lines of 80 columns. */
const most = 3

export function messageLines({ kind, text }: Message, columns: number): readonly Line[] {
  const role = messageRoles[kind]
  const rows = wrapped([span(text, role)], columns - 1)
  const last = rows.slice(most - 1).flatMap((row, at) => (at === 0 ? row : [span(' ', role), ...row]))
  const shown = rows.length > most ? [...rows.slice(0, most - 1), fitted(last, columns - 1)] : rows
  return shown.map((row) => lineOf([gap(1), ...row], columns))
}
