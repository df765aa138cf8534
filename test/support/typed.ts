/** What somebody types as what is then asked for, by the commands themselves. */
import { parse } from '../../src/cli/parse.ts'
import type { Command } from '../../src/command/command.ts'
import type { Intent } from '../../src/model/intent.ts'
import type { Source } from '../../src/source.ts'
import { changeDeps, fakeChanger, fakePerson } from './fake-changer.ts'
import { looksOnly } from './looks-only.ts'
import { someProgram } from './program-facts.ts'

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

/** Throws with the sentence where it is refused before it is planned. */
export async function typed(
  words: readonly string[],
  commands: readonly Command[],
): Promise<readonly Intent[]> {
  const parsed = parse(words, commands, '1.2.3')
  if (!parsed.ok) throw new Error(parsed.failure.what)
  if (parsed.value.type !== 'run') throw new Error(`${words.join(' ')}: no command`)
  const { changer, asked } = fakeChanger()
  const deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    ...changeDeps(changer, fakePerson(null).person),
    signal: new AbortController().signal,
    folder: '.',
  }
  const result = await parsed.value.command.run(deps, { ...parsed.value.values, yes: true })
  if (!result.ok) throw new Error(result.failure.what)
  return asked.intents
}
