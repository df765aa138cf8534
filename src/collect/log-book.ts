/**
 * What the worker tells for the Log screen: tools that were run, what the kernel and the engines told. Gathered, and sent a
 * few times a second while there is something; nothing is kept here after it was sent.
 */
import type { RunReport } from '../lib/run.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Happening } from '../model/log-entry.ts'
import { engineHappening, type EngineEvent } from './engine/engine-event.ts'
import { commandHappening } from './log-command.ts'
import { kernelTally } from './log-kernel.ts'
import type { KernelEvent } from './reader.ts'

export type LogBook = {
  readonly ran: (report: RunReport) => void
  readonly heard: (events: readonly KernelEvent[]) => void
  readonly told: (event: EngineEvent) => void
  /** Something of a namespace is different, in words. */
  readonly noted: (netns: NetnsId, lines: readonly string[]) => void
  readonly close: () => void
}

export type LogBookInput = {
  readonly send: (entries: readonly Happening[]) => void
  /** The namespace that a path leads to; of null the one that this program is in. */
  readonly netnsAt: (path: string | null) => NetnsId | null
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

const gatherMs = 250

export function logBook({ send, netnsAt, now = Date.now }: LogBookInput): LogBook {
  const kernel = kernelTally()
  /** By what makes two of them the same. */
  let waiting = new Map<string, Happening>()
  let timer: NodeJS.Timeout | null = null
  let closed = false

  const flush = (): void => {
    timer = null
    const entries = [...waiting.values(), ...kernel.take(now())]
    waiting = new Map()
    if (entries.length > 0) send(entries)
    const rest = kernel.restMs(now())
    if (rest !== null) soon(Math.max(rest, gatherMs))
  }
  const soon = (delayMs: number): void => {
    if (closed) return
    timer ??= setTimeout(flush, delayMs).unref()
  }
  /** At once also where the kernel's next sum is seconds away. */
  const sooner = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    soon(gatherMs)
  }
  const add = (entry: Happening): void => {
    const key = JSON.stringify([entry.kind, entry.netns, entry.text, entry.outcome?.says])
    const before = waiting.get(key)
    if (before === undefined && waiting.size === 0) sooner()
    waiting.set(
      key,
      before === undefined ? entry : { ...entry, since: before.since, times: before.times + 1 },
    )
  }

  return {
    ran: (report) => add(commandHappening(report, netnsAt, now())),
    told: (event) => add(engineHappening(event, now())),
    noted: (netns, lines) => {
      for (const text of lines) add(fromKernel(netns, text, now()))
    },
    heard: (events) => {
      for (const event of events) {
        if (event.type === 'tables' && event.heard !== undefined) kernel.add(event.id, event.heard, now())
        if (event.type === 'lost') add(lost(event.what, now()))
      }
      const rest = kernel.restMs(now())
      if (rest !== null) soon(Math.max(rest, gatherMs))
    },
    close: () => {
      closed = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}

function lost(what: 'tables' | 'neighbours', at: number): Happening {
  const which = what === 'tables' ? 'links, addresses and routes' : 'neighbours'
  return fromKernel(
    null,
    `events about ${which} came faster than they could be read: everything is read again`,
    at,
  )
}

function fromKernel(netns: NetnsId | null, text: string, at: number): Happening {
  return { at, since: at, times: 1, kind: 'kernel', netns, container: null, text, outcome: null }
}
