/**
 * Two results side by side, what differs first:
 *
 *                     2 nginx1 14:03:22     4 nginx1 14:05:01
 * ! verdict           connected 0.4 ms      timeout
 *   target            redis123              redis123
 */
import type { ProbeResult } from '../../../model/probe-result.ts'
import type { Line, Role } from '../../frame.ts'
import { comparedWith } from '../../probes/compared-with.ts'
import { selectedRun } from '../../probes/probe-selected.ts'
import type { ProbeRun } from '../../probes/probes-state.ts'
import { statusOf } from '../../probes/probe-status.ts'
import { clockTime } from '../../select/clock.ts'
import type { State } from '../../state.ts'
import { gap, lineOf, padded, span } from '../text.ts'

type Pair = { readonly what: string; readonly was: string; readonly is: string }

/** More than can be told apart by looking. */
const mostPairs = 400
const longestName = 24

export function compareLines(state: State, columns: number): readonly Line[] {
  const run = selectedRun(state)
  const other = run === null ? null : comparedWith(state, run)
  if (run === null || other === null)
    return [lineOf([span('there is nothing to compare it with any more')], columns)]
  const pairs = pairsOf(other, run)
  const differ = pairs.filter(({ was, is }) => was !== is)
  const same = pairs.filter(({ was, is }) => was === is)
  const name = Math.min(longestName, Math.max(...pairs.map(({ what }) => what.length)))
  const wide = Math.max(8, Math.floor((columns - name - 6) / 2))
  const row = (mark: string, { what, was, is }: Pair, role: Role): Line =>
    lineOf(
      [
        span(`${mark} `, 'finding.risk'),
        ...padded([span(what, 'dim')], name),
        gap(2),
        ...padded([span(was, role)], wide),
        gap(2),
        span(is, role),
      ],
      columns,
    )
  const head = { what: '', was: headOf(other), is: headOf(run) }
  return [
    row(' ', head, 'heading'),
    ...differ.slice(0, mostPairs).map((pair) => row('!', pair, 'text')),
    ...(differ.length === 0 ? [lineOf([span('  nothing differs', 'link.up')], columns)] : []),
    ...same.slice(0, mostPairs).map((pair) => row(' ', pair, 'dim')),
  ]
}

function headOf({ number, from, startedAt }: ProbeRun): string {
  return `${number} ${from.name} ${clockTime(startedAt)}`
}

function pairsOf(other: ProbeRun, run: ProbeRun): readonly Pair[] {
  const [was, is] = [factsOf(other), factsOf(run)]
  return [...new Set([...was.keys(), ...is.keys()])].map((what) => ({
    what,
    was: was.get(what) ?? '-',
    is: is.get(what) ?? '-',
  }))
}

function factsOf(run: ProbeRun): ReadonlyMap<string, string> {
  const { outcome } = run
  const facts = new Map([
    ['verdict', statusOf(run).says],
    ['from', run.from.name],
    ['asked', run.what],
  ])
  if (outcome !== null && outcome.ok)
    for (const [name, text] of leavesOf(outcome.value)) facts.set(name, text)
  return facts
}

/** Of matrices each cell would be a row of its own. */
const left = new Set(['kind', 'netns', 'cells', 'flows'])

/** Inside of what a result lists: what says no more than what stands beside it. */
const leftInside = new Set(['id', 'command'])

/** What a result holds, by the names of the JSON that commands print. */
function leavesOf(result: ProbeResult): readonly (readonly [string, string])[] {
  return Object.entries(result).flatMap(([name, value]) => (left.has(name) ? [] : leaves(name, value)))
}

function leaves(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return [[name, '-']]
  if (Array.isArray(value)) return value.flatMap((each, at) => leaves(`${name} ${at + 1}`, each))
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, each]) =>
      leftInside.has(key) ? [] : leaves(`${name} ${key}`, each),
    )
  if (typeof value === 'number') return [[name, Number.isInteger(value) ? String(value) : value.toFixed(2)]]
  return [[name, typeof value === 'string' ? value : JSON.stringify(value)]]
}
