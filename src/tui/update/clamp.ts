import type { ChangeForm, ChangeShown } from '../changing/change-modes.ts'
import { changeLength } from '../view/changing/change-length.ts'
import type { State } from '../state.ts'
import { paneLength, popupLength } from '../view/lengths.ts'
import { popupOf } from '../view/popups.ts'

/** Nothing is scrolled beyond its end: not by a key, nor because it got shorter. */
export function clamped(state: State): State {
  if (state.mode.type === 'change-form' || state.mode.type === 'change-run')
    return inChange(state, state.mode)
  const popup = popupOf(state)
  return popup === null ? paneClamped(state) : inPopup(state, popupLength(state, popup))
}

function inChange(state: State, mode: ChangeForm | ChangeShown): State {
  const { length, height } = changeLength(state, state.size, mode)
  const scroll = within(mode.scroll, Math.max(0, length - height))
  return scroll === mode.scroll ? state : { ...state, mode: { ...mode, scroll } }
}

function inPopup(state: State, { length, height }: ReturnType<typeof popupLength>): State {
  const { mode } = state
  const last = Math.max(0, length - 1)
  switch (mode.type) {
    case 'themes':
    case 'columns':
    case 'copy':
    case 'change-menu':
    case 'menu': {
      const cursor = within(mode.cursor, last)
      const scroll = Math.min(cursor, Math.max(mode.scroll, cursor - height + 1))
      const isSame = cursor === mode.cursor && scroll === mode.scroll
      return isSame ? state : { ...state, mode: { ...mode, cursor, scroll } }
    }
    case 'help':
    case 'gaps':
    case 'compare':
    case 'output': {
      const scroll = within(mode.scroll, Math.max(0, length - height))
      return scroll === mode.scroll ? state : { ...state, mode: { ...mode, scroll } }
    }
    default:
      return state
  }
}

function paneClamped(state: State): State {
  const { focus, scroll } = state.topology
  if (focus === 'tree') return state
  const { length, height, cursor } = paneLength(state, focus)
  const at = within(scroll[focus], Math.max(0, cursor ? length - 1 : length - height))
  if (at === scroll[focus]) return state
  return { ...state, topology: { ...state.topology, scroll: { ...scroll, [focus]: at } } }
}

function within(at: number, last: number): number {
  return Math.max(0, Math.min(at, last))
}
