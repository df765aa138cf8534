/** Commands about the program itself. */
import { expect, test } from 'vitest'
import type { Program } from '../../src/command/program.ts'
import { commands } from '../../src/command/table.ts'
import { failed, succeeded } from '../../src/lib/failure.ts'
import type { Source } from '../../src/source.ts'
import { someProgram } from '../support/program-facts.ts'
import { looksOnly } from '../support/looks-only.ts'

const none = () => Promise.reject(new Error('nothing is read for this'))
const source: Source = {
  kind: 'live',
  file: null,
  readWorld: none,
  withDetails: none,
  withFirewall: none,
  withConntrack: none,
  withCounters: none,
  readTool: none,
}

async function run(
  name: string,
  values: Readonly<Record<string, string | undefined>>,
  program: Partial<Program> = {},
) {
  const deps = { source, open: () => source, ...looksOnly, signal: new AbortController().signal, folder: '.' }
  const command = commands.find((each) => each.name === name)
  const result = await command?.run({ ...deps, program: { ...someProgram, ...program } }, values)
  if (result?.ok !== true) return result?.failure
  return result.value.kind === 'screen' || result.value.kind === 'become' ? undefined : result.value
}

test('themes: all, one, or which was meant; a broken one is an answer of no', async () => {
  expect(await run('themes', {})).toMatchObject({ data: [{ name: 'dark', inUse: true }], answer: 'yes' })
  expect(await run('themes', { name: 'drak' })).toMatchObject({
    kind: 'not-found',
    hint: 'did you mean dark? there are: dark',
  })
  const good = { shape: { name: 'good', title: 'Good', file: null, inUse: true }, preview: succeeded([]) }
  const mine = {
    shape: { name: 'mine', title: { unknown: 'no JSON' }, file: '/x/mine.json', inUse: false },
    preview: failed({ kind: 'usage', what: 'no JSON' }),
  }
  const themes = async () => ({ themes: [mine, good], trouble: null })
  expect(await run('themes', {}, { themes })).toMatchObject({ answer: 'no' })
  expect(await run('themes', { name: 'good' }, { themes })).toMatchObject({
    answer: 'yes',
    data: [{ name: 'good' }],
  })
  const trouble = { kind: 'not-found', what: 'no theme is called "nope"' } as const
  const none = async () => ({ themes: [good], trouble })
  expect(await run('themes', {}, { themes: none })).toMatchObject({ answer: 'no', trouble })
  expect(await run('themes', { name: 'good' }, { themes: none })).toMatchObject({
    answer: 'yes',
    trouble: null,
  })
})

test('man and completion print what they are given, as it is', async () => {
  expect(await run('man', {})).toMatchObject({ kind: 'text', data: { text: '.TH VETHSCOPE 1\n' } })
  expect(await run('completion', { shell: 'zsh' })).toMatchObject({ data: { text: '# zsh\n' } })
})
