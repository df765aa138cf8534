/** One piece of work on a host's journal: under the lock, with the host as it is then. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '../../lib/failure.ts'
import type { Command, Fact } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { openJournal, type Journal } from './journal-file.ts'
import { aboutEngine, namespacesOf } from './look.ts'
import { takeLock } from './lock.ts'
import type { Making } from './making.ts'
import { runCommand } from './run-command.ts'
import { openRunner } from './runner.ts'
import { claimFolder, folderOf, makeStateFolder, markOf } from './state-folder.ts'

export type HostAccess = {
  /** The host as it is now; goes on also where the program was told to end. `patient`: engines that are busy are waited for. */
  readonly read: (netns: readonly string[], patient?: boolean) => Promise<Outcome<World>>
  /** The program was told to end. */
  readonly signal: AbortSignal
  /** From now on until the answer is called the program must not end by itself. */
  readonly keepAlive: () => () => void
}

export type Session = {
  readonly world: World
  readonly folder: string
  readonly journal: Journal
  readonly read: Making['read']
  readonly run: Making['run']
}

export type SessionOptions = {
  /** What is being done, for others who wait. */
  readonly doing: string
  /** What the World must hold. */
  readonly facts: readonly Fact[]
  readonly onWait?: ((what: string) => void) | undefined
}

export async function session<T>(
  host: HostAccess,
  { doing, facts, onWait }: SessionOptions,
  work: (session: Session) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const { signal } = host
  const read = (wanted: readonly Fact[]) => host.read(namespacesOf(wanted), aboutEngine(wanted))
  const seen = await read(facts)
  if (!seen.ok) return seen
  const folder = folderOf(seen.value)
  const made = makeStateFolder(folder)
  if (!made.ok) return made
  const before = sizeOf(folder)
  const lock = await takeLock(folder, { doing, onWait, signal })
  if (!lock.ok) return lock
  const end = host.keepAlive()
  try {
    // Somebody may have changed the host since it was read.
    const again = lock.value.waited || sizeOf(folder) !== before ? await read(facts) : seen
    if (!again.ok) return again
    const claimed = claimFolder(folder, markOf(again.value))
    if (!claimed.ok) return claimed
    const journal = openJournal(folder)
    if (!journal.ok) return journal
    const { fd } = lock.value
    const runner = openRunner(fd)
    const run = (command: Command, onStart: () => void) => runCommand({ lock: fd, runner }, command, onStart)
    try {
      return await work({ world: again.value, folder, journal: journal.value, read, run })
    } finally {
      journal.value.close()
      await runner.end()
    }
  } finally {
    lock.value.release()
    end()
  }
}

/** It only grows. */
function sizeOf(folder: string): number {
  return statSync(join(folder, 'journal'), { throwIfNoEntry: false })?.size ?? 0
}
