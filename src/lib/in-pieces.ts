/** Long work that may be given up: in pieces, with a turn of the event loop between them. */
import { setImmediate as turn } from 'node:timers/promises'

/** Each `yield` is a place where it may be interrupted, or end. */
export type Pieces<T> = Generator<void, T, void>

/** The event loop gets a turn at least this often, if no piece is longer. */
const sliceMs = 8

/** null: it was given up, because `goOn` said so. `ms`: how long the pieces took, without what ran between them. */
export async function inPieces<T>(
  work: Pieces<T>,
  goOn: () => boolean,
): Promise<{ readonly value: T; readonly ms: number } | null> {
  let ms = 0
  try {
    for (;;) {
      const began = performance.now()
      let now = began
      while (now - began < sliceMs) {
        const step = work.next()
        now = performance.now()
        if (step.done === true) return { value: step.value, ms: ms + now - began }
      }
      ms += now - began
      await turn()
      if (!goOn()) return null
    }
  } finally {
    // It may hold something open.
    work.return(undefined as never)
  }
}

/** By somebody who has nothing else to do. */
export function inOneGo<T>(work: Pieces<T>): T {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}
