/** After one that was killed: the host is brought back, or an undo, which was on its way back, to its end. */
import { existsSync } from 'node:fs'
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import type { ChangeResult, CleanupResult } from '../../model/change-result.ts'
import { finalFacts } from '../check/final-facts.ts'
import type { Entry, StepState } from './entry.ts'
import { goForward } from './go-forward.ts'
import { differences } from './look.ts'
import type { Making } from './making.ts'
import { makingOf } from './making-of.ts'
import { changeResult } from './result.ts'
import type { ApplyOptions } from './options.ts'
import { removeRunning, writeRunning } from './running.ts'
import { rollBack } from './roll-back.ts'
import { session, type HostAccess } from './session.ts'
import { folderOf } from './state-folder.ts'

export async function cleanUp(
  host: HostAccess,
  { onStep, onWait }: ApplyOptions = {},
): Promise<Outcome<CleanupResult>> {
  const seen = await host.read([])
  if (!seen.ok) return seen
  if (!existsSync(folderOf(seen.value))) return succeeded({ cleaned: [] })
  return session(host, { doing: 'clean up', facts: [], onWait }, async (session) => {
    const { journal, folder } = session
    const cleaned: ChangeResult[] = []
    for (const entry of journal.entries.toReversed()) {
      if (entry.state !== 'unfinished') continue
      const { id, plan, says } = entry
      // On a full disk the host is brought back all the same, in the room that was kept for it.
      journal.release()
      writeRunning(folder, id)
      const making = makingOf(session, host.signal, { id, plan, says, onStep })
      if (host.signal.aborted) return stopped(id, 'it was stopped')
      const isOnItsWay = plan.undoes !== undefined && entry.goesBack !== true
      // What could not be taken back before is tried once more.
      const result = isOnItsWay
        ? await carriedOn(making, entry)
        : await rollBack(making, entry.steps, entry.goesBack === true ? null : 'it was not ended')
      if ('why' in result) return stopped(id, result.why)
      cleaned.push(result)
    }
    journal.release()
    removeRunning(folder)
    return succeeded({ cleaned })
  })
}

function stopped(id: number, why: string): ReturnType<typeof failed> {
  return failed({
    kind: 'refused',
    what: `change ${id} is not cleaned up: ${why}`,
    hint: 'vethscope cleanup goes on with it',
  })
}

/**
 * A step that fails does not stop it: the others bring back something. One that may have been done before may fail for that: then
 * the host tells. `why`: it was stopped.
 */
async function carriedOn(making: Making, { steps }: Entry): Promise<ChangeResult | { readonly why: string }> {
  const { id, plan, append } = making
  let states: readonly StepState[] = steps
  let failures: readonly { readonly at: number; readonly why: string }[] = []
  for (;;) {
    const { states: reached, stopped } = await goForward(making, states)
    states = reached
    if (stopped === null) break
    const { at, why } = stopped
    if (at === null) return { why }
    failures = [...failures, { at, why }]
    states = states.with(at, 'left')
  }
  const facts = finalFacts(plan.steps)
  const found = await differences(making, facts)
  const isThere = facts.length > 0 && found.length === 0
  const wrong = isThere ? failures.filter(({ at }) => steps[at] !== 'started') : failures
  for (const { at } of failures)
    states = states.with(at, wrong.some((each) => each.at === at) ? 'left' : 'done')
  for (const { at, why } of wrong) append({ type: 'left', id, step: at, says: why })
  const left = wrong.map(({ why }) => why)
  append({
    type: 'end',
    id,
    at: new Date().toISOString(),
    state: left.length === 0 ? 'applied' : 'left',
    left,
  })
  return changeResult(making, states, {
    applied: left.length === 0,
    verified: found.length === 0,
    left,
    differences: found,
  })
}
