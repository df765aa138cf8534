/** Several packets at once, each with its own number of hops, and what came back for each of them. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { succeeded, type Outcome } from '../../lib/failure.ts'
import type { HopAnswer, HopSocket } from './hop-socket.ts'
import { sendHop, type Sending, type Trace } from './trace.ts'

/** null: nothing came back in time. */
export type Came = (HopAnswer & { readonly ms: number }) | null

export type Patience = {
  readonly waitMs: number
  /** Where nothing at all came until then, it is waited until this. */
  readonly silentMs: number
}

/** In the order of `sendings`. Ends before the time is up where all were answered, or the probe is stopped. */
export async function probeHops(
  trace: Trace,
  sendings: readonly Sending[],
  { waitMs, silentMs }: Patience,
): Promise<Outcome<readonly Came[]>> {
  const { signal } = trace.context
  const answers: (HopAnswer | null)[] = sendings.map(() => null)
  const sockets: HopSocket[] = []
  const all = new AbortController()
  try {
    for (const [at, sending] of sendings.entries()) {
      const opened = sendHop(trace, sending, (answer) => {
        answers[at] ??= answer
        if (answers.every((each) => each !== null)) all.abort()
      })
      if (!opened.ok) return opened
      sockets.push(opened.value)
    }
    const stop = AbortSignal.any([signal, all.signal])
    await sleep(waitMs, undefined, { signal: stop }).catch(() => {})
    // A machine that was busy has answers waiting that were not looked at yet.
    if (!stop.aborted) await turn()
    if (silentMs > waitMs && answers.every((each) => each === null)) {
      await sleep(silentMs - waitMs, undefined, { signal: stop }).catch(() => {})
    }
  } finally {
    for (const socket of sockets) socket.close()
  }
  return succeeded(
    answers.map((answer, at) => {
      if (answer === null) return null
      return {
        ...answer,
        ms: Math.max(0, Math.round((answer.at - (sockets[at]?.sentAt ?? answer.at)) * 1000) / 1000),
      }
    }),
  )
}
