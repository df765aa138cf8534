/**
 * Runs jobs one after the other, each when it is due, and lets the event loop turn between them. A job has a
 * key: asking for it again while it waits does not run it twice. A job that took long rests before its next run,
 * so that a namespace that changes without pause cannot take the thread for itself.
 */
import { setImmediate as turn } from 'node:timers/promises'

export type Schedule = {
  /** Runs `job` in `delayMs`, or earlier where the key is already waiting for an earlier time. */
  in(delayMs: number, key: string, job: Job, options?: JobOptions): void
  drop(key: string): void
  /** Nothing waits and nothing runs that was due by now. */
  idle(): boolean
  close(): void
}

type Job = () => void | Promise<void>

export type JobOptions = {
  /** So many times as long as it took does it rest. A job that took 20 ms runs again after 60 ms, if nothing is said. */
  readonly rest?: number
  /** Of what is due it goes before the rest: somebody may be waiting to see what comes out. */
  readonly urgent?: boolean
}

type Waiting = { readonly at: number; readonly job: Job; readonly rest: number; readonly urgent: boolean }

const usualRest = 3
/** However long it took: the machine may have been busy with something else. */
const mostRestMs = 30_000

/**
 * `afterTurn` is called whenever all jobs that were due have run, or a batch of them has: the moment to tell
 * what came out. `failed` gets what a job threw; the others go on.
 */
export function schedule(afterTurn: () => void, failed: (error: unknown) => void): Schedule {
  const waiting = new Map<string, Waiting>()
  const restsUntil = new Map<string, number>()
  let timer: NodeJS.Timeout | null = null
  let running = false
  let closed = false

  const arm = (): void => {
    if (running || closed) return
    if (timer !== null) clearTimeout(timer)
    const next = earliest()
    timer = next === null ? null : setTimeout(() => void work(), Math.max(0, next.at - performance.now()))
  }

  const earliest = (): (Waiting & { readonly key: string }) | null => {
    let first: (Waiting & { readonly key: string }) | null = null
    const now = performance.now()
    for (const [key, one] of waiting)
      if (first === null || goesBefore(one, first, now)) first = { key, ...one }
    return first
  }

  /** Also for what was asked for while it ran. */
  const rest = (key: string, tookMs: number, factor: number): void => {
    if (tookMs <= 1) {
      restsUntil.delete(key)
      return
    }
    const until = performance.now() + Math.min(tookMs * factor, mostRestMs)
    restsUntil.set(key, until)
    const again = waiting.get(key)
    if (again !== undefined && again.at < until) waiting.set(key, { ...again, at: until })
  }

  const work = async (): Promise<void> => {
    running = true
    let done = 0
    let toldAt = performance.now()
    for (;;) {
      const next = earliest()
      if (closed || next === null || next.at > performance.now()) break
      waiting.delete(next.key)
      const began = performance.now()
      try {
        await next.job()
      } catch (error) {
        failed(error)
      }
      rest(next.key, performance.now() - began, next.rest)
      done += 1
      if (done % batch === 0 || performance.now() - toldAt > untoldMs) {
        afterTurn()
        toldAt = performance.now()
      }
      await turn()
    }
    running = false
    if (closed) return
    afterTurn()
    arm()
  }

  return {
    in: (delayMs, key, job, { rest = usualRest, urgent = false } = {}) => {
      const at = Math.max(performance.now() + delayMs, restsUntil.get(key) ?? 0)
      const before = waiting.get(key)
      if (before !== undefined && before.at <= at) return
      waiting.set(key, { at, job, rest, urgent })
      arm()
    },
    drop: (key) => {
      waiting.delete(key)
      restsUntil.delete(key)
    },
    idle: () => !running && (earliest()?.at ?? Infinity) > performance.now(),
    close: () => {
      closed = true
      waiting.clear()
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** What waits for longer than that goes before what is urgent. */
const urgentMs = 200

function goesBefore(one: Waiting, other: Waiting, now: number): boolean {
  const areDue = Math.max(one.at, other.at) <= now
  const turnOf = ({ at, urgent }: Waiting): number => (areDue && urgent ? at - urgentMs : at)
  return turnOf(one) < turnOf(other)
}

/** After so many jobs, or so long, the results are told even though more is due. */
const batch = 50
const untoldMs = 20
