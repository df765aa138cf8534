import type { Role, Span } from '../../frame.ts'
import { span } from '../text.ts'

/** One thing that is known of the selected thing. */
export type Fact = {
  readonly label: string
  readonly spans: readonly Span[]
  /** Stands on a line of its own also where there is room beside it. */
  readonly alone?: boolean
}

export function fact(label: string, text: string, role: Role = 'text'): Fact {
  return { label, spans: [span(text, role)] }
}
