import type { ProbeRun } from './probes-state.ts'

/** When it runs again by itself; null: it does not, or it runs. */
export function nextRunOf({ everyMs, outcome, endedAt }: ProbeRun): number | null {
  return everyMs === null || outcome === null || endedAt === null ? null : endedAt + everyMs
}
