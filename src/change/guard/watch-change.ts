/** What the watcher does: waits, and takes the change back unless it was confirmed. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import type { ChangeResult } from '../../model/change-result.ts'
import type { World } from '../../model/world.ts'
import { applyPlan } from '../apply/apply.ts'
import { cleanUp } from '../apply/cleanup.ts'
import type { Entry } from '../apply/entry.ts'
import { readJournal } from '../apply/journal-file.ts'
import type { HostAccess } from '../apply/session.ts'
import { folderOf } from '../apply/state-folder.ts'
import type { Planned } from '../planner.ts'
import { inTheWay } from '../undo/undo-plan.ts'
import { takeBackAnyway } from './take-back-anyway.ts'

export type WatchedHost = HostAccess & {
  /** The plan that takes that change back, from the host as it is now. */
  readonly undo: (id: number) => Promise<Planned>
}

const lookEachMs = 1000
/** Somebody may hold the lock, or the host be unreadable, for a moment: a watcher that gives up leaves it cut off. */
const tryForMs = 10 * 60_000
const tryAgainMs = 1000

/** null: it was confirmed, or taken back by somebody else. */
export async function watchChange(
  host: WatchedHost,
  id: number,
  seconds: number,
): Promise<Outcome<ChangeResult | null>> {
  const deadline = Date.now() + seconds * 1000
  const seen = await persistently(host, () => host.read([]))
  if (!seen.ok) return seen
  const folder = folderOf(seen.value)
  let size = -1
  while (Date.now() < deadline) {
    if (host.signal.aborted) return failed(stopped(id))
    const now = sizeOf(folder)
    if (now !== size && !mayWait(folder, id)) return succeeded(null)
    size = now
    await rest(Math.max(1, Math.min(lookEachMs, deadline - Date.now())))
  }
  return persistently(host, () => takeBack(host, seen.value, id))
}

function stopped(id: number): Failure {
  return { kind: 'refused', what: `the watcher of change ${id} was stopped`, hint: `vethscope undo ${id}` }
}

async function persistently<T>(host: HostAccess, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const end = Date.now() + tryForMs
  for (;;) {
    const outcome = await work()
    if (outcome.ok || Date.now() > end || host.signal.aborted) return outcome
    await rest(tryAgainMs)
  }
}

/** It only grows. */
function sizeOf(folder: string): number {
  return statSync(join(folder, 'journal'), { throwIfNoEntry: false })?.size ?? 0
}

/** Also where the journal cannot be read now: that nobody waits must be seen. */
function mayWait(folder: string, id: number): boolean {
  const entries = readJournal(folder)
  return !entries.ok || isWaiting(entries.value.find((entry) => entry.id === id))
}

/** Not ended yet counts, too: whoever makes it may have been killed. */
function isWaiting(entry: Entry | undefined): boolean {
  return entry?.state === 'unconfirmed' || entry?.state === 'unfinished'
}

async function takeBack(host: WatchedHost, world: World, id: number): Promise<Outcome<ChangeResult | null>> {
  const folder = folderOf(world)
  const entries = readJournal(folder)
  if (!entries.ok) return entries
  if (!isWaiting(entries.value.find((entry) => entry.id === id))) return succeeded(null)
  if (entries.value.some(({ state }) => state === 'unfinished')) {
    // Under the lock: whoever still makes it is waited for, and then it may have ended.
    const cleaned = await cleanUp(host)
    if (!cleaned.ok) return cleaned
    const own = cleaned.value.cleaned.find((result) => result.id === id)
    if (own !== undefined) return succeeded(own)
  }
  // What was made since and stands on it goes first: nobody said that it shall stay, and the way in goes before it.
  const tried = new Set<number>()
  for (;;) {
    const now = readJournal(folder)
    if (!now.ok) return now
    const later = inTheWay(now.value, id)
    if (later === null || tried.has(later)) return undo(host, id, id)
    tried.add(later)
    const gone = await undo(host, later, id)
    if (!gone.ok || gone.value === null) return gone
  }
}

/** null: `watched` was confirmed meanwhile. */
async function undo(host: WatchedHost, id: number, watched: number): Promise<Outcome<ChangeResult | null>> {
  const plan = await host.undo(id)
  if (plan.ok) {
    const mayBegin = (entries: readonly Entry[]): Failure | null =>
      isWaiting(entries.find((entry) => entry.id === watched)) ? null : confirmed(watched)
    const applied = await applyPlan(
      { ...host, mayBegin, startWatcher: async () => succeeded(undefined) },
      plan.value,
    )
    if (applied.ok && applied.value.applied) return applied
  }
  // It was confirmed, somebody changed what it made, or a step failed: then as much of it as can be.
  return takeBackAnyway(host, id, watched)
}

function confirmed(id: number): Failure {
  return { kind: 'refused', what: `change ${id} was confirmed` }
}
