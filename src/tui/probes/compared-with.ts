/** What a probe is held against: the last one before it that asked the same, or else was of its kind. */
import type { State } from '../state.ts'
import { probesShown } from './probes-shown.ts'
import type { ProbeRun } from './probes-state.ts'

export function comparedWith(state: State, run: ProbeRun): ProbeRun | null {
  const before = probesShown(state).filter(
    ({ number, outcome, request }) =>
      number < run.number && outcome !== null && request.kind === run.request.kind,
  )
  const sameTarget = before.filter(({ what }) => what === run.what)
  const fromHere = sameTarget.find(({ from }) => from.id === run.from.id)
  return fromHere ?? sameTarget[0] ?? before.find(({ from }) => from.id === run.from.id) ?? before[0] ?? null
}
