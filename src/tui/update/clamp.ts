import type { State } from '../state.ts'
import { lengthOf } from '../view/lengths.ts'

/** Nothing is scrolled beyond its end: not by a key, nor because it got shorter. */
export function clamped(state: State): State {
  const { mode } = state
  if (mode.type === 'columns' || mode.type === 'copy') {
    const cursor = Math.max(0, Math.min(mode.cursor, lengthOf(state, mode.type).length - 1))
    return cursor === mode.cursor ? state : { ...state, mode: { ...mode, cursor } }
  }
  if (mode.type === 'menu') {
    const { length, height } = lengthOf(state, 'menu')
    const cursor = Math.max(0, Math.min(mode.cursor, length - 1))
    const scroll = Math.min(cursor, Math.max(mode.scroll, cursor - height + 1))
    return cursor === mode.cursor && scroll === mode.scroll
      ? state
      : { ...state, mode: { ...mode, cursor, scroll } }
  }
  if (mode.type === 'help' || mode.type === 'gaps' || mode.type === 'output') {
    const scroll = within(state, mode.scroll, mode.type)
    return scroll === mode.scroll ? state : { ...state, mode: { ...mode, scroll } }
  }
  const { focus, scroll } = state.topology
  if (focus === 'tree') return state
  const at = within(state, scroll[focus], focus)
  if (at === scroll[focus]) return state
  return { ...state, topology: { ...state.topology, scroll: { ...scroll, [focus]: at } } }
}

function within(state: State, at: number, what: Parameters<typeof lengthOf>[1]): number {
  const { length, height, cursor } = lengthOf(state, what)
  return Math.max(0, Math.min(at, cursor ? length - 1 : length - height))
}
