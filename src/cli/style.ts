/** How text for people looks on this terminal: colours and line characters, or none of both. */
import { toAsciiText } from '../lib/to-ascii.ts'

export type Colour = 'dim' | 'bold' | 'red' | 'green' | 'yellow' | 'cyan'

export type Style = {
  readonly paint: (colour: Colour, text: string) => string
  /** What stands in front of a child: `├─`, and of the last one. */
  readonly branch: string
  readonly lastBranch: string
  readonly trunk: string
  /** Characters beyond ASCII can be shown. */
  readonly unicode: boolean
}

const codes: { readonly [C in Colour]: readonly [number, number] } = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

export function style(options: { readonly colour: boolean; readonly unicode: boolean }): Style {
  return {
    paint: (colour, text) => {
      const [on, off] = codes[colour]
      return options.colour && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text
    },
    unicode: options.unicode,
    ...(options.unicode
      ? { branch: '├─', lastBranch: '└─', trunk: '│ ' }
      : { branch: '|-', lastBranch: '`-', trunk: '| ' }),
  }
}

type Env = { readonly [name: string]: string | undefined }

/** `--color` first, then NO_COLOR (no-color.org: set and not empty), then FORCE_COLOR, then the terminal. */
export function wantsColour(
  choice: 'auto' | 'always' | 'never' | undefined,
  env: Env,
  isTerminal: boolean,
): boolean {
  if (choice === 'always' || choice === 'never') return choice === 'always'
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const force = env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}

/** As setlocale(3) reads the environment: the first of these that is set and not empty decides. */
export function isUtf8(env: Env): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  )
  return /utf-?8/i.test(locale ?? '')
}

/** As this locale can show it. */
export function inLocale(text: string, env: Env): string {
  return isUtf8(env) ? text : toAsciiText(text)
}
