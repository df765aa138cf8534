/** --debug: where the log of this run goes. A new file for this user alone; never one that is there already. */
import { join } from 'node:path'
import { debug, debugTo } from './lib/debug-log.ts'
import { failed, succeeded, type Outcome } from './lib/failure.ts'
import { createOwnFile } from './lib/own-file.ts'
import { stateFolder } from './lib/own-folders.ts'

type Env = Readonly<Record<string, string | undefined>>

/** `wanted`: true, or the name of a file. Gives the file. */
export function openDebugFile(
  wanted: string | true,
  { version, argv, env }: { readonly version: string; readonly argv: readonly string[]; readonly env: Env },
): Outcome<string> {
  const folder = stateFolder(env)
  if (wanted === '') return failed({ kind: 'usage', what: '--debug: the name of the file is empty' })
  if (wanted === true && folder === null) {
    return failed({
      kind: 'usage',
      what: '--debug: the environment tells of no home',
      hint: 'use --debug=FILE',
    })
  }
  const time = new Date().toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '')
  const file = wanted === true ? join(folder ?? '', `debug-${time}-${process.pid}.log`) : wanted
  const made = createOwnFile(file)
  if (!made.ok) {
    const hint = 'choose a name that is not there yet, in a folder that only you may write: --debug=FILE'
    return failed({ ...made.failure, hint })
  }
  debugTo(made.value, 'main')
  debug('start', `vethscope ${version}, Node ${process.version}: ${argv.join(' ')}`)
  return succeeded(file)
}
