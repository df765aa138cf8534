import type { State } from '../state.ts'
import { confirmsIn, isRunning } from '../changing/change-state.ts'
import { nextRunOf } from '../probes/next-run.ts'

const minute = 60_000

/** When something on the screen changes by itself: a flash ends, a ghost goes, the header's clock moves on. */
export function nextWake(state: State): number | null {
  const moments = [...state.feed.flashes.values()].map((flash) => flash.until)
  if (state.topology.ghost !== null) moments.push(state.topology.ghost.until)
  for (const { gone } of Object.values(state.tables)) if (gone !== null) moments.push(gone.until)
  if (state.run !== null && state.run.ended === null && state.mode.type === 'output')
    moments.push((Math.floor(state.now / 1000) + 1) * 1000)
  for (const run of state.probes.runs) {
    const at = nextRunOf(run)
    if (at !== null) moments.push(at)
  }
  // The countdown of a change that waits to be kept, and the seconds of one that is made.
  const { changes, mode, now } = state
  const counts = changes.runs.some(
    (run) => (confirmsIn(run, now) ?? 0) > 0 || (isRunning(run) && mode.type === 'change-run'),
  )
  if (counts) moments.push((Math.floor(now / 1000) + 1) * 1000)
  if (state.options.mode === 'live') moments.push((Math.floor(state.now / minute) + 1) * minute)
  return moments.length === 0 ? null : Math.min(...moments)
}
