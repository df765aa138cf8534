/** Where Enter leads on the Rules screen: into the chain of a jump, to whose address the rule names. */
import type { RuleRowView } from '../../model/rules-window.ts'
import { selectedRule } from '../select/rules.ts'
import { shown } from '../select/shown.ts'
import { selectionOf } from '../select/subject.ts'
import type { Selection, State } from '../state.ts'
import { jumped } from './jump.ts'
import { isFlat, selectedAt, whyNot, withFold } from './rules-move.ts'

type Target =
  | { readonly type: 'place'; readonly selection: Selection }
  | { readonly type: 'chain'; readonly row: RuleRowView }
  | { readonly type: 'fold'; readonly row: RuleRowView }
  | { readonly type: 'none'; readonly why: string }

export function canFollowRule(state: State): true | string {
  const target = targetOf(state)
  return target.type === 'none' ? target.why : true
}

export function followedRule(state: State): State {
  const target = targetOf(state)
  switch (target.type) {
    case 'place':
      return jumped(state, target.selection)
    case 'chain':
      return selectedAt(withFold(state, target.row.key, false), state.rules.at + 1)
    case 'fold':
      return withFold(state, target.row.key, target.row.unfolds === 'open')
    case 'none':
      return state
    default:
      return target satisfies never
  }
}

function targetOf(state: State): Target {
  const row = selectedRule(state)
  if (row === null) return { type: 'none', why: 'nothing is selected' }
  const leads = row.unfolds === 'open' || row.unfolds === 'folded'
  if (leads && row.kind === 'chain' && !isFlat(state)) return { type: 'fold', row }
  if (leads && row.kind !== 'chain') return { type: 'chain', row }
  const blocked = whyNot(row)
  if (blocked !== null) return { type: 'none', why: blocked }
  const { world } = shown(state)
  if (row.owner === null || world === null) return { type: 'none', why: nowhere[row.kind] }
  const { netns, ifindex, name } = row.owner
  const selection = selectionOf(world, netns, ifindex) ?? selectionOf(world, netns, null)
  return selection === null
    ? { type: 'none', why: `${name} has no row in the tree` }
    : { type: 'place', selection }
}

const nowhere: Readonly<Record<RuleRowView['kind'], string>> = {
  unread: 'what could not be read leads nowhere',
  table: 'a table leads nowhere; its chains are below',
  chain: 'nothing is below this row',
  rule: 'this rule leads to no chain, and names no address that anybody here has',
  element: 'this leads to no chain',
}
