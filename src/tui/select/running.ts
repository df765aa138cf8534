/** What would end with the program, a line each. */
import { isUnderWay } from '../probes/probes-state.ts'
import { statusOf } from '../probes/probe-status.ts'
import type { State } from '../state.ts'

export function runningOf({ probes, shells }: State): readonly string[] {
  return [
    ...probes.runs
      .filter(isUnderWay)
      .map((run) => `${run.number} ${run.from.name} ${run.what}: ${statusOf(run).says}`),
    ...shells.list.filter(({ ended }) => ended === null).map(({ netns }) => `a shell in ${netns.name}`),
  ]
}
