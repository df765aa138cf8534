/** Keeps the selected row of the Rules screen on the same rule, in sight, and its growth counted. */
import { keysAbove } from '../../derive/rules/locate-rule.ts'
import type { RulesWindow } from '../../model/rules-window.ts'
import { rulesLayout } from '../layout.ts'
import type { RuleMark, RulesState } from '../rules-state.ts'
import { isAnswer, rulesAsked, rulesWindowOf } from '../select/rules.ts'
import type { State } from '../state.ts'
import { saying } from './step.ts'

export function rulesPlaced(state: State): State {
  return inPlace(located(state))
}

/** A third of the screen above it shows what stands before. */
const shareAbove = 3

/** The rule that was looked for, now that it is known where it stands: selected, with nothing folded around it. */
function located(state: State): State {
  const { rules } = state
  const window = rules.locate === null || !isAnswer(state) ? null : rulesWindowOf(state)
  if (rules.locate === null || window?.located === undefined) return state
  if (window.located === null) {
    const { number, chain } = rules.locate
    const next = { ...state, rules: { ...rules, locate: null } }
    return saying(answered(next), 'refused', `rule ${number} of ${chain} is not there any more`)
  }
  const { at, key } = window.located
  const above = keysAbove(key)
  const folded = rules.folded.filter((each) => !above.includes(each))
  const height = rulesLayout(state, state.size)?.list.height ?? 1
  const top = Math.max(0, at - Math.floor(height / shareAbove))
  return answered({ ...state, rules: { ...rules, folded, at, key, top, locate: null } })
}

/** The rows that are here are those that are asked for from now on. */
function answered(state: State): State {
  return { ...state, feed: { ...state.feed, rulesFor: rulesAsked(state) } }
}

function inPlace(state: State): State {
  const window = isAnswer(state) ? rulesWindowOf(state) : null
  const before = state.rules
  const { at, key } = window === null ? before : follow(before, window)
  const drift = before.key === null || before.key === '' ? 0 : at - before.at
  const height = rulesLayout(state, state.size)?.list.height ?? 1
  const size = window?.size ?? Infinity
  const most = Math.max(0, size - height)
  const wanted = Math.max(0, Math.min(before.top + (window === null ? 0 : drift), most))
  const top = at < wanted ? at : at >= wanted + height ? at - height + 1 : wanted
  const counted = window === null ? before : marked(before, window)
  const same = counted === before && top === before.top && at === before.at && key === before.key
  return same ? state : { ...state, rules: { ...counted, at, top, key } }
}

/** The rule that was selected, where it stands now; one that went away leaves its place to the next. */
function follow({ at, key }: RulesState, { rows, from, size }: RulesWindow): Pick<RulesState, 'at' | 'key'> {
  // What is looked for here is rules, not the headings above them.
  const first = key === null && at === 0 && from === 0 ? rows.findIndex(({ kind }) => kind === 'rule') : -1
  const within = Math.max(0, Math.min(Math.max(at, first), size - 1))
  const here = rows[within - from]
  if (key === null || key === '' || here === undefined || here.key === key)
    return { at: within, key: here?.key ?? key }
  const moved = rows.findIndex((row) => row.key === key)
  return moved === -1 ? { at: within, key: here.key } : { at: from + moved, key }
}

/** Counts each row from when it first was here; a counter that fell began anew, as did another rule in its place. */
function marked(rules: RulesState, window: RulesWindow): RulesState {
  if (rules.marked === window) return rules
  const marks = new Map(rules.marks)
  for (const { key, text, packets, bytes } of window.rows) {
    const mark = marks.get(key)
    if (mark === undefined || mark.text !== text || isBelow({ text, packets, bytes }, mark))
      marks.set(key, { text, packets, bytes })
  }
  return { ...rules, marks, marked: window }
}

function isBelow(now: RuleMark, then: RuleMark): boolean {
  return (now.packets ?? 0) < (then.packets ?? 0) || (now.bytes ?? 0) < (then.bytes ?? 0)
}
