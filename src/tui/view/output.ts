/** What a line of `:` printed, or that it still runs. */
import type { Line } from '../frame.ts'
import { memoRecent } from '../select/memo-recent.ts'
import type { Run, State } from '../state.ts'
import { lineOf, span, wrapped } from './text.ts'

export function outputLines({ run, now }: State, columns: number): readonly Line[] {
  if (run === null) return []
  if (run.ended === null)
    return [
      lineOf(
        [span(`running for ${Math.max(0, Math.floor((now - run.began) / 1000))} s; Esc ends it`, 'dim')],
        columns,
      ),
    ]
  return linesOf(run, columns)
}

const linesOf = memoRecent((run: Run, columns: number): readonly Line[] => {
  const lines = (run.ended?.lines ?? []).flatMap((text) =>
    text === '' ? [lineOf([], columns)] : wrapped([span(text)], columns).map((line) => lineOf(line, columns)),
  )
  return lines.length === 0 || (run.ended?.lines.join('') ?? '') === ''
    ? [lineOf([span('it printed nothing', 'dim')], columns)]
    : lines
})

export function outputTitle({ run }: State): string {
  if (run === null) return ''
  const { ended, line } = run
  if (ended === null) return `: ${line}`
  const outcome = ended.problem ?? (ended.exitCode === 0 ? 'done' : `exit ${ended.exitCode}`)
  return `: ${line}  ${outcome} in ${(ended.tookMs / 1000).toFixed(1)} s`
}
