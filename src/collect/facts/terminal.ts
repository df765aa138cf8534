/** What the terminal can do, as far as the environment and the descriptor tell. */
import type { Tool } from '../../model/world.ts'

type Terminal = Tool['terminal']
type Output = {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  getColorDepth?(env?: object): number
}

/** `columns` and `rows` are null where the output is no terminal (in a worker it never is one). */
export function readTerminal(
  env: NodeJS.ProcessEnv = process.env,
  output: Output = process.stdout,
): Terminal {
  const isTerminal = output.isTTY === true
  return {
    term: env['TERM'] ?? null,
    colours: isTerminal ? 2 ** (output.getColorDepth?.(env) ?? 1) : 0,
    utf8: isUtf8(env),
    columns: isTerminal ? (output.columns ?? null) : null,
    rows: isTerminal ? (output.rows ?? null) : null,
  }
}

/** The first of these that is set and not empty decides the character set (locale(7)). */
function isUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  )
  return /utf-?8/i.test(locale ?? '')
}
