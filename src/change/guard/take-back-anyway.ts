/** A change that cut the way in is taken back whatever became of it since: each inverse is tried, and what fails is told. */
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { ChangeResult } from '../../model/change-result.ts'
import { factsBefore } from '../apply/apply.ts'
import { differences } from '../apply/look.ts'
import { makingOf } from '../apply/making-of.ts'
import { changeResult } from '../apply/result.ts'
import { session, type HostAccess } from '../apply/session.ts'
import { takeBack } from '../apply/take-back.ts'

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
    const { plan } = entry
    journal.release()
    const { append } = journal
    const making = makingOf(session, host.signal, { id, plan })
    append({ type: 'back', id, why: 'it was not confirmed' })
    const taken = await takeBack(making, entry.steps)
    const left = [...taken.left, ...(await differences(making, factsBefore(plan)))]
    const state = left.length === 0 ? 'rolled back' : 'left'
    append({ type: 'end', id, at: new Date().toISOString(), state, left })
    return succeeded(
      changeResult(plan, id, taken.states, { applied: false, verified: left.length === 0, left }),
    )
  })
}
