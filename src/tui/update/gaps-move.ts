/** Up and down in the list behind `!`: from finding to finding, then through the lines below them. */
import type { State } from '../state.ts'
import { findingLines } from '../view/finding-lines.ts'
import { popupBox, popupInner } from '../view/popup.ts'
import { target, type Motion } from './motion.ts'

type Gaps = Extract<State['mode'], { readonly type: 'gaps' }>

export function movedInGaps(state: State, mode: Gaps, motion: Motion): Gaps {
  const page = state.size.rows - 8
  if (motion === 'first') return { ...mode, scroll: 0, cursor: 0 }
  const findings = findingLines(state, popupInner(state.size)).map(({ length }) => length)
  const next = mode.cursor + (motion === 'down' ? 1 : -1)
  const isStep = motion === 'down' || motion === 'up'
  const height = popupBox(state.size, Infinity).height - 2
  const begin = (at: number): number => findings.slice(0, at).reduce((sum, each) => sum + each, 0)
  const isSeen = begin(mode.cursor) >= mode.scroll
  if (!isStep || findings[next] === undefined || (motion === 'up' && !isSeen))
    return { ...mode, scroll: target(mode.scroll, Number.MAX_SAFE_INTEGER, page, motion) }
  const end = begin(next + 1)
  const scroll = Math.min(begin(next), Math.max(mode.scroll, end - height))
  return { ...mode, cursor: next, scroll }
}
