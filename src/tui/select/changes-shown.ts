import type { Change } from '../../model/world.ts'
import type { State } from '../state.ts'
import { shown } from './shown.ts'

const memo = new WeakMap<readonly Change[], readonly Change[]>()

/** Newest first. */
export function changesShown(state: State): readonly Change[] {
  const { changes } = shown(state)
  let reversed = memo.get(changes)
  if (reversed === undefined) {
    reversed = changes.toReversed()
    memo.set(changes, reversed)
  }
  return reversed
}
