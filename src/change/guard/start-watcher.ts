/**
 * The watcher of a change that waits to be confirmed: this program once more, in a session of its own, which neither the end of
 * this one nor that of the terminal or the SSH session reaches.
 */
import { spawn } from 'node:child_process'
import { closeSync, writeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { failed, reasonOf, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'

/** Where the watcher says that it watches. */
const readyFd = 3
const readyMark = 'VETHSCOPE_WATCHER_READY'
const readyWithinMs = 20_000

/** `self`: argv of this program. Done once the watcher said that it watches: a step that cuts the way in must not run before. */
export async function startWatcher(
  self: readonly string[],
  id: number,
  seconds: number,
): Promise<Outcome<void>> {
  const [file, ...args] = [...self, '__watch', String(id), String(seconds)]
  // What stops this program at a certain moment, in a test, must not stop who looks after it.
  const { VETHSCOPE_STOP_AT: _, ...env } = process.env
  const child = spawn(file, args, {
    cwd: '/',
    detached: true,
    env: { ...env, [readyMark]: String(readyFd) },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const ready = child.stdio[readyFd] as Readable
  const timer = setTimeout(
    () => ready.destroy(new Error(`it said nothing in ${readyWithinMs} ms`)),
    readyWithinMs,
  )
  try {
    const said = await new Promise<boolean>((resolve, reject) => {
      child.once('error', reject)
      ready.once('error', reject)
      ready.once('data', () => resolve(true))
      ready.once('end', () => resolve(false))
    })
    return said ? succeeded(undefined) : failed(cannot('it ended at once'))
  } catch (error) {
    return failed(cannot(reasonOf(error)))
  } finally {
    clearTimeout(timer)
    ready.destroy()
    child.unref()
  }
}

function cannot(why: string): Failure {
  const what = `the watcher that would take the change back could not be started: ${sanitise(why)}`
  return { kind: 'refused', what }
}

/** In the watcher: from now on it may be relied on. */
export function tellReady(env: Readonly<Record<string, string | undefined>>): void {
  if (env[readyMark] !== String(readyFd)) return
  try {
    writeSync(readyFd, 'ready\n')
    closeSync(readyFd)
  } catch {
    // Whoever started it is gone: then it is needed all the more.
  }
}
