/** How soon a key is answered. */
import type { TestTerminal } from '../support/terminal.ts'
import { leave } from './walk.ts'

const limitMs = 5000
/** What is promised while the host changes. */
const promisedMs = 50
const tries = 3

/**
 * Help opens and closes again. The least of some tries: what else runs on the machine makes an answer later, never
 * sooner. Milliseconds.
 */
export async function answered(terminal: TestTerminal): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let count = 0; count < tries && least > promisedMs; count += 1) {
    await leave(terminal)
    const began = performance.now()
    terminal.send('?')
    try {
      await terminal.waitFor('Esc closes', limitMs)
    } catch (error) {
      // Taken for Alt, after an Escape that came late.
      if (count === tries - 1 && least === Number.POSITIVE_INFINITY) throw error
      continue
    }
    least = Math.min(least, performance.now() - began)
  }
  await leave(terminal)
  return least
}

/** A sentence, or null. The median: a queue that fills makes all of them late, a busy moment only one. */
export function slowAnswers(ms: readonly number[]): string | null {
  const sorted = ms.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined) return 'no key was timed'
  return median <= promisedMs
    ? null
    : `keys are answered after ${median.toFixed(0)} ms, promised are ${promisedMs}`
}
