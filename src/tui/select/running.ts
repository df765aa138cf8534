/** What would end with the program, a line each. */
import { isUnderWay } from '../probes/probes-state.ts'
import { statusOf } from '../probes/probe-status.ts'
import { isRunning } from '../changing/change-state.ts'
import type { State } from '../state.ts'

export function runningOf({ probes, shells, changes }: State): readonly string[] {
  return [
    // It does not end with the screen: nobody should be left with half of it.
    ...changes.runs.filter(isRunning).map(({ title }) => `a change, which goes on to its end: ${title}`),
    ...probes.runs
      .filter(isUnderWay)
      .map((run) => `${run.number} ${run.from.name} ${run.what}: ${statusOf(run).says}`),
    ...shells.list.filter(({ ended }) => ended === null).map(({ netns }) => `a shell in ${netns.name}`),
  ]
}
