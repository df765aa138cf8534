/** Up, down, in and out among the rows of the Rules screen; what is not here yet is passed over by its number. */
import type { RuleRowView } from '../../model/rules-window.ts'
import { rulesLayout } from '../layout.ts'
import { rowsAbove, rulesWindowOf, ruleRowAt, selectedRule } from '../select/rules.ts'
import type { State } from '../state.ts'
import { wordsScroll } from '../view/rules-words.ts'
import { target, type Motion } from './motion.ts'

export function movedInRules(state: State, motion: Motion): State {
  if (state.rules.focus === 'words') return movedInWords(state, motion)
  const last = (rulesWindowOf(state)?.size ?? 1) - 1
  const page = (rulesLayout(state, state.size)?.list.height ?? 2) - 1
  return selectedAt(state, target(state.rules.at, last, page, motion))
}

function movedInWords(state: State, motion: Motion): State {
  const box = rulesLayout(state, state.size)?.words
  if (box === undefined) return state
  const { wordsTop } = state.rules
  const top = target(wordsTop, wordsScroll(state, box), Math.max(1, box.height - 3), motion)
  return { ...state, rules: { ...state.rules, wordsTop: top } }
}

/** Tab: from the rows to the words of the selected one, which then have half of the room, and back. */
export function ruleFocusTurned(state: State): State {
  const focus = state.rules.focus === 'rows' ? 'words' : 'rows'
  return { ...state, rules: { ...state.rules, focus, wordsTop: 0 } }
}

export function selectedAt(state: State, at: number): State {
  return { ...state, rules: { ...state.rules, at, key: ruleRowAt(state, at)?.key ?? '', wordsTop: 0 } }
}

export function withFold(state: State, key: string, fold: boolean): State {
  const others = state.rules.folded.filter((each) => each !== key)
  return { ...state, rules: { ...state.rules, folded: fold ? [...others, key] : others } }
}

const isOpen = (row: RuleRowView | null): row is RuleRowView => row?.unfolds === 'open'

/** ←: folds what is below the row; where nothing is, up to the row above it. */
export function wentOutOfRule(state: State): State {
  const row = selectedRule(state)
  if (isOpen(row) && !isFlat(state)) return withFold(state, row.key, true)
  const above = rowsAbove(state, state.rules.at).at(-1)
  return above === undefined ? state : selectedAt(state, above.at)
}

/** →: unfolds what is below the row; where that is done, down to the first. */
export function wentIntoRule(state: State): State {
  const row = selectedRule(state)
  if (row?.unfolds === 'folded') return withFold(state, row.key, false)
  return isOpen(row) ? selectedAt(state, state.rules.at + 1) : state
}

export function canLeaveRule(state: State): true | string {
  const row = selectedRule(state)
  if (row === null) return 'nothing is selected'
  return (isOpen(row) && !isFlat(state)) || rowsAbove(state, state.rules.at).length > 0
    ? true
    : 'this is the outermost row'
}

export function canEnterRule(state: State): true | string {
  const row = selectedRule(state)
  if (row === null) return 'nothing is selected'
  return row.unfolds === 'folded' || isOpen(row) ? true : (whyNot(row) ?? 'nothing is below this row')
}

/** Why nothing unfolds below a row that leads to a chain. */
export function whyNot({ unfolds, target, title }: RuleRowView): string | null {
  const name = target ?? title
  switch (unfolds) {
    case 'empty':
      return `${name} has no rules`
    case 'missing':
      return `there is no chain ${name}`
    case 'loop':
      return `${name} leads back to itself`
    case 'deep':
      return `${name} stands too deep to be unfolded here`
    case 'open':
    case 'folded':
    case null:
      return null
    default:
      return unfolds satisfies never
  }
}

/** While words are looked for, nothing unfolds. */
export function isFlat({ rules }: State): boolean {
  return rules.filter.text !== undefined
}
