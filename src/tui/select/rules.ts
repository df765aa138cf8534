/** The rows of the Rules screen that are here: in a replay made from its World, else as the worker sent them. */
import type { Need } from '../../collect/protocol.ts'
import { rulesWindow } from '../../derive/rules/rules-window.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { RuleRef } from '../../model/rule-ref.ts'
import type { RuleRowView, RulesFilter, RulesWindow } from '../../model/rules-window.ts'
import type { World } from '../../model/world.ts'
import type { Rules } from '../feed.ts'
import { rulesLayout } from '../layout.ts'
import type { State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { shown } from './shown.ts'

/** The rows that are wanted: those in sight and at least a page before and behind them. */
export function rowsWanted(state: State): { readonly from: number; readonly count: number } {
  const page = Math.max(8, rulesLayout(state, state.size)?.list.height ?? 0)
  const from = Math.max(0, (Math.floor(state.rules.top / page) - 1) * page)
  return { from, count: 4 * page }
}

/** The rows in sight, with a page around them. */
export function rulesNeeds(state: State): readonly Need[] {
  const { netns, filter, folded, locate, turning } = state.rules
  if (netns === null) return []
  const around = locate === null ? {} : { locate }
  const other = turning === null ? {} : { turn: turning }
  return [{ kind: 'rules', netns, filter, folded, ...rowsWanted(state), ...around, ...other }]
}

/** Which rows of which rules, as text. */
export function rulesAsked({ rules: { netns, filter, folded, locate, turning } }: State): string {
  return JSON.stringify([netns, filter, folded, locate, turning])
}

/** Whether the rows are those that are asked for, rather than the ones before another table was chosen. */
export function isAnswer(state: State): boolean {
  const { status, rulesFor } = shown(state)
  return status.type === 'replay' || rulesFor === rulesAsked(state)
}

/** null: they have not come yet. */
export function rulesOf(state: State): Rules | null {
  const { netns, filter, folded, locate } = state.rules
  const { world, status, rules } = shown(state)
  if (netns === null || world === null) return null
  if (status.type !== 'replay') return rules?.netns === netns ? rules : null
  const { from, count } = rowsWanted(state)
  return recorded(world, netns, filter, folded, from, count, locate)
}

const recorded = memoRecent(
  (
    world: World,
    netns: NetnsId,
    filter: RulesFilter,
    folded: readonly string[],
    from: number,
    count: number,
    locate: RuleRef | null,
  ): Rules => {
    const around = locate === null ? {} : { locate }
    const rules = rulesWindow(world, netns, { filter, folded, from, count, ...around })
    const isLeftOut = world.netns.some(({ id, firewall }) => id === netns && firewall === null)
    return isLeftOut ? { netns, unknown: 'they are not in this recording' } : rules
  },
)

/** The window, if there is one. */
export function rulesWindowOf(state: State): RulesWindow | null {
  const rules = rulesOf(state)
  return rules === null || 'unknown' in rules ? null : rules
}

/** null: it has not come yet. */
export function ruleRowAt(state: State, at: number): RuleRowView | null {
  const window = rulesWindowOf(state)
  return window?.rows[at - window.from] ?? null
}

export function selectedRule(state: State): RuleRowView | null {
  return ruleRowAt(state, state.rules.at)
}

export type PlacedRow = { readonly at: number; readonly row: RuleRowView }

/** The rows that a row stands below, outermost first, as far as they are known. */
export function rowsAbove(state: State, at: number): readonly PlacedRow[] {
  const window = rulesWindowOf(state)
  const row = ruleRowAt(state, at)
  if (window === null || row === null) return []
  const parts = row.key.split('/#')
  const keys = parts.slice(1).map((_, depth) => parts.slice(0, depth + 1).join('/#'))
  return keys.flatMap((key) => {
    const above = window.above.find((each) => each.row.key === key)
    if (above !== undefined) return [above]
    const index = window.rows.findLastIndex((each, place) => place < at - window.from && each.key === key)
    const found = window.rows[index]
    return found === undefined ? [] : [{ at: window.from + index, row: found }]
  })
}
