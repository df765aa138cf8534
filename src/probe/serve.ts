/** The helper's side of protocol.ts: runs what is asked for, many at a time, and tells what comes of it. */
import { failed, type Outcome } from '../lib/failure.ts'
import type { ProbeEvent, ProbeOrder, ProbeRequest } from '../model/probe.ts'
import type { ProbeResult } from '../model/probe-result.ts'
import type { ProbeContext } from './context.ts'
import type { FromProber, ToProber } from './protocol.ts'
import { loadSockets } from './socket/sockets.ts'

export type RunProbe = (request: ProbeRequest, context: ProbeContext) => Promise<Outcome<ProbeResult>>

type Running = {
  readonly stop: AbortController
  readonly order: (order: ProbeOrder) => void
  readonly taken: (events: number) => void
}

/** Events are told together: a thousand lines a second are a few messages. */
const gatherMs = 25
/** That many may be on their way untaken. */
const mostAhead = 2000

export type Server = {
  receive(message: ToProber): void
  /** Ends all that runs; resolves when it has ended. */
  stop(): Promise<void>
}

export function serveProbes(send: (message: FromProber) => void, run: RunProbe): Server {
  const running = new Map<number, Running>()
  const ends = new Set<Promise<void>>()

  const start = async (id: number, request: ProbeRequest): Promise<void> => {
    const stop = new AbortController()
    const listeners: ((order: ProbeOrder) => void)[] = []
    const waiting: (() => void)[] = []
    let gathered: ProbeEvent[] = []
    let timer: NodeJS.Timeout | null = null
    let ahead = 0
    const flush = (): void => {
      if (timer !== null) clearTimeout(timer)
      timer = null
      if (gathered.length === 0) return
      send({ type: 'events', id, events: gathered })
      gathered = []
    }
    const goOn = (): void => {
      for (const go of waiting.splice(0)) go()
    }
    stop.signal.addEventListener('abort', goOn)
    running.set(id, {
      stop,
      order: (order) => {
        for (const listener of listeners) listener(order)
      },
      taken: (events) => {
        ahead -= events
        if (ahead < mostAhead) goOn()
      },
    })
    const context: ProbeContext = {
      sockets: loadSockets,
      emit: (event) => {
        ahead += 1
        gathered.push(event)
        timer ??= setTimeout(flush, gatherMs)
      },
      isAhead: () => ahead >= mostAhead,
      drained: () =>
        ahead < mostAhead || stop.signal.aborted
          ? Promise.resolve()
          : new Promise((resolve) => void waiting.push(resolve)),
      signal: stop.signal,
      onOrder: (listener) => void listeners.push(listener),
    }
    const outcome = await run(request, context).catch((error: unknown) => failed(bugIn(request, error)))
    flush()
    running.delete(id)
    send(
      outcome.ok
        ? { type: 'ended', id, result: outcome.value }
        : { type: 'failed', id, failure: outcome.failure },
    )
  }

  return {
    receive: (message) => {
      switch (message.type) {
        case 'run': {
          const end = start(message.id, message.request)
          ends.add(end)
          void end.finally(() => ends.delete(end))
          return
        }
        case 'order':
          return running.get(message.id)?.order(message.order)
        case 'stop':
          return running.get(message.id)?.stop.abort()
        case 'taken':
          return running.get(message.id)?.taken(message.events)
        default:
          return message satisfies never
      }
    },
    stop: async () => {
      for (const { stop } of running.values()) stop.abort()
      await Promise.all(ends)
    },
  }
}

function bugIn({ kind }: ProbeRequest, error: unknown) {
  const says = error instanceof Error ? error.message : String(error)
  return {
    kind: 'refused',
    what: `an error inside vethscope ended the ${kind} probe: ${says}`,
    hint: 'please report this sentence together with what was probed',
  } as const
}
