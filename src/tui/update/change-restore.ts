/** From a finding of lost rules to the form that writes them back. */
import { canChange, changeFormOpened } from './change-form.ts'
import type { State } from '../state.ts'
import { findingToRestore, restoreOf } from '../select/restorable.ts'

export function canRestoreRules(state: State): true | string {
  const can = canChange(state)
  if (can !== true) return can
  const finding = findingToRestore(state)
  if (finding === null) return 'no rules of an engine were seen to be lost'
  const found = restoreOf(state, finding)
  return 'why' in found ? found.why : true
}

export function restoreOpened(state: State): State {
  const finding = findingToRestore(state)
  const found = finding === null ? null : restoreOf(state, finding)
  return found === null || 'why' in found ? state : changeFormOpened(state, 'rules-restore', found.values)
}
