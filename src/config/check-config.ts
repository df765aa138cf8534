/** What is wrong with a config, as a sentence that names the file and the place in it. */
import type { z } from 'zod'
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import { nearest } from '../lib/nearest.ts'
import { sanitise } from '../lib/sanitise.ts'
import { configSchema, type Config } from './config-schema.ts'

export function checkConfig(value: unknown, file: string): Outcome<Config> {
  const parsed = configSchema.safeParse(value)
  if (parsed.success) return succeeded(parsed.data)
  const [issue] = parsed.error.issues
  return failed(
    issue === undefined ? wrongConfig(file, 'the config', 'cannot be understood') : failureOf(issue, file),
  )
}

/** Of the screen: which actions there are, and what it finds wrong with keys. */
type KeyFacts = {
  readonly actions: readonly string[]
  readonly trouble: () => { readonly place: string; readonly problem: string } | null
}

/** Actions come and go with the screen, which is not loaded for commands: it has them checked when it opens. */
export function checkKeys(keys: Config['keys'], facts: KeyFacts, file: string): Failure | null {
  const { actions } = facts
  const stray = Object.keys(keys ?? {}).find((name) => !actions.includes(name))
  if (stray !== undefined)
    return wrongConfig(file, `keys.${sanitise(stray)}`, 'is no action', nearest(stray, actions))
  const trouble = facts.trouble()
  return trouble === null ? null : wrongConfig(file, trouble.place, trouble.problem)
}

/** `place`: a member, or line and column. `meant`: what was probably meant. */
export function wrongConfig(
  file: string,
  place: string,
  problem: string,
  meant: string | null = null,
): Failure {
  const hint = meant === null ? '' : `did you mean ${meant}? `
  return {
    kind: 'usage',
    what: `${sanitise(file)}: ${place} ${problem}`,
    subject: file,
    hint: `${hint}--no-config starts without it`,
  }
}

const members: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(configSchema.shape),
  sockets: ['docker', 'podman'],
}

function failureOf(issue: z.core.$ZodIssue, file: string): Failure {
  const place = issue.path.map((part) => sanitise(String(part))).join('.')
  if (issue.code === 'unrecognized_keys') {
    const stray = issue.keys[0] ?? ''
    const known = members[place] ?? []
    const where = place === '' ? sanitise(stray) : `${place}.${sanitise(stray)}`
    return wrongConfig(
      file,
      where,
      `is nothing that can be set; there are ${known.join(', ')}`,
      nearest(stray, known),
    )
  }
  return wrongConfig(file, place === '' ? 'the config' : place, problemOf(issue, place))
}

function problemOf(issue: z.core.$ZodIssue, place: string): string {
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_format') {
    if (place.startsWith('sockets')) return 'must be an absolute path'
    if (place === 'leaveKey')
      return 'cannot leave a shell: one of C-], C-^, C-_ can, or C- and a letter that is not c, h, i, j, m or z'
    return 'is no key: a character, or a name such as enter, pageup, f5, with C- for Ctrl or M- for Alt before it'
  }
  if (issue.code === 'too_big') return `is too long: at most ${issue.maximum}`
  if (issue.code === 'too_small') return 'is empty'
  return 'cannot be understood'
}

const kinds: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  string: 'text',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}
