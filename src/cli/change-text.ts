/** A change for people: what would be done, what was done, and how it is taken back. */
import { sanitise } from '../lib/sanitise.ts'
import type { ChangeResult, ChangeStep, CleanupResult, JournalChange } from '../model/change-result.ts'
import { clean, counted } from './clean.ts'
import type { Style } from './style.ts'
import { selfAt } from './self-at.ts'
import { wrap } from './wrap.ts'

/** Each step with its command, and what takes it back. */
export function previewText({ title, steps, notes }: ChangeResult, style: Style): readonly string[] {
  return [
    style.paint('bold', clean(title)),
    ...steps.flatMap((step) => stepLines(step, style)),
    ...notesText(notes, style),
  ]
}

function stepLines({ title, command, undo }: ChangeStep, style: Style): readonly string[] {
  const back = isIrreversible(undo)
    ? [style.paint('yellow', `    ! cannot be taken back: ${clean(undo.irreversible)}`)]
    : undo.flatMap((line) => commandLines('-', line, style, 'red'))
  return [`  ${clean(title)}`, ...commandLines('+', command, style, 'green'), ...back]
}

function isIrreversible(undo: ChangeStep['undo']): undo is { readonly irreversible: string } {
  return 'irreversible' in undo
}

/** A here-document has several lines. */
function commandLines(
  sign: string,
  command: string,
  style: Style,
  colour: 'green' | 'red',
): readonly string[] {
  return command
    .split('\n')
    .map((line, at) => `    ${at === 0 ? style.paint(colour, sign) : ' '} ${sanitise(line)}`)
}

/** `done` with how to take it back; or what went wrong, what was taken back, and what is left. */
export function changeText(result: ChangeResult, style: Style, host?: string): readonly string[] {
  const { id, title, applied, notes } = result
  if (id === null) {
    return [`${clean(title)}: ${applied ? 'nothing had to be done' : 'not done'}`, ...notesText(notes, style)]
  }
  return applied ? doneText({ ...result, id }, style, host) : failedText(result, style)
}

function doneText(
  {
    id,
    host,
    title,
    verified,
    undoes,
    steps,
    differences,
    left,
    notes,
    confirmBefore,
  }: ChangeResult & { id: number },
  style: Style,
  taken: string | undefined,
): readonly string[] {
  const self = selfAt(host ?? taken)
  const back = undoes === undefined ? `; undo: ${self} undo ${id}` : ''
  const until =
    confirmBefore === undefined
      ? []
      : [
          style.paint(
            'yellow',
            `taken back at ${clean(confirmBefore)} unless you keep it: ${self} confirm ${id}`,
          ),
        ]
  return [
    `${style.paint(verified ? 'green' : 'yellow', verified ? 'done' : 'done, but not as it should be')}: ${clean(title)}`,
    ...steps.flatMap((step) => (step.says === undefined ? [] : [`  ${titleText(step)}`])),
    ...sentences(differences, '!', style),
    ...sentences(left, 'left', style),
    ...notesText(notes, style),
    ...until,
    style.paint(
      'dim',
      `change ${id}${host === undefined ? '' : ` of ${clean(host)}`}, ${counted(steps.length, 'step')}${back}`,
    ),
  ]
}

function failedText({ title, error, steps, left, notes }: ChangeResult, style: Style): readonly string[] {
  const end =
    left.length === 0
      ? 'what was done is taken back'
      : 'what was done is taken back, except what stands below'
  return [
    `${style.paint('red', 'failed')}: ${clean(title)}: ${end}`,
    ...(error === undefined
      ? []
      : [
          ...sentences([error.what], '!', style),
          `  ${sanitise(error.command.split('\n')[0] ?? '')}`,
          ...(error.exitCode === null ? [] : [`  exit code ${error.exitCode}`]),
          ...error.stderr
            .split('\n')
            .filter((line) => line.trim() !== '')
            .map((line) => `  ${sanitise(line)}`),
        ]),
    ...failedSteps(steps, style),
    ...sentences(left, 'left', style),
    ...notesText(notes, style),
  ]
}

const colours = { done: 'green', failed: 'red', undone: 'dim', left: 'red', 'not run': 'dim' } as const

function failedSteps(steps: readonly ChangeStep[], style: Style): readonly string[] {
  return steps.map(
    (step) => `  ${style.paint(colours[step.outcome], step.outcome.padEnd(7))}  ${titleText(step)}`,
  )
}

/** With what an engine answered. */
function titleText({ title, says }: ChangeStep): string {
  return says === undefined ? clean(title) : `${clean(title)}: ${clean(says)}`
}

function notesText(notes: readonly string[], style: Style): readonly string[] {
  return sentences(notes, 'note', style)
}

function sentences(texts: readonly string[], sign: string, style: Style): readonly string[] {
  return texts.flatMap((text) =>
    wrap(`${sign === '!' ? '!' : `${sign}:`} ${clean(text)}`).map((line, at) =>
      at === 0 ? `  ${style.paint('yellow', line)}` : `    ${line}`,
    ),
  )
}

export function cleanupText({ cleaned }: CleanupResult, style: Style): readonly string[] {
  if (cleaned.length === 0) return ['nothing to clean up']
  return cleaned.flatMap((each) => {
    const { title, applied, left, notes, error } = each
    if (!applied) return failedText(each, style)
    return [
      `${style.paint('green', 'taken back')}: ${clean(title)}`,
      ...(error === undefined ? [] : sentences([error.what], '!', style)),
      ...sentences(left, 'left', style),
      ...notesText(notes, style),
    ]
  })
}

/** What cleanup would take back. */
export function unfinishedText(changes: readonly JournalChange[], style: Style): readonly string[] {
  return changes.flatMap(({ id, at, title, steps }) => [
    `${style.paint('bold', `change ${id}: ${clean(title)}`)}, begun ${clean(at)} and not ended`,
    ...steps.filter(({ outcome }) => outcome !== 'not run').flatMap((step) => stepLines(step, style)),
  ])
}
