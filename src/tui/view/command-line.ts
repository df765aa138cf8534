/**
 * ── commands ────────────────────────────────────────────────── 1-8 of 21 ─
 * >route     the route the kernel would take, in words
 *  :rou_                                     Tab complete  ↑↓ history  Enter run
 */
import { actions, type ActionName } from '../actions.ts'
import type { Line, Region, Size } from '../frame.ts'
import { actionWords, commandOf, completionsOf, wordAt, type Completion } from '../select/completions.ts'
import type { State } from '../state.ts'
import { glyphs } from './glyphs.ts'
import { rule } from './rule.ts'
import { gap, lineOf, padded, span } from './text.ts'

const most = 10

/** Grows with what fits, just above the line that is typed into. */
export function completionRegion(state: State, size: Size): Region {
  const all = completionsOf(state)
  const cursor = state.mode.type === 'command' ? state.mode.cursor : null
  const room = Math.max(1, Math.min(most, Math.floor(size.rows / 2), all.length))
  const from = Math.max(0, (cursor ?? 0) - room + 1)
  const usage = usageOf(state)
  const right = all.length > room ? `${from + 1}-${Math.min(all.length, from + room)} of ${all.length}` : ''
  const heading = rule([span(usage ?? 'commands', 'heading')], size.columns, glyphs(state.options.ascii), {
    focus: true,
    right,
  })
  const names = Math.min(24, Math.max(8, ...all.map(({ text }) => text.length)))
  const lines =
    all.length === 0
      ? [lineOf([span(usage === null ? ' no command begins so' : ' Enter runs it', 'dim')], size.columns)]
      : all
          .slice(from, from + room)
          .map((each, at) => completionLine(each, from + at === cursor, names, size.columns))
  const height = lines.length + 1
  return {
    id: 'completions',
    top: size.rows - 1 - height,
    left: 0,
    width: size.columns,
    height,
    lines: [lineOf(heading, size.columns), ...lines],
  }
}

function completionLine(
  { text, summary }: Completion,
  chosen: boolean,
  names: number,
  columns: number,
): Line {
  const action = actionWords.get(text)
  const said = summary === '' && action !== undefined ? titleOf(action) : summary
  return lineOf(
    [span(chosen ? '>' : ' ', 'key'), ...padded([span(text, 'link')], names), gap(2), span(said, 'dim')],
    columns,
    chosen,
  )
}

function titleOf(name: ActionName): string {
  return actions[name].title
}

/** Of the command whose words are being typed; null: that is still open. */
function usageOf({ mode, options }: State): string | null {
  if (mode.type !== 'command') return null
  return commandOf(options.commands ?? [], wordAt(mode.input).before)?.usage ?? null
}
