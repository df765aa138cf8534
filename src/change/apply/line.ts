/**
 * The journal's lines: one JSON object each, appended before what it announces happens. Steps are counted from 0, as
 * in the plan.
 */
import type { Plan } from '../../model/plan.ts'
import { isLine } from './is-line.ts'

export type Line = { readonly id: number } & (
  | {
      readonly type: 'begin'
      readonly at: string
      readonly pid: number
      readonly plan: Plan
      readonly confirmBefore: string | null
    }
  /** Its command runs next. */
  | { readonly type: 'step'; readonly step: number }
  | {
      readonly type: 'ran'
      readonly step: number
      readonly ok: boolean
      readonly exitCode: number | null
      readonly stderr: string
      /** What an engine answered (ChangeStep.says). */
      readonly says?: string
    }
  /** From here on the change is taken back. */
  | { readonly type: 'back'; readonly why: string }
  /** Its inverse runs next. */
  | { readonly type: 'undo'; readonly step: number }
  | { readonly type: 'undone'; readonly step: number; readonly says?: string }
  | { readonly type: 'left'; readonly step: number; readonly says: string }
  | {
      readonly type: 'end'
      readonly at: string
      readonly state: 'applied' | 'rolled back' | 'left'
      readonly left: readonly string[]
    }
  /** Somebody kept it. */
  | { readonly type: 'confirmed'; readonly at: string }
)

type ReadLines =
  | {
      readonly ok: true
      readonly lines: readonly Line[]
      /** How many bytes the whole lines take: what is behind was being written when its writer died. */
      readonly bytes: number
    }
  | { readonly ok: false; readonly number: number }

/** `number`: the line that nobody can understand. A last one without its end is none. */
export function readLines(text: string): ReadLines {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines: Line[] = []
  for (const [at, each] of whole.split('\n').slice(0, -1).entries()) {
    const line = lineIn(each)
    if (line === null) return { ok: false, number: at + 1 }
    lines.push(line)
  }
  return { ok: true, lines, bytes: Buffer.byteLength(whole) }
}

function lineIn(text: string): Line | null {
  try {
    const value: unknown = JSON.parse(text)
    return isLine(value) ? (value as Line) : null
  } catch {
    return null
  }
}
