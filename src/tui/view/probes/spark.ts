/** ` ▁▂▁▃×▁▁  0.06–0.31 ms`: the latest answers' times in one line, as many as there is room for. */
import type { Span } from '../../frame.ts'
import { msText } from '../../../lib/ms-text.ts'
import { span, widthOf } from '../text.ts'

const unicode = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const ascii = ['_', '.', ':', '-', '=', '+', '*', '#'] as const

/** A sample that was lost is a mark of its own, not a low one. */
export function sparkSpans(
  samples: readonly (number | null)[],
  columns: number,
  useAscii: boolean | undefined,
): readonly Span[] {
  const told = scaleOf(samples)
  const room = Math.max(0, columns - widthOf(told))
  const shown = room === 0 ? [] : samples.slice(-room)
  const times = shown.filter((sample) => sample !== null)
  const [least, most] = [Math.min(...times), Math.max(...times)]
  const steps = useAscii === true ? ascii : unicode
  const spans = shown.map((sample) => {
    if (sample === null) return span(useAscii === true ? 'x' : '×', 'link.down')
    const share = most === least ? 0 : (sample - least) / (most - least)
    return span(steps[Math.min(steps.length - 1, Math.floor(share * steps.length))] ?? steps[0], 'chart.rx')
  })
  return [...spans, ...told]
}

/** Between the smallest and the largest of those that are kept. */
function scaleOf(samples: readonly (number | null)[]): readonly Span[] {
  const times = samples.filter((sample) => sample !== null)
  if (times.length === 0) return []
  return [span(`  ${msText(Math.min(...times))} to ${msText(Math.max(...times))}`, 'dim')]
}
