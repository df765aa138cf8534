/** A plan as a shell script that runs as it stands, as the JSON that --dry-run prints, and a command as a shell takes it. */
import { quoted } from '../lib/quoted.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { ChangeResult, ChangeStep, StepOutcome } from '../model/change-result.ts'
import type { Command, Plan, Step } from '../model/plan.ts'

/** POSIX sh: stops at the first command that fails. Behind each step stands in comments what takes it back. */
export function planScript(plan: Plan): string {
  const blocks = [
    ['#!/bin/sh', comment(plan.title), ...plan.notes.map(comment), 'set -eu', ...records(plan)],
    ...checkedEntries(plan).map((line) => [line]),
    ...plan.steps.map((step, at) => [
      comment(`${at + 1}. ${step.title}`),
      scriptLine(step.command),
      ...back(step),
    ]),
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** The plan as it would be done. */
export function previewOf(plan: Plan): ChangeResult {
  return {
    id: null,
    title: plan.title,
    applied: false,
    verified: false,
    steps: plan.steps.map((step) => changeStep(step, 'not run')),
    left: [],
    differences: [],
    notes: plan.notes,
    ...(plan.undoes === undefined ? {} : { undoes: plan.undoes }),
  }
}

/** `says`: what an engine answered. */
export function changeStep(step: Step, outcome: StepOutcome, says?: string): ChangeStep {
  const undo = 'irreversible' in step.undo ? step.undo : step.undo.map(shellText)
  const told = says === undefined ? {} : { says }
  return { title: step.title, command: shellText(step.command), undo, outcome, ...told }
}

/** One line, or with a here-document several. */
export function shellText({ argv, input }: Command): string {
  return withInput(argv.map(word).join(' '), input)
}

/** As in a script: what tee copies is not shown, and codes that count as done end nothing. */
function scriptLine({ argv, input, also = [] }: Command): string {
  const line = argv.map(word).join(' ')
  const quiet = argv.includes('tee') ? `${line} > /dev/null` : line
  if (also.length === 0) return withInput(quiet, input)
  // $? is the command's until the first test, so it is kept.
  const codes = also.map((code) => `[ "$code" -eq ${code} ]`).join(' || ')
  return withInput(quiet, input, ` || { code=$?; ${codes}; }`)
}

function withInput(line: string, input: string | undefined, after = ''): string {
  if (input === undefined) return `${line}${after}`
  if (input === '') return `${line} < /dev/null${after}`
  // A here-document always ends with a line end, and shows what is in it to a terminal as it is.
  if (!input.endsWith('\n') || !isPlain(input.replaceAll('\n', ''))) {
    return `printf '${octal(input)}' | ${line}${after}`
  }
  const end = delimiterFor(input)
  return `${line} <<'${end}'${after}\n${input}${end}`
}

function delimiterFor(input: string): string {
  const lines = new Set(input.split('\n'))
  let end = 'EOF'
  for (let number = 2; lines.has(end); number += 1) end = `EOF${number}`
  return end
}

const isPlain = (text: string): boolean => sanitise(text) === text

/** What a terminal would obey is spelled out. A command substitution takes line ends at the end away: they stand behind it. */
function word(text: string): string {
  if (isPlain(text)) return quoted(text)
  const body = text.replace(/\n+$/, '')
  const ends = text.slice(body.length)
  return `${body === '' ? '' : `"$(printf '${octal(body)}')"`}${ends === '' ? '' : quoted(ends)}`
}

/** The format of a printf that prints the text: ASCII stays, all else by its bytes. */
function octal(text: string): string {
  return [...Buffer.from(text)]
    .map((byte, at) => {
      if (byte === 0x25) return '%%'
      // Neither the quote nor the backslash, and no dash that would make it an option.
      const isSafe =
        byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c && (at > 0 || byte !== 0x2d)
      return isSafe ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`
    })
    .join('')
}

/** One line that cannot end early, whatever is in it. */
function comment(text: string): string {
  return `# ${sanitise(text)}`
}

function back({ undo }: Step): readonly string[] {
  if ('irreversible' in undo) return [comment(`this cannot be taken back: ${undo.irreversible}`)]
  return undo.flatMap((command, at) =>
    shellText(command)
      .split('\n')
      .map((line, part) => comment(at === 0 && part === 0 ? `back: ${line}` : `      ${line}`)),
  )
}

/** The folders of the records, where one is written. With -p the mode is that of each named folder which is not there yet. */
function records({ steps }: Plan): readonly string[] {
  const written = steps.flatMap(({ after }) =>
    after.flatMap((fact) => (fact.kind === 'file' && fact.text !== null ? [fact.path] : [])),
  )
  const folders = written.flatMap((path) => /^((.+)\/\d+)\/lab(?=\/[^/]+\.json$)/.exec(path) ?? [])
  const fromOutside = [...new Set(folders)].toSorted()
  return fromOutside.length === 0 ? [] : [`mkdir -p -m 700 ${fromOutside.map(word).join(' ')}`]
}

/** A process may end, and its number be another's, between the making of the script and its run. */
function checkedEntries({ steps }: Plan): readonly string[] {
  const entered = new Map(
    steps.flatMap(({ command }) => command.enters ?? []).map(({ path, id }) => [path, id]),
  )
  return [...entered].map(([path, id]) => {
    const wrong = quoted(sanitise(`${path} is not netns ${id} any more`))
    return `[ "$(stat -L -c %i ${word(path)})" = ${quoted(id)} ] || { echo ${wrong} >&2; exit 1; }`
  })
}
