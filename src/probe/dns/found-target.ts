import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import type { Place, Sought, Target } from '../../model/probe.ts'
import type { ProbeContext } from '../context.ts'

/** The address behind what was asked for: a name that the World did not know is resolved as a program there would. */
export async function foundTarget(
  _place: Place,
  sought: Sought,
  _context: ProbeContext,
): Promise<Outcome<Target>> {
  if ('address' in sought) return succeeded(sought)
  return failed({ kind: 'not-found', what: `cannot resolve "${sought.text}"`, subject: sought.text })
}
