/**
 * !! not live since 14:03:22: the reader ended (SIGKILL); starting it again
 * ?  not read: netns db: permission denied (and 2 more)                 [!] why
 */
import type { Region } from '../frame.ts'
import type { Box } from '../layout.ts'
import { noticesOf } from '../select/notices.ts'
import type { State } from '../state.ts'
import { bothEnds, lineOf, span } from './text.ts'

export function stripRegion(state: State, box: Box): Region {
  const lines = noticesOf(state)
    .slice(0, box.height)
    .map(({ mark, text, role, key, loud = text.length }) =>
      lineOf(
        bothEnds(
          [span(mark.padEnd(3), role), span(text.slice(0, loud), role), span(text.slice(loud))],
          key === null ? [] : [span(` ${key} `, 'key')],
          box.width,
        ),
        box.width,
      ),
    )
  return { id: 'strip', ...box, lines }
}
