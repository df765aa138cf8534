/** `y`: the command that shows the same, of everything that is marked. `Y`: a value of the selected thing. */
import type { About } from '../screens/about.ts'
import { screenOf } from '../screens/screen-of.ts'
import { clean } from '../view/text.ts'
import { valuesOf } from '../select/values.ts'
import type { State } from '../state.ts'
import { saying, type Step } from './step.ts'

/** What is marked, else what is selected. */
function chosen(state: State): readonly About[] {
  const screen = screenOf(state)
  const marked = screen.allMarked(state)
  if (marked.length > 0) return marked
  const about = screen.about(state)
  return about === null ? [] : [about]
}

export function canCopy(state: State): true | string {
  const all = chosen(state)
  if (all.length === 0) return 'nothing is selected'
  return all.some(({ command }) => command !== null) ? true : `no command shows ${all[0]?.label ?? 'it'}`
}

export function copied(state: State): Step {
  const lines = chosen(state).flatMap(({ command }) => (command === null ? [] : [command]))
  return copying(state, [...new Set(lines)].join('\n'))
}

export function canCopyValue(state: State): true | string {
  const all = chosen(state)
  if (all.length === 0) return 'nothing is selected'
  return all.some(({ values }) => values.length > 0) ? true : `${all[0]?.label ?? 'it'} has no value to copy`
}

/** One value, or the first ones of all that is marked, are taken at once. */
export function valuesOffered(state: State): Step {
  const all = chosen(state)
  const [only] = all
  if (all.length > 1)
    return copying(state, all.flatMap(({ values }) => values.slice(0, 1).map(({ text }) => text)).join('\n'))
  const values = only?.values ?? []
  const [value] = values
  if (values.length === 1 && value !== undefined) return copying(state, value.text)
  return [{ ...state, mode: { type: 'copy', cursor: 0, scroll: 0 } }]
}

export function valueCopied(state: State, at: number): Step {
  const value = valuesOf(state)[at]
  const closed: State = { ...state, mode: { type: 'browse' } }
  return value === undefined ? [closed] : copying(closed, value.text)
}

/** Outside text on its way into somebody's shell: nothing in it may act on the terminal there either. */
function copying(state: State, text: string): Step {
  const harmless = text.split('\n').map(clean).join('\n')
  const lines = harmless.split('\n')
  const said = lines.length === 1 ? harmless : `${lines.length} lines`
  return [saying(state, 'done', `copied: ${said}`), { type: 'copy', text: harmless }]
}
