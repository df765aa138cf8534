/**
 * A heading drawn into a line, with what stands at its right end:
 *
 *   ── host ───────────────────────────────────────────── rx/s ── tx/s ─
 *   ━> details: vethe8201cd ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1-4 of 9 ━
 */
import type { Role, Span } from '../frame.ts'
import type { Glyphs } from './glyphs.ts'
import { fitted, gap, span, widthOf } from './text.ts'

export type RuleOptions = {
  readonly focus?: boolean
  readonly role?: Role
  readonly right?: string
  /** In the first column, in place of the line. */
  readonly mark?: string
}

export function rule(
  title: readonly Span[],
  columns: number,
  glyphs: Glyphs,
  options: RuleOptions = {},
): readonly Span[] {
  const focus = options.focus === true
  const border: Role = focus ? 'border.focus' : 'border'
  const dash = focus ? glyphs.heavy : glyphs.line
  const start = options.mark === undefined ? `${dash}${focus ? '>' : dash} ` : `${options.mark}${dash} `
  const full = options.right === undefined || options.right === '' ? '' : ` ${options.right} ${dash}`
  // Half of what stands there would be worse than nothing, and the title is needed.
  const right = columns - start.length - full.length - 2 < Math.min(8, widthOf(title)) ? '' : full
  const room = columns - start.length - right.length - 2
  const name = fitted(title, Math.max(0, room))
  const rest = columns - start.length - widthOf(name) - 1 - right.length
  return [
    span(start, border),
    ...name,
    gap(Math.min(1, Math.max(0, rest + 1))),
    span(dash.repeat(Math.max(0, rest)), border),
    span(right, 'dim'),
  ]
}
