/** A plan is made: journal, steps, and the host read again; or as much of it as was done is taken back. */
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import type { ChangeResult } from '../../model/change-result.ts'
import type { Plan } from '../../model/plan.ts'
import { finalFacts } from '../check/final-facts.ts'
import type { Entry, StepState } from './entry.ts'
import { goForward, type Stop } from './go-forward.ts'
import { differences } from './look.ts'
import type { Making } from './making.ts'
import { makingOf } from './making-of.ts'
import { changeResult } from './result.ts'
import type { ApplyOptions } from './options.ts'
import { removeRunning, writeRunning } from './running.ts'
import { factsBefore, rollBack } from './roll-back.ts'
import { session, type HostAccess, type Session } from './session.ts'
import { stopAt } from './stop-at.ts'

export type ApplyDeps = HostAccess & {
  /** Somebody who takes the change back unless it is confirmed in time; started before the first step. */
  readonly startWatcher: (id: number, seconds: number) => Promise<Outcome<void>>
  /** Asked under the lock: why it is not to be begun any more; null: it may. */
  readonly mayBegin?: (entries: readonly Entry[]) => Failure | null
}

/** What a line of the journal takes on the way back, at most: `left` holds what a tool said. */
const bytesOfStep = 1024
const bytesOfEnd = 16 * 1024

export function applyPlan(
  deps: ApplyDeps,
  plan: Plan,
  options: ApplyOptions = {},
): Promise<Outcome<ChangeResult>> {
  const facts = plan.steps.flatMap(({ before, after }) => [...before, ...after])
  return session(deps, { doing: plan.title, facts, onWait: options.onWait }, async (session) => {
    const refused = deps.mayBegin?.(session.journal.entries) ?? (await refusal(session, plan))
    if (refused !== null) return failed(refused)
    const { journal, folder } = session
    const id = nextId(journal.entries)
    const reserved = journal.reserve(bytesOfEnd + plan.steps.length * bytesOfStep)
    if (!reserved.ok) return reserved
    try {
      return await make(deps, session, { id, plan, options })
    } finally {
      journal.release()
      removeRunning(folder)
    }
  })
}

/** Why it is not begun: what was planned on is not so any more. */
async function refusal(session: Session, plan: Plan): Promise<Failure | null> {
  const { entries } = session.journal
  const unfinished = entries.find(({ state }) => state === 'unfinished')
  if (unfinished !== undefined) {
    const what = `change ${unfinished.id} was begun and not ended: ${unfinished.plan.title}`
    return { kind: 'refused', what, hint: 'vethscope cleanup takes it back' }
  }
  const undone = entries.find(({ id }) => id === plan.undoes)
  if (undone !== undefined && undone.undoneBy !== null) {
    const what = `change ${undone.id} was taken back already (by change ${undone.undoneBy})`
    return { kind: 'refused', what }
  }
  const now = await differences(
    { ...session, read: async () => succeeded(session.world) },
    factsBefore(plan),
    0,
  )
  if (now.length === 0) return null
  const what = `the host is not as it was when this was planned: ${now.join('; ')}`
  return { kind: 'refused', what, hint: 'try again' }
}

export function nextId(entries: readonly Entry[]): number {
  return Math.max(0, ...entries.map(({ id }) => id)) + 1
}

type Change = { readonly id: number; readonly plan: Plan; readonly options: ApplyOptions }

async function make(
  deps: ApplyDeps,
  session: Session,
  { id, plan, options }: Change,
): Promise<Outcome<ChangeResult>> {
  const { journal, folder } = session
  const { confirmWithin, onStep } = options
  stopAt('before-running')
  const running = writeRunning(folder, id)
  if (!running.ok) return running
  const at = new Date()
  const confirmBefore =
    confirmWithin === undefined ? null : new Date(at.getTime() + confirmWithin * 1000).toISOString()
  stopAt('before-begin')
  const begun = journal.append({
    type: 'begin',
    id,
    at: at.toISOString(),
    pid: process.pid,
    plan,
    confirmBefore,
  })
  if (!begun.ok) return begun
  stopAt('after-begin')
  const making = makingOf(session, deps.signal, { id, plan, onStep })
  const watched =
    confirmWithin === undefined ? succeeded(undefined) : await deps.startWatcher(id, confirmWithin)
  const notRun = plan.steps.map(() => 'not run' as const)
  const forward = watched.ok
    ? await goForward(making, notRun)
    : { states: notRun, stopped: { why: watched.failure.what, at: null } }
  if (forward.stopped !== null) return succeeded(await back(making, forward.states, forward.stopped))
  stopAt('before-end')
  const ended = journal.append({ type: 'end', id, at: new Date().toISOString(), state: 'applied', left: [] })
  // Without its end it counts as unfinished, so it must not be there either.
  if (!ended.ok) return succeeded(await back(making, forward.states, { why: ended.failure.what, at: null }))
  stopAt('after-end')
  const found = await differences(making, finalFacts(plan.steps))
  return succeeded(
    changeResult(making, forward.states, {
      applied: true,
      verified: found.length === 0,
      differences: found,
      ...(confirmBefore === null ? {} : { confirmBefore }),
    }),
  )
}

async function back(making: Making, states: readonly StepState[], stop: Stop): Promise<ChangeResult> {
  making.release()
  // The one that failed is told as that, unless something of it is left.
  const told = (reached: readonly StepState[]) =>
    reached.map((state, at) => (at === stop.at && state === 'undone' ? 'failed' : state))
  const result = await rollBack(making, states, stop.why, told)
  return { ...result, error: stop.error ?? { what: stop.why, command: '', exitCode: null, stderr: '' } }
}
