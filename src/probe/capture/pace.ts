/** While whoever takes the packets is behind nothing is read from the links: the kernel's ring fills, and it counts what it drops. */
import type { Tap } from './tap.ts'

/** `behind` resolves when more is taken; null: now. Call the answer after each piece. */
export function pace(taps: readonly Tap[], behind: () => Promise<void> | null): () => void {
  let pausing = false
  return () => {
    const wait = pausing ? null : behind()
    if (wait === null) return
    pausing = true
    for (const tap of taps) tap.pause()
    void wait.finally(() => {
      pausing = false
      for (const tap of taps) tap.resume()
    })
  }
}
