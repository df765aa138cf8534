/** Where this program keeps what is its user's: the XDG base directory specification. */
import { isAbsolute, join } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

/** Config and themes; null where the environment tells of no home. */
export function configFolder(env: Env): string | null {
  return folderOf(env['XDG_CONFIG_HOME'], env['HOME'], '.config')
}

/** Logs and reports. */
export function stateFolder(env: Env): string | null {
  return folderOf(env['XDG_STATE_HOME'], env['HOME'], '.local/state')
}

/** A relative path in the variable is invalid and counts as not set (so says the specification). */
function folderOf(named: string | undefined, home: string | undefined, usual: string): string | null {
  if (named !== undefined && isAbsolute(named)) return join(named, 'vethscope')
  return home !== undefined && isAbsolute(home) ? join(home, usual, 'vethscope') : null
}
