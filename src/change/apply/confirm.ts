/** A change that waits for it is kept. */
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import type { JournalChange } from '../../model/change-result.ts'
import type { Entry } from './entry.ts'
import { journalChange } from './result.ts'
import { session, type HostAccess } from './session.ts'

/** `id` null: the only one. */
export function confirmChange(host: HostAccess, id: number | null): Promise<Outcome<JournalChange>> {
  return session(host, { doing: 'confirm a change', facts: [] }, async ({ journal }) => {
    const waiting = journal.entries.filter(({ state }) => state === 'unconfirmed')
    const chosen = id === null ? waiting : journal.entries.filter((entry) => entry.id === id)
    const [entry] = chosen
    if (entry === undefined || chosen.length > 1 || entry.state !== 'unconfirmed') {
      return failed(refusal(id, entry, waiting))
    }
    const written = journal.append({ type: 'confirmed', id: entry.id, at: new Date().toISOString() })
    return written.ok
      ? succeeded(journalChange({ ...entry, state: 'applied', confirmBefore: null }))
      : written
  })
}

function refusal(id: number | null, entry: Entry | undefined, waiting: readonly Entry[]): Failure {
  const ids = waiting.map((each) => each.id).join(', ')
  if (id !== null && entry !== undefined) {
    return { kind: 'refused', what: `change ${id} does not wait for a confirmation: it is ${entry.state}` }
  }
  if (id !== null) return { kind: 'not-found', what: `there is no change ${id}`, hint: 'vethscope journal' }
  return waiting.length === 0
    ? { kind: 'not-found', what: 'no change waits for a confirmation', hint: 'vethscope journal' }
    : { kind: 'ambiguous', what: `changes ${ids} wait for a confirmation`, hint: 'say which' }
}
