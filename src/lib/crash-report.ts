/** After an error of the program itself: a file with what helps to find it, for this user's eyes alone. */
import { arch, release } from 'node:os'
import { join } from 'node:path'
import { lastLines } from './debug-log.ts'
import { createOwnFile } from './own-file.ts'
import { stateFolder } from './own-folders.ts'
import { closeSync, writeSync } from 'node:fs'
import { sanitise } from './sanitise.ts'

export type CrashFacts = {
  readonly version: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now?: Date
}

/** Where it is; null where it could not be written. Never throws: something has gone wrong already. */
export function writeCrashReport(error: unknown, facts: CrashFacts): string | null {
  try {
    const folder = stateFolder(facts.env)
    if (folder === null) return null
    const time = (facts.now ?? new Date()).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '')
    const file = join(folder, `crash-${time}-${process.pid}.txt`)
    const made = createOwnFile(file)
    if (!made.ok) return null
    writeSync(made.value, crashReport(error, facts))
    closeSync(made.value)
    return file
  } catch {
    return null
  }
}

/** Of the environment only what decides how the screen is drawn; the user's home is written as `~`. */
function crashReport(error: unknown, { version, argv, env }: CrashFacts): string {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error)
  const drawn = ['TERM', 'COLORTERM', 'LANG', 'LC_ALL', 'NO_COLOR', 'TMUX'].flatMap((name) => {
    const value = env[name]
    return value === undefined ? [] : [`${name}=${name === 'TMUX' ? 'set' : value}`]
  })
  const lines = [
    `vethscope ${version}, Node ${process.version}, Linux ${release()} ${arch()}`,
    `command: vethscope ${argv.join(' ')}`,
    `environment: ${drawn.join(' ')}`,
    '',
    ...stack.split('\n'),
    '',
    'what was done last:',
    ...lastLines(),
  ]
  const home = env['HOME']
  const text = lines.map((line) => sanitise(line)).join('\n')
  return `${home === undefined || home.length < 2 ? text : text.replaceAll(home, '~')}\n`
}
