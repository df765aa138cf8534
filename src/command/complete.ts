import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { netDrivers } from './engine-option.ts'
import { nameKinds } from './program.ts'

/** What the shells' completions ask. Quick, and silent about whatever goes wrong: a person is in the middle of a line. */
export const complete = command({
  name: '__complete',
  summary: 'names that complete a word, one a line',
  hidden: true,
  needs: 'nothing',
  arguments: {
    kind: { value: 'KIND', summary: 'names of what', required: true, choices: nameKinds },
    engine: { value: 'ENGINE', summary: 'of whom, where --engine tells', required: false },
  },
  options: {},
  run: async ({ program }, { kind, engine }) => {
    const all = kind === 'drivers' ? driversOf(engine) : await program.names(kind, engine).catch(() => [])
    const names = all.filter((name) => plain.test(name))
    const text = names.map((name) => `${name}\n`).join('')
    return succeeded({ kind: 'text', data: { text }, answer: 'yes', gaps: [] })
  },
})

function driversOf(engine: string | undefined): readonly string[] {
  const own = Object.entries(netDrivers).flatMap(([name, drivers]) => (name === engine ? drivers : []))
  return own.length > 0 ? own : [...new Set(Object.values(netDrivers).flat())]
}

/** A name in which a shell could see anything else than a name is left out: it can still be typed, in quotes. */
const plain = /^[\p{L}\p{N}_.@%+/][\p{L}\p{N}_.:@%+/,-]*$/u
