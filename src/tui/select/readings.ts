/**
 * Which two readings a rate is told from. The worker reads once a second, and at once when something else comes into sight:
 * over a few milliseconds rates only flicker, so what comes soon after another reading is held against an older one, and each
 * namespace against its own: it may have come into sight with the last reading, or have been away for a while.
 */
import type { NetnsId } from '../../model/ids.ts'
import type { CounterTable } from '../feed.ts'

type Marks = {
  /** The reading that is held against the last one; null: there was only one. */
  readonly before: CounterTable | null
  /** The one that takes its place when it is old enough. */
  readonly mark: CounterTable
}

export type Readings = {
  readonly last: CounterTable
  /** Where the next sample of the history begins. */
  readonly mark: CounterTable
  readonly of: ReadonlyMap<NetnsId, Marks>
}

/** Nearer together than that, two readings tell no rate. */
export const pairMs = 500
/** What was out of sight for longer begins anew; the worker rests for half a minute at most (collect/serve-needs.ts). */
const keptMs = 35_000

/** `sample`: `last` is far enough from the mark of `known` for another sample of the history. */
export function withReading(
  known: Readings | null,
  last: CounterTable,
): { readonly readings: Readings; readonly isSample: boolean } {
  const only = { before: null, mark: last }
  // Of two at the same moment, or after the clock was set back, no rate can be told.
  if (known === null || last.at <= known.last.at)
    return {
      readings: { last, mark: last, of: new Map(last.netns.map((id) => [id, only])) },
      isSample: false,
    }
  const isSample = last.at - known.mark.at >= pairMs
  const of = new Map([...known.of].filter(([, { mark }]) => last.at - mark.at <= keptMs))
  for (const id of last.netns) {
    const marks = of.get(id)
    if (marks === undefined) of.set(id, only)
    else if (last.at - marks.mark.at >= pairMs) of.set(id, { before: marks.mark, mark: last })
  }
  return { readings: { last, mark: isSample ? last : known.mark, of }, isSample }
}
