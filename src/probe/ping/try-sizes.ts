/** Whether a packet of a size passes unfragmented: several echo requests, one after the other, until something comes back. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { PingResult } from '../../model/probe-result.ts'
import type { Reported } from '../socket/icmp-error.ts'
import { openEchoSocket } from './echo-socket.ts'
import { gatheredErrors } from './gathered-errors.ts'
import { roundTrips } from './round-trips.ts'
import type { Ping } from './send-echoes.ts'
import { sentLog } from './sent-log.ts'

/** `why`: who refused it; null: nothing came back. */
export type Tried =
  | { readonly passed: true; readonly ms: number }
  | { readonly passed: false; readonly why: Reported | null }

export type Tally = Pick<PingResult, 'transmitted' | 'received' | 'duplicates' | 'rttMs' | 'errors'>

export type SizeTrier = {
  /** With IP header. Resolves at once where the probe is stopped. */
  attempt(total: number): Promise<Tried>
  tally(): Tally
  close(): void
}

/** One may be lost for another reason. */
const attempts = 3
/** After the first answer it is known how long one takes; a busy machine has this much more. */
const spareMs = 150
/** IP header (without options) and ICMP header. */
export const headers = { 4: 28, 6: 48 } as const

export function openSizeTrier({ request, to, sockets, context }: Ping): Outcome<SizeTrier> {
  const { place, timeoutMs, ttl, link } = request
  const { signal } = context
  const log = sentLog()
  const times = roundTrips()
  const errors = gatheredErrors()
  let transmitted = 0
  let received = 0
  let duplicates = 0
  let seq = 0
  /** What is tried now: the first of its numbers, and what became of it. */
  let current: { readonly first: number; readonly settle: (tried: Tried) => void } | null = null

  const opened = openEchoSocket(
    sockets,
    place,
    to.family,
    { ttl, link, dontFragment: 'probe' },
    {
      answered: (answer) => {
        const trip = log.answered(answer.seq, answer.at)
        if (trip === null) return
        if (trip.isDuplicate) {
          duplicates += 1
          return
        }
        received += 1
        times.add(trip.ms)
        context.emit({ type: 'sample', ms: trip.ms })
        if (current !== null && answer.seq >= current.first) current.settle({ passed: true, ms: trip.ms })
      },
      refused: (number, why) => {
        errors.add(why.error)
        if (current !== null && number >= current.first) current.settle({ passed: false, why })
      },
    },
  )
  if (!opened.ok) return opened
  const socket = opened.value

  const attempt = async (total: number): Promise<Tried> => {
    const late = new AbortController()
    let tried: Tried | null = null
    const isSettled = (): boolean => tried !== null || signal.aborted
    current = {
      first: seq + 1,
      settle: (one) => {
        tried ??= one
        late.abort()
      },
    }
    const stop = AbortSignal.any([signal, late.signal])
    for (let at = 0; at < attempts && !isSettled(); at += 1) {
      seq += 1
      const done = socket.send(to, seq, total - headers[to.family])
      if (!done.sent) return { passed: false, why: done.why }
      log.sent(seq, done.at)
      transmitted += 1
      const slowest = times.summary()?.max
      const patienceMs = slowest === undefined ? timeoutMs : Math.min(timeoutMs, slowest * 4 + spareMs)
      await sleep(patienceMs, undefined, { signal: stop }).catch(() => {})
      // A machine that was busy has an answer waiting that was not looked at yet.
      await turn()
    }
    return tried ?? { passed: false, why: null }
  }

  return succeeded({
    attempt,
    tally: () => ({ transmitted, received, duplicates, rttMs: times.summary(), errors: errors.list() }),
    close: () => socket.close(),
  })
}
