import type { ChangeState, JournalChange } from '../model/change-result.ts'
import { clean } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import { selfAt } from './self-at.ts'
import type { Colour, Style } from './style.ts'

const colours: { readonly [S in ChangeState]: Colour } = {
  applied: 'green',
  undone: 'dim',
  'rolled back': 'dim',
  left: 'red',
  unfinished: 'red',
  unconfirmed: 'yellow',
}

/** One change a line, oldest first; what helps stands at the end. */
export function journalText(
  changes: readonly JournalChange[],
  style: Style,
  host?: string,
): readonly string[] {
  const self = selfAt(host)
  if (changes.length === 0) return ['nothing was changed here']
  const rows = changes.map((change): readonly Cell[] => [
    { text: String(change.id) },
    { text: when(change.at) },
    { text: change.state, shown: style.paint(colours[change.state], change.state) },
    { text: [clean(change.title), ...remarks(change)].join('; ') },
  ])
  const heading = ['ID', 'WHEN', 'STATE', 'CHANGE'].map((text) => ({ text, shown: style.paint('dim', text) }))
  const last = changes.findLast(({ state, undoes }) => state === 'applied' && undoes === null)
  const unfinished = changes.some(({ state }) => state === 'unfinished')
  return [
    ...columns([heading, ...rows]),
    ...(unfinished ? [style.paint('yellow', `what was begun and not ended: ${self} cleanup`)] : []),
    ...(last === undefined ? [] : [style.paint('dim', `undo: ${self} undo ${last.id}`)]),
  ]
}

function remarks({ undoneBy, confirmBefore, left, state }: JournalChange): readonly string[] {
  return [
    ...(undoneBy === null ? [] : [`taken back by ${undoneBy}`]),
    ...(state === 'unconfirmed' && confirmBefore !== null
      ? [`taken back at ${when(confirmBefore)} unless confirmed`]
      : []),
    ...left.map((each) => `left: ${clean(each)}`),
  ]
}

/** `2026-11-21 14:03:22`, in UTC as it is written. */
function when(at: string): string {
  return clean(at.replace('T', ' ').replace(/\.\d+/, '').replace(/Z$/, ''))
}

export function confirmedText({ id, title }: JournalChange, style: Style, host?: string): readonly string[] {
  return [
    `${style.paint('green', 'kept')}: ${clean(title)} (change ${id})`,
    `undo: ${selfAt(host)} undo ${id}`,
  ]
}
