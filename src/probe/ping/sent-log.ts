/** Which echo requests are on their way, by sequence number. Those are 16 bits wide, so that any number of them fits. */

export type SentLog = {
  /** `at`: by the clock that the kernel stamps answers with. */
  readonly sent: (seq: number, at: number) => void
  /** null: no such one was sent. */
  readonly answered: (
    seq: number,
    at: number,
  ) => { readonly ms: number; readonly isDuplicate: boolean } | null
  /** Nothing is expected of it any more; answers whether something was. A late answer still counts. */
  readonly given: (seq: number) => boolean
  /** How many are waited for. */
  readonly waiting: () => number
}

const states = { none: 0, waiting: 1, given: 2, answered: 3 } as const
const numbers = 0x10000
/** Between the two clocks, of which only one is never set. */
const toleranceMs = 5

export function sentLog(monotonic: () => number = () => performance.now()): SentLog {
  const state = new Uint8Array(numbers)
  const sentAt = new Float64Array(numbers)
  const sentAtMonotonic = new Float64Array(numbers)
  let waiting = 0
  const become = (seq: number, next: number): void => {
    waiting += (next === states.waiting ? 1 : 0) - (state[seq] === states.waiting ? 1 : 0)
    state[seq] = next
  }
  /** The clock of the stamps may have been set in between: then the other one is right. */
  const elapsed = (seq: number, at: number): number => {
    const stamped = at - (sentAt[seq] ?? 0)
    const real = monotonic() - (sentAtMonotonic[seq] ?? 0)
    return stamped < 0 || stamped > real + toleranceMs ? real : stamped
  }
  return {
    sent: (seq, at) => {
      become(seq, states.waiting)
      sentAt[seq] = at
      sentAtMonotonic[seq] = monotonic()
    },
    answered: (seq, at) => {
      if (state[seq] === states.none) return null
      const isDuplicate = state[seq] === states.answered
      become(seq, states.answered)
      return { ms: elapsed(seq, at), isDuplicate }
    },
    given: (seq) => {
      const wasWaiting = state[seq] === states.waiting
      if (wasWaiting) become(seq, states.given)
      return wasWaiting
    },
    waiting: () => waiting,
  }
}
