/**
 * ━> make a network ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1-9 of 12 ━
 *   name          lab0
 * ── plan ─ 5 commands ───────────────────────────────────────────────────────────
 *   + ip link add lab0 type bridge
 *   - ip link delete lab0
 */
import { quoted } from '../../../lib/quoted.ts'
import { openForm, planFor, type OpenForm } from '../../changing/argv-of-form.ts'
import { titleOf } from '../../changing/form.ts'
import type { ChangeForm } from '../../changing/change-modes.ts'
import type { ChangeAnswer } from '../../changing/change-state.ts'
import type { Frame, Line, Region, Size } from '../../frame.ts'
import type { State } from '../../state.ts'
import { glyphs } from '../glyphs.ts'
import { counted } from '../numbers.ts'
import { rule } from '../rule.ts'
import { lineOf, span } from '../text.ts'
import { failureLines, resultLines } from './answer-lines.ts'
import { cursorColumn, fieldLines } from './field-lines.ts'
import { sentenceLines, type PlanLength } from './plan-lines.ts'

const top = 2
/** Of a plan at least so much is seen. */
const leastPlan = 6

type Parts = {
  readonly fields: readonly Line[]
  readonly from: number
  readonly room: number
  readonly plan: number
}

function partsOf(state: State, mode: ChangeForm, { fields }: OpenForm, size: Size): Parts {
  const height = size.rows - top - 1
  const room = Math.max(1, Math.min(fields.length, height - 2 - leastPlan))
  const last = Math.max(0, fields.length - room)
  const from = Math.max(0, Math.min(last, mode.field - Math.floor(room / 2)))
  const lines = fieldLines(state, mode, fields, size.columns).slice(from, from + room)
  return { fields: lines, from, room: lines.length, plan: height - 2 - lines.length }
}

export function changeFormRegion(state: State, size: Size, mode: ChangeForm): Region {
  const { columns } = size
  const open = openForm(mode)
  const { fields, from, plan: room } = partsOf(state, mode, open, size)
  const look = glyphs(state.options.ascii)
  const count =
    open.fields.length > fields.length ? `${from + 1}-${from + fields.length} of ${open.fields.length}` : ''
  const title = rule([span(titleOf(open.form, mode.values), 'heading')], columns, look, {
    focus: true,
    right: count,
  })
  const plan = planOf(state, mode, open, columns, room)
  const at = Math.max(0, Math.min(mode.scroll, plan.lines.length - room))
  const more = plan.lines.length > room ? `${at + 1}-${at + room} of ${plan.lines.length}` : ''
  return {
    id: 'change-form',
    top,
    left: 0,
    width: columns,
    height: size.rows - top - 1,
    lines: [
      lineOf(title, columns),
      ...fields,
      lineOf(rule([span(plan.title, 'heading')], columns, look, { focus: false, right: more }), columns),
      ...plan.lines.slice(at, at + room),
    ],
  }
}

/** How many lines of the plan there are, and how many are seen. */
export function changePlanLength(state: State, size: Size, mode: ChangeForm): PlanLength {
  const open = openForm(mode)
  const { plan } = partsOf(state, mode, open, size)
  return { length: planOf(state, mode, open, size.columns, plan).lines.length, height: plan }
}

export function changeFormCursor(state: State, size: Size, mode: ChangeForm): Frame['cursor'] {
  const open = openForm(mode)
  const on = open.fields[mode.field]
  if (on === undefined || on.choices !== undefined) return null
  const { from } = partsOf(state, mode, open, size)
  const column = Math.min(size.columns - 1, cursorColumn(mode, size.columns))
  return { row: top + 1 + mode.field - from, column }
}

type Plan = { readonly title: string; readonly lines: readonly Line[] }

function planOf(state: State, mode: ChangeForm, open: OpenForm, columns: number, height: number): Plan {
  const said = (text: string): Plan => ({ title: 'plan', lines: sentenceLines(' ', 'dim', [text], columns) })
  if (open.argv === null) return said(`tell ${open.missing.join(' and ')}, and the plan stands here`)
  const plan = planFor(state, open.argv)
  const answer: ChangeAnswer | null = plan?.answer ?? null
  const before = plan?.before ?? null
  if (answer === null && before === null)
    return said(`planning: vethscope ${open.argv.map(quoted).join(' ')} --dry-run …`)
  const told = answer ?? before
  return told === null ? said('') : answerPlan(state, mode, told, answer === null, columns, height)
}

/** `isOld`: of what the form said a moment ago. */
function answerPlan(
  state: State,
  mode: ChangeForm,
  answer: ChangeAnswer,
  isOld: boolean,
  columns: number,
  height: number,
): Plan {
  const anew = isOld ? ' (being made anew …)' : ''
  if (!answer.ok) return { title: `refused${anew}`, lines: failureLines(answer.failure, columns) }
  const look = {
    columns,
    isFull: mode.isFull,
    ascii: state.options.ascii === true,
    current: null,
    isMade: false,
  }
  const { length } = answer.result.steps
  return {
    title: (length === 0 ? 'plan' : `plan: ${counted(length, 'command')}, + do, - undo`) + anew,
    lines: resultLines(answer.result, look, height),
  }
}
