import type { Place } from '../../model/probe.ts'
import type { Failure } from '../../lib/failure.ts'
import type { Sockets } from './sockets.ts'

/**
 * Why a namespace that a socket is open in cannot be entered any more; null: it can. That socket keeps it alive, with
 * its links and theirs, when everything else let it go: who has one for long asks now and then, and closes it.
 */
export function lost(sockets: Sockets, place: Place): Failure | null {
  const entered = sockets.inside<number>(place, () => 0)
  return entered.ok ? null : entered.failure
}
