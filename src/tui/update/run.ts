/** Running a line of `:` as vethscope itself, beside the screen, and what comes back. */
import { sanitise } from '../../lib/sanitise.ts'
import { wordsOf } from '../../lib/words.ts'
import { commandOf } from '../select/completions.ts'
import type { State } from '../state.ts'
import { noted } from './log-entries.ts'
import { saying, type Step } from './step.ts'

/** More lines than anybody scrolls through. */
const mostLines = 20_000

/** These take the terminal, or are for a shell. */
const elsewhere = ['demo', 'completion', 'man', 'exec', 'shell']

export function ran(state: State, line: string): Step {
  const words = wordsOf(line)
  if (words === null) return [saying(state, 'refused', 'a quote is left open')]
  const [verb = ''] = words
  if (commandOf(state.options.commands ?? [], words) === null)
    return [saying(state, 'refused', `nothing here is called ${verb}; Tab shows what there is`)]
  if (elsewhere.includes(verb)) return [saying(state, 'refused', `${verb} works on a command line only`)]
  const id = state.asked.runs + 1
  const before =
    state.run !== null && state.run.ended === null ? [{ type: 'end-run', id: state.run.id } as const] : []
  return [
    {
      ...state,
      mode: { type: 'output', scroll: 0 },
      asked: { ...state.asked, runs: id },
      run: { id, line, began: state.now, ended: null },
    },
    ...before,
    { type: 'run', id, argv: words },
  ]
}

export function runEnded(
  state: State,
  ended: {
    readonly id: number
    readonly exitCode: number | null
    readonly problem: string | null
    readonly output: string
  },
): State {
  const { run } = state
  if (run === null || run.id !== ended.id) return state
  const lines = ended.output.replace(/\n$/, '').split('\n').slice(0, mostLines).map(sanitise)
  const { exitCode, problem } = ended
  const done = { exitCode, problem, lines, tookMs: Math.max(0, state.now - run.began) }
  const said = {
    ok: exitCode === 0,
    says: problem ?? `exit ${exitCode ?? '?'}`,
    ms: done.tookMs,
    stderr: null,
  }
  return noted({ ...state, run: { ...run, ended: done } }, `vethscope ${run.line}`, said, 'command')
}

/** Esc on what still runs ends it. */
export function outputClosed(state: State): Step {
  const { run } = state
  const closed: State = { ...state, mode: { type: 'browse' } }
  return run !== null && run.ended === null
    ? [
        { ...closed, run: null },
        { type: 'end-run', id: run.id },
      ]
    : [closed]
}
