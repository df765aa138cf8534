/** What is visibly wrong, worst first: as the worker told it, or made from a recording. */
import { findings } from '../../derive/findings/findings.ts'
import type { Finding, Findings } from '../../model/finding.ts'
import type { State } from '../state.ts'
import { shown } from './shown.ts'

const none: Findings = { findings: [], unchecked: [] }

export function findingsOf(state: State): Findings {
  const { world, status, findings: told } = shown(state)
  if (world === null) return none
  return status.type === 'replay' ? findings(world) : (told ?? none)
}

/** The finding that `n` went to last, where it still is one. */
export function findingAt(state: State): Finding | null {
  return state.finding === null ? null : (findingsOf(state).findings[state.finding] ?? null)
}
