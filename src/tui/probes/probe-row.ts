/** A probe as a row of the list: what its cells, its filter and its mark are made of. */
import type { ProbeRun } from './probes-state.ts'
import { statusOf, type ProbeStatus } from './probe-status.ts'

export type ProbeRow = { readonly run: ProbeRun; readonly status: ProbeStatus }

const made = new WeakMap<ProbeRun, ProbeRow>()

export function rowOf(run: ProbeRun): ProbeRow {
  let row = made.get(run)
  if (row === undefined) made.set(run, (row = { run, status: statusOf(run) }))
  return row
}

/** The same while the probe is: what is selected stays selected. */
export function keyOf({ run }: ProbeRow): string {
  return String(run.number)
}
