import type { Gap } from '../model/world.ts'
import { clean } from './clean.ts'
import type { Style } from './style.ts'

/** What could not be read, at the end of what could. */
export function gapsText(gaps: readonly Gap[], style: Style): readonly string[] {
  if (gaps.length === 0) return []
  return [
    style.paint('yellow', `could not be read (${gaps.length}):`),
    ...gaps.map(({ what, subject, reason, hint }) => {
      const helps = hint === null ? '' : `; ${clean(hint)}`
      return `  ${clean(what)} of ${clean(subject)}: ${clean(reason)}${helps}`
    }),
  ]
}
