/** A change while it is made, and what came of it: the lines of its plan, ticked. */
import type { ChangeShown } from '../../changing/change-modes.ts'
import { confirmsIn, type ChangeRun } from '../../changing/change-state.ts'
import type { Line, Region, Size } from '../../frame.ts'
import type { State } from '../../state.ts'
import { glyphs } from '../glyphs.ts'
import { rule } from '../rule.ts'
import { lineOf, span } from '../text.ts'
import { failureLines, stepsIn } from './answer-lines.ts'
import { sentenceLines, type PlanLength } from './plan-lines.ts'

const top = 2

export function changeRunRegion(state: State, size: Size, mode: ChangeShown): Region {
  const { columns } = size
  const room = size.rows - top - 2
  const run = state.changes.runs.find(({ id }) => id === mode.run)
  const lines = run === undefined ? [] : changeRunLines(state, run, mode, columns, room)
  const at = Math.max(0, Math.min(mode.scroll, lines.length - room))
  const more = lines.length > room ? `${at + 1}-${at + room} of ${lines.length}` : ''
  const title = rule(
    [span(run?.title ?? 'this change is not known any more', 'heading')],
    columns,
    glyphs(state.options.ascii),
    { focus: true, right: more },
  )
  return {
    id: 'change-run',
    top,
    left: 0,
    width: columns,
    height: room + 1,
    lines: [lineOf(title, columns), ...lines.slice(at, at + room)],
  }
}

/** How many lines there are, and how many are seen. */
export function changeRunLength(state: State, size: Size, mode: ChangeShown): PlanLength {
  const height = Math.max(1, size.rows - top - 2)
  const run = state.changes.runs.find(({ id }) => id === mode.run)
  const lines = run === undefined ? [] : changeRunLines(state, run, mode, size.columns, height)
  return { length: lines.length, height }
}

function changeRunLines(
  state: State,
  run: ChangeRun,
  { isFull }: ChangeShown,
  columns: number,
  height: number,
): readonly Line[] {
  const outcome = outcomeLines(run, state.now, columns)
  const look = { columns, isFull, ascii: state.options.ascii === true, current: run.current, isMade: true }
  return [...outcome, ...stepsIn(run.steps, look, height - outcome.length)]
}

/** What came of it stands first: it is what one looks for. */
function outcomeLines(run: ChangeRun, now: number, columns: number): readonly Line[] {
  const { ended, waits, steps } = run
  const say = (
    role: 'text' | 'dim' | 'error' | 'link.up' | 'changed',
    ...texts: readonly string[]
  ): readonly Line[] => sentenceLines(role === 'error' ? '!' : ' ', role, texts, columns)
  if (ended === null) {
    const done = steps.filter(({ outcome }) => outcome === 'done').length
    const seconds = Math.max(0, Math.floor((now - run.began) / 1000))
    return say('text', waits ?? `${done} of ${steps.length} done, ${seconds} s`)
  }
  if (!ended.answer.ok) return failureLines(ended.answer.failure, columns)
  const { id, host, applied, verified, error, left, differences, notes, undoes } = ended.answer.result
  const wholly = [
    ...(error === undefined
      ? []
      : say(
          'error',
          `${error.what}: ${error.command}`,
          ...error.stderr
            .trim()
            .split('\n')
            .filter((each) => each !== ''),
        )),
    ...(applied
      ? []
      : say(left.length === 0 ? 'changed' : 'error', notDone(left.length === 0, error === undefined))),
    ...(applied && id === null ? say('text', 'nothing had to be done') : []),
    ...(applied && id !== null
      ? say(
          verified ? 'link.up' : 'changed',
          `${undoes === undefined ? 'done' : `change ${undoes} is taken back`}${verified ? ', and seen to be so' : ''}${host === undefined ? `; change ${id}` : ''}`,
        )
      : []),
    ...say('error', ...left.map((each) => `left: ${each}`)),
    ...say('changed', ...differences),
    ...sentenceLines('i', 'text', notes, columns),
  ]
  return [...countdown(run, now, columns), ...wholly]
}

function notDone(isClean: boolean, isQuiet: boolean): string {
  if (!isClean) return 'not done, and not all could be taken back'
  return isQuiet ? 'not done' : 'not done: what was begun is taken back'
}

function countdown(run: ChangeRun, now: number, columns: number): readonly Line[] {
  const left = confirmsIn(run, now)
  if (run.confirm === 'confirmed') return sentenceLines(' ', 'link.up', ['it is kept'], columns)
  const why =
    run.confirm === null || typeof run.confirm === 'string' ? [] : failureLines(run.confirm, columns)
  if (left === null) return why
  if (left === 0)
    return [
      ...why,
      ...sentenceLines('!', 'changed', ['it was not confirmed in time: it is taken back'], columns),
    ]
  const seconds = Math.ceil(left / 1000)
  return [
    ...why,
    ...sentenceLines(
      '!',
      'changed',
      [`taken back in ${seconds} s unless it is kept: Enter keeps it`],
      columns,
    ),
  ]
}
