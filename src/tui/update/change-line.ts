/** `:net create lab0 --subnet 10.9.0.0/24`: a change that is typed as a command opens its form, filled. */
import { quoted } from '../../lib/quoted.ts'
import { wordsOf } from '../../lib/words.ts'
import type { FormField } from '../changing/form.ts'
import { formCalled, formIds, type FormId } from '../changing/forms.ts'
import type { State } from '../state.ts'
import { canChange, changeFormOpened } from './change-form.ts'
import { saying, type Step } from './step.ts'

/** With one of these it is no wish to be asked about. */
const asItStands = ['--yes', '--dry-run', '--json', '--help', '--print']
/** What the host is changed by, beside what has a form. */
const others = ['confirm']

/** null: it is no change, or one that has options which only the command knows. */
export function changeLine(state: State, line: string): Step | null {
  const words = wordsOf(line) ?? []
  const id = formOf(words)
  if (id === null && !others.includes(words[0] ?? '')) return null
  const can = canChange(state)
  if (can !== true) {
    const isOnlyAsked = words.includes('--dry-run') || words.includes('--help')
    return isOnlyAsked ? null : [saying(state, 'refused', `${line}: ${can}`)]
  }
  if (id === null || words.some((word) => asItStands.includes(word))) return null
  const rest = words.slice(formCalled(id).verb.length)
  // Without a name it lists them.
  if (id === 'example' && rest.length === 0) return null
  const values = valuesOf(formCalled(id).fields, rest)
  return values === null ? null : [changeFormOpened(state, id, values)]
}

function formOf(words: readonly string[]): FormId | null {
  return formIds.find((id) => formCalled(id).verb.every((word, at) => words[at] === word)) ?? null
}

/** null: something of it has no field. */
function valuesOf(
  fields: readonly FormField[],
  words: readonly string[],
): Readonly<Record<string, string>> | null {
  const values: Record<string, string> = {}
  const places = fields.filter(({ where }) => where.as === 'word' || where.as === 'words')
  const left = words.flatMap((word) => /^(--[^=]+)=(.*)$/s.exec(word)?.slice(1) ?? [word])
  let place = 0
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const name = word
    const field = fields.find(({ where }) => 'name' in where && (where.name === name || where.short === name))
    if (field !== undefined || name.startsWith('--')) {
      if (name === '--confirm-within') values['confirm-within'] = left.shift() ?? ''
      else if (field === undefined) return null
      else if (field.where.as === 'switch') values[field.id] = 'yes'
      else if (field.where.as === 'false') values[field.id] = left.shift() === 'false' ? 'no' : 'yes'
      else values[field.id] = joined(values[field.id], left.shift() ?? '', field)
      continue
    }
    const at = places[place]
    if (at === undefined) return null
    values[at.id] = joined(values[at.id], word, at)
    if (at.where.as === 'word') place += 1
  }
  return values
}

function joined(before: string | undefined, word: string, { where }: FormField): string {
  if (where.as !== 'words' && where.as !== 'options') return word
  const one = /[\s'"\\]/.test(word) ? quoted(word) : word
  return before === undefined ? one : `${before} ${one}`
}
