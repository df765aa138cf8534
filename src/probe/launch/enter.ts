/** This process becomes another program, inside a namespace. It comes back only where that was refused. */
import type { Failure } from '../../lib/failure.ts'
import type { Place } from '../../model/probe.ts'

export type Refused = {
  readonly failure: Failure
  /** As docker exec has them: 125 could not enter, 126 not executable, 127 not found. */
  readonly exitCode: 125 | 126 | 127
}

export async function enter(_place: Place, _argv: readonly string[]): Promise<Refused> {
  return { failure: { kind: 'refused', what: 'exec is not written yet' }, exitCode: 125 }
}
