/** How soon a key is answered. */
import type { TestTerminal } from '../support/terminal.ts'
import { leave } from './walk.ts'

const limitMs = 10_000
/** What is promised while the host changes. */
const promisedMs = 50
const tries = 3

/**
 * Help opens and closes again. The least of some tries: what else runs on the machine makes an answer later, never
 * sooner. Milliseconds.
 */
export async function answered(terminal: TestTerminal): Promise<number> {
  await leave(terminal)
  let least = Number.POSITIVE_INFINITY
  for (let count = 0; count < tries; count += 1) {
    const began = performance.now()
    terminal.send('?')
    await terminal.waitFor('Esc closes', limitMs)
    least = Math.min(least, performance.now() - began)
    terminal.send('\x1b')
    await terminal.waitFor((text) => !text.includes('Esc closes'), limitMs)
    if (least <= promisedMs) break
  }
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
