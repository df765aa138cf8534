/** One echo request after the other, until there were enough or it is stopped, and what came back for them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { PingRequest, Target } from '../../model/probe.ts'
import type { PingResult } from '../../model/probe-result.ts'
import type { ProbeContext } from '../context.ts'
import type { Reported } from '../socket/icmp-error.ts'
import type { SocketAddress } from '../socket/socket-address.ts'
import type { Sockets } from '../socket/sockets.ts'
import { lost } from '../socket/still-there.ts'
import { openEchoSocket, type EchoAnswer } from './echo-socket.ts'
import { gatheredErrors } from './gathered-errors.ts'
import { answerLine, errorLine, lostLine } from './ping-lines.ts'
import { roundTrips } from './round-trips.ts'
import { sentLog } from './sent-log.ts'

export type Ping = {
  readonly request: PingRequest
  readonly target: Target
  readonly to: SocketAddress
  /** The address it is sent from. */
  readonly source: string | null
  readonly sockets: Sockets
  readonly context: ProbeContext
}

/** Our socket alone would keep a namespace that everybody else left: that is looked at this often. */
const lookEveryMs = 500
/**
 * A neighbour that does not answer is given up after three seconds (mcast_solicit × retrans_time_ms, arp(7)), and only
 * then there is an error to tell. Who is willing to wait for a second is kept waiting for that, where nothing else came.
 */
const neighbourMs = 3500
const patientMs = 1000

export async function sendEchoes(ping: Ping): Promise<Outcome<PingResult>> {
  const { request, target, to, source, sockets, context } = ping
  const { place, count, intervalMs, size, timeoutMs, ttl, link } = request
  const { emit, signal } = context
  const log = sentLog()
  const times = roundTrips()
  const errors = gatheredErrors()
  const timers = new Map<number, NodeJS.Timeout>()
  let transmitted = 0
  let received = 0
  let duplicates = 0
  let refusals = 0
  let wake = (): void => {}

  const given = (seq: number): void => {
    clearTimeout(timers.get(seq))
    timers.delete(seq)
    if (log.given(seq)) emit({ type: 'sample', ms: null })
    wake()
  }
  const answered = (answer: EchoAnswer): void => {
    const trip = log.answered(answer.seq, answer.at)
    if (trip === null) return
    clearTimeout(timers.get(answer.seq))
    timers.delete(answer.seq)
    emit(answerLine(answer, { ...trip, expected: to.address }))
    if (trip.isDuplicate) duplicates += 1
    else {
      received += 1
      times.add(trip.ms)
      emit({ type: 'sample', ms: trip.ms })
    }
    wake()
  }
  const refused = (seq: number, { error }: Reported): void => {
    refusals += 1
    errors.add(error)
    emit(errorLine(seq, error, source, Date.now()))
    given(seq)
  }

  const how = { ttl, link, dontFragment: request.dontFragment ? 'do' : null } as const
  const opened = openEchoSocket(sockets, place, to.family, how, { answered, refused })
  if (!opened.ok) return opened
  const socket = opened.value

  const send = (seq: number): void => {
    const done = socket.send(to, seq, size)
    log.sent(seq, done.sent ? done.at : Date.now())
    if (!done.sent) return refused(seq, done.why)
    transmitted += 1
    const giveUp = (): void => {
      emit(lostLine(seq, Date.now()))
      given(seq)
    }
    timers.set(seq, setTimeout(giveUp, timeoutMs))
  }
  let isOver = false
  const isGone = (): boolean => {
    const gone = lost(sockets, place)
    if (gone === null) return false
    isOver = true
    const says = sanitise(gone.what)
    errors.add({ from: null, type: null, code: null, says })
    emit({ type: 'line', at: Date.now(), text: says, tone: 'bad' })
    return true
  }
  /** Until something happened, at most so long. */
  const happened = (ms: number): Promise<void> => {
    const stop = new AbortController()
    const woken = new Promise<void>((resolve) => (wake = resolve))
    return Promise.race([woken, sleep(ms, undefined, { signal: stop.signal }).catch(() => {})]).finally(() =>
      stop.abort(),
    )
  }
  const onAbort = (): void => wake()
  signal.addEventListener('abort', onAbort)

  try {
    const began = performance.now()
    let next = began
    let looked = began
    for (let number = 1; !signal.aborted; number += 1) {
      send(number & 0xffff)
      if (number === count) break
      // What could not be sent in time is not made up for.
      next = Math.max(next + intervalMs, performance.now())
      while (performance.now() < next && !signal.aborted) await happened(next - performance.now())
      if (context.isAhead()) await context.drained()
      if (performance.now() - looked < lookEveryMs) continue
      looked = performance.now()
      if (isGone()) break
    }
    const until = timeoutMs < patientMs ? 0 : began + neighbourMs
    const isSettled = (): boolean =>
      isOver || (log.waiting() === 0 && (received + refusals > 0 || performance.now() >= until))
    while (!isSettled() && !signal.aborted) await happened(Math.max(timeoutMs, until - performance.now()))
  } finally {
    socket.close()
    signal.removeEventListener('abort', onAbort)
    for (const timer of timers.values()) clearTimeout(timer)
  }
  return succeeded({
    kind: 'ping',
    ok: received > 0,
    netns: place.netns,
    target: target.text,
    address: target.address,
    source,
    transmitted,
    received,
    duplicates,
    rttMs: times.summary(),
    errors: errors.list(),
  })
}
