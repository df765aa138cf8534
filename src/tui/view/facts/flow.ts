/** Facts as lines: side by side where there is room, one below the other in a narrow pane. */
import type { Line, Span } from '../../frame.ts'
import { gap, lineOf, span, widthOf, wrapped } from '../text.ts'
import type { Fact } from './fact.ts'

const between = 3

export function flowed(facts: readonly Fact[], columns: number, isList: boolean): readonly Line[] {
  return isList ? below(facts, columns) : beside(facts, columns)
}

/** ` peer eth0(3) in nginx1   port of docker0, forwarding   mtu 1500=1500` */
function beside(facts: readonly Fact[], columns: number): readonly Line[] {
  const lines: Line[] = []
  let open: Span[] = []
  const close = (): void => {
    if (open.length > 0) lines.push(lineOf(open, columns))
    open = []
  }
  for (const { label, spans, alone } of facts) {
    const text = [span(`${label} `, 'dim'), ...spans]
    if (alone === true || widthOf(text) > columns - 1) {
      close()
      lines.push(...hanging(text, columns, 1, label.length + 2))
      continue
    }
    if (open.length > 0 && widthOf(open) + between + widthOf(text) > columns) close()
    open.push(gap(open.length === 0 ? 1 : between), ...text)
  }
  close()
  return lines
}

const labelWidth = 10

function below(facts: readonly Fact[], columns: number): readonly Line[] {
  return facts.flatMap(({ label, spans }) => {
    const name = label.length < labelWidth ? label.padEnd(labelWidth) : `${label} `
    return hanging([span(name, 'dim'), ...spans], columns, 1, labelWidth + 1)
  })
}

/** Wrapped, with what follows the first line indented. */
function hanging(spans: readonly Span[], columns: number, first: number, rest: number): readonly Line[] {
  const room = Math.max(8, columns - rest)
  const [label, ...value] = spans
  if (label === undefined) return []
  return wrapped(value, room).map((line, at) =>
    lineOf(at === 0 ? [gap(first), label, ...line] : [gap(rest), ...line], columns),
  )
}
