/** The steps of a change: `+` what is run, `-` what takes it back, each with what came of it. */
import type { ChangeStep } from '../../../model/change-result.ts'
import type { Line, Role, Span } from '../../frame.ts'
import { requestText, type RequestText } from './request-text.ts'
import { gap, lineOf, span, wrapped } from '../text.ts'

export type PlanLook = {
  readonly columns: number
  /** Long lines are shown whole, below each other. */
  readonly isFull: boolean
  readonly ascii: boolean
  /** The step that runs now; null: none. */
  readonly current: number | null
  /** It is made, or was: each step has an outcome. */
  readonly isMade: boolean
  /** With the sentence that says what each step is for. */
  readonly titled: boolean
  /** Here-documents whole, however long they are. */
  readonly inputs: boolean
}

/** How many lines there are, and how many of them are seen. */
export type PlanLength = { readonly length: number; readonly height: number }

const indent = 5

export function stepLines(steps: readonly ChangeStep[], look: PlanLook): readonly Line[] {
  return steps.flatMap((step, at) => {
    const { command, undo, says } = step
    const mark = markOf(step, look, look.current === at)
    const back = 'irreversible' in undo ? [] : undo
    return [
      ...(look.titled ? [lineOf([gap(1), ...mark, span(` ${step.title}`, 'heading')], look.columns)] : []),
      ...commandLines(look.titled ? blank : mark, '+', command, 'link.up', look),
      ...(says === undefined ? [] : textLines([span(`= ${says}`, 'text')], look)),
      ...back.flatMap((each) => commandLines(blank, '-', each, 'dim', look)),
      ...('irreversible' in undo
        ? textLines([span(`! cannot be taken back: ${undo.irreversible}`, 'changed')], look)
        : []),
    ]
  })
}

const blank: readonly Span[] = [gap(1)]

function markOf({ outcome }: ChangeStep, { isMade, ascii }: PlanLook, runs: boolean): readonly Span[] {
  if (runs) return [span(ascii ? '>' : '▶', 'key')]
  if (!isMade) return blank
  switch (outcome) {
    case 'done':
      return [span(ascii ? 'v' : '✓', 'link.up')]
    case 'failed':
      return [span(ascii ? 'x' : '×', 'error')]
    case 'undone':
      return [span('<', 'changed')]
    case 'left':
      return [span('!', 'error')]
    case 'not run':
      return blank
    default:
      return outcome satisfies never
  }
}

/** A here-document of more lines is told by its length, where lines are not shown whole. */
const mostOfInput = 4

function commandLines(
  mark: readonly Span[],
  sign: '+' | '-',
  command: string,
  role: Role,
  look: PlanLook,
): readonly Line[] {
  const signRole: Role = sign === '+' ? 'link.up' : 'link.down'
  const [head = '', ...input] = command.split('\n')
  const request = look.isFull ? null : requestText(head, input)
  if (request !== null) return requestLines(mark, span(sign, signRole), request, look)
  // Its last line is the delimiter.
  const isLong = !look.isFull && !look.inputs && input.length - 1 > mostOfInput
  const lines = isLong ? [`${head}  (${input.length - 1} lines)`] : [head, ...input]
  return lines.flatMap((text, at) => {
    const first = at === 0 ? [gap(1), ...mark, gap(1), span(sign, signRole), gap(1)] : [gap(indent)]
    const own = span(text, sign === '+' ? 'text' : role)
    if (!look.isFull) return [lineOf([...first, own], look.columns)]
    return wrapped([own], look.columns - indent - 1).map((line, part) =>
      lineOf([...(part === 0 ? first : [gap(indent + 2)]), ...line], look.columns),
    )
  })
}

/** Of the body at most so many lines. */
const mostOfBody = 3

function requestLines(
  mark: readonly Span[],
  sign: Span,
  { head, body }: RequestText,
  { columns }: PlanLook,
): readonly Line[] {
  const all = body === null ? [] : wrapped([span(body, 'dim')], columns - indent - 3)
  const shown = all.slice(0, mostOfBody)
  return [
    lineOf([gap(1), ...mark, gap(1), sign, gap(1), span(head, sign.text === '+' ? 'text' : 'dim')], columns),
    ...shown.map((line, at) =>
      lineOf(
        [gap(indent + 2), ...line, ...(at === mostOfBody - 1 && all.length > mostOfBody ? [span('…')] : [])],
        columns,
      ),
    ),
  ]
}

function textLines(spans: readonly Span[], { columns }: PlanLook): readonly Line[] {
  return wrapped(spans, columns - indent).map((line) => lineOf([gap(indent - 1), ...line], columns))
}

/** Sentences, each with a mark in front. */
export function sentenceLines(
  mark: string,
  role: Role,
  sentences: readonly string[],
  columns: number,
): readonly Line[] {
  return sentences.flatMap((text) =>
    wrapped([span(text, role)], columns - 4).map((line, at) =>
      lineOf([gap(1), span(at === 0 ? mark : ' ', role), gap(1), ...line], columns),
    ),
  )
}
