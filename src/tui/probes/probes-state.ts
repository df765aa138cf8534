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
  readonly progress: { readonly done: number; readonly total: number } | null
  /** null: it runs. */
  readonly outcome: Outcome<ProbeResult> | null
  readonly isStopping: boolean
  /** Which probe it repeats; null: none. */
  readonly repeats: number | null
  /** Again so long after its end, until it is stopped; null: once. */
  readonly everyMs: number | null
}

export type ProbesState = {
  /** Latest first. */
  readonly runs: readonly ProbeRun[]
  /** The number of the last one. */
  readonly last: number
}

export const mostLines = 2000
export const mostSamples = 240
/** Of those that ended. */
export const mostRuns = 100

export const noProbes: ProbesState = { runs: [], last: 0 }
