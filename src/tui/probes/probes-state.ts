/** The probes of this session, running and finished, as screen 6 knows them. */
import type { Outcome } from '../../lib/failure.ts'
import type { CapturedPacket } from '../../model/capture.ts'
import type { NetnsRef } from '../../model/ids.ts'
import type { ProbeRequest, Tone } from '../../model/probe.ts'
import type { ProbeResult } from '../../model/probe-result.ts'

export type ProbeLine = { readonly at: number; readonly text: string; readonly tone: Tone }

export type ProbeRun = {
  /** Grows by one a probe; the same in effects and messages. */
  readonly number: number
  readonly from: NetnsRef
  /** As the list has it: `ping 198.51.100.1`, `tcp redis123:6379`. */
  readonly what: string
  readonly request: ProbeRequest
  readonly startedAt: number
  readonly endedAt: number | null
  /** The latest, at most `mostLines`. */
  readonly lines: readonly ProbeLine[]
  /** Of a capture: the latest, at most `mostLines`. */
  readonly packets: readonly CapturedPacket[]
  /** The latest answers' times, for the sparkline; null: lost. */
  readonly samples: readonly (number | null)[]
  /** Of a ping: how many were sent and came back; of `samples` only the latest are kept. */
  readonly answers: { readonly sent: number; readonly received: number }
  /** Of a capture: how many packets came, and by the label of a link where. */
  readonly captured: { readonly total: number; readonly links: ReadonlyMap<string, number> }
  /** Lines or packets that came before those that are kept. */
  readonly dropped: number
  readonly progress: { readonly done: number; readonly total: number } | null
  /** null: it runs. */
  readonly outcome: Outcome<ProbeResult> | null
  /** What the run before came to, of one that repeats; null: there was none. */
  readonly previous: Outcome<ProbeResult> | null
  readonly isStopping: boolean
  /** Which probe it repeats; null: none. */
  readonly repeats: number | null
  /** Again so long after its end, until it is stopped; null: once. */
  readonly everyMs: number | null
  /** How many runs of it ended, and how many of them well: more than one where it is repeated by itself. */
  readonly tries: { readonly count: number; readonly good: number }
}

export type ProbesState = {
  /** Latest first. */
  readonly runs: readonly ProbeRun[]
  /** The number of the last one. */
  readonly last: number
  readonly output: {
    /** It has the screen for itself. */
    readonly isFull: boolean
    /**
     * The first line in sight, counted from the first that the selected probe ever told; what stands above its output has
     * negative numbers. null: the end of what runs, the beginning of what ended.
     */
    readonly at: number | null
  }
}

export const mostLines = 2000
export const mostSamples = 240
/** Of those that ended. */
export const mostRuns = 100

export const noProbes: ProbesState = { runs: [], last: 0, output: { isFull: false, at: null } }

export function newRun(number: number, request: ProbeRequest, what: string, startedAt: number): ProbeRun {
  return {
    number,
    from: request.place.netns,
    what,
    request,
    startedAt,
    endedAt: null,
    lines: [],
    packets: [],
    samples: [],
    answers: { sent: 0, received: 0 },
    captured: { total: 0, links: new Map() },
    dropped: 0,
    progress: null,
    outcome: null,
    previous: null,
    isStopping: false,
    repeats: null,
    everyMs: null,
    tries: { count: 0, good: 0 },
  }
}

/** It runs, or it will run again by itself. */
export function isUnderWay({ outcome, everyMs }: ProbeRun): boolean {
  return outcome === null || everyMs !== null
}
