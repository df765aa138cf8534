/** `T`: each theme is shown while it is chosen. */
import type { State } from '../state.ts'
import type { Step } from './step.ts'

export function hasThemes({ options }: State): true | string {
  return (options.themes?.length ?? 0) > 1 ? true : 'there is no other theme'
}

export function themesOpened(state: State): State {
  const at = state.options.themes?.findIndex(({ name }) => name === state.theme) ?? -1
  return { ...state, mode: { type: 'themes', cursor: Math.max(0, at), scroll: 0, before: state.theme } }
}

/** The chosen one is drawn with at once. */
export function themeShown(state: State, cursor: number): Step {
  const { mode, options } = state
  if (mode.type !== 'themes') return [state]
  const at = Math.max(0, Math.min(cursor, (options.themes?.length ?? 1) - 1))
  const name = options.themes?.[at]?.name ?? state.theme
  const next: State = { ...state, theme: name, mode: { ...mode, cursor: at } }
  return name === state.theme ? [next] : [next, { type: 'theme', name }]
}

export function themeLeft(state: State): Step {
  const { mode } = state
  if (mode.type !== 'themes') return [state]
  const closed: State = { ...state, mode: { type: 'browse' }, theme: mode.before }
  return mode.before === state.theme ? [closed] : [closed, { type: 'theme', name: mode.before }]
}
