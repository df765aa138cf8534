/** What is visibly wrong, worst first: as the worker told it, or made from a recording. */
import { findings } from '../../derive/findings/findings.ts'
import type { Findings } from '../../model/finding.ts'
import type { State } from '../state.ts'
import { shown } from './shown.ts'

const none: Findings = { findings: [], unchecked: [] }

export function findingsOf(state: State): Findings {
  const { world, status, findings: told } = shown(state)
  if (world === null) return none
  return status.type === 'replay' ? findings(world) : (told ?? none)
}
