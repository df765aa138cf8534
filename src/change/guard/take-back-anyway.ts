/** A change that cut the way in is taken back whatever became of it since: each inverse is tried, and what fails is told. */
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { ChangeResult } from '../../model/change-result.ts'
import { makingOf } from '../apply/making-of.ts'
import { rollBack } from '../apply/roll-back.ts'
import { session, type HostAccess } from '../apply/session.ts'

/** null: `watched` was confirmed meanwhile. */
export function takeBackAnyway(
  host: HostAccess,
  id: number,
  watched: number,
): Promise<Outcome<ChangeResult | null>> {
  return session(host, { doing: `take back change ${id}`, facts: [] }, async (session) => {
    const { journal } = session
    const entry = journal.entries.find((each) => each.id === id)
    const isWaiting = journal.entries.some((each) => each.id === watched && each.state === 'unconfirmed')
    if (entry === undefined || !isWaiting) return succeeded(null)
    journal.release()
    const making = makingOf(session, host.signal, { id, plan: entry.plan, says: entry.says })
    return succeeded(await rollBack(making, entry.steps, 'it was not confirmed'))
  })
}
