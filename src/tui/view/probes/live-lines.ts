/** What grows while a probe runs, beside its lines: answers' times, packets by link, how far it is. */
import type { Line } from '../../frame.ts'
import type { ProbeRun } from '../../probes/probes-state.ts'
import { gap, lineOf, span } from '../text.ts'
import { para } from './para.ts'
import { sparkSpans } from './spark.ts'

export function liveLines(run: ProbeRun, columns: number, useAscii: boolean | undefined): readonly Line[] {
  const { samples, captured, progress, outcome } = run
  const spark =
    samples.length === 0 ? [] : [lineOf([gap(1), ...sparkSpans(samples, columns - 2, useAscii)], columns)]
  if (outcome !== null) return spark
  const counts = [...captured.links].flatMap(([link, packets], at) => [
    gap(at === 0 ? 0 : 3),
    span(`${link} `, 'link'),
    span(String(packets), 'counter'),
  ])
  return [
    ...spark,
    ...(counts.length === 0 ? [] : para(counts, columns)),
    ...(progress === null || progress.total === 0 || samples.length > 0
      ? []
      : [progressLine(progress, columns, useAscii)]),
  ]
}

const longestBar = 50

function progressLine(
  { done, total }: { readonly done: number; readonly total: number },
  columns: number,
  useAscii: boolean | undefined,
): Line {
  const told = ` ${done} of ${total}`
  const room = Math.max(0, Math.min(longestBar, columns - told.length - 2))
  const full = Math.round(Math.min(1, done / total) * room)
  const [on, off] = useAscii === true ? ['#', '.'] : ['█', '░']
  return lineOf(
    [gap(1), span(on.repeat(full), 'chart.rx'), span(off.repeat(room - full), 'dim'), span(told)],
    columns,
  )
}
