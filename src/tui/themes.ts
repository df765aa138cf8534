/** Which themes there are, shipped and the user's own, and which one is taken. A user's own may bear a shipped one's name. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { failed, codeOf, succeeded, type Outcome } from '../lib/failure.ts'
import { readOwnFile } from '../lib/own-file.ts'
import { configFolder } from '../lib/own-folders.ts'
import { parseJson } from '../lib/parse-json.ts'
import { nearest } from '../lib/nearest.ts'
import { sanitise } from '../lib/sanitise.ts'
import { colourDepth } from './terminal/colour-depth.ts'
import { atDepth } from './theme-depth.ts'
import { checkTheme, shippedTheme, themeNames, type Theme } from './theme.ts'

type Env = Readonly<Record<string, string | undefined>>

export type ThemeEntry = {
  readonly name: string
  /** null: shipped. */
  readonly file: string | null
  /** In the colours that the terminal has. */
  readonly theme: Outcome<Theme>
}

const maxBytes = 64 * 1024
const mostOwn = 100

/** The user's own after the shipped ones, or in the place of one that is called the same. */
export function listThemes(env: Env): readonly ThemeEntry[] {
  const names = [...new Set([...themeNames, ...ownNames(env)])]
  return names.map((name) => themeNamed(name, env)).filter((entry) => entry !== null)
}

/** The one after it, and after the last the first; those that cannot be used are passed over. */
export function nextTheme(name: string, env: Env): Theme {
  const usable = listThemes(env).flatMap(({ theme }) => (theme.ok ? [theme.value] : []))
  const at = usable.findIndex((theme) => theme.name === name)
  return usable[(at + 1) % usable.length] ?? plainest(env)
}

export type ThemeWishes = {
  /** --theme. */
  readonly named?: string | undefined
  /** The config file's. */
  readonly configured?: string | undefined
  readonly configFile?: string | null | undefined
}

/**
 * --theme, then VETHSCOPE_THEME, then NO_COLOR (set to anything but nothing it asks for no colour at all, no-color.org),
 * then the config file.
 */
export function chosenTheme({ named, configured, configFile }: ThemeWishes, env: Env): Outcome<Theme> {
  const byEnv = env['VETHSCOPE_THEME'] === '' ? undefined : env['VETHSCOPE_THEME']
  const noColour = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== ''
  const wanted = named ?? byEnv ?? (noColour ? 'monochrome' : (configured ?? 'dark'))
  const found = themeNamed(wanted, env)
  if (found !== null) return found.theme
  const names = [...new Set([...themeNames, ...ownNames(env)])]
  const meant = nearest(wanted, names)
  const isOfFile = named === undefined && byEnv === undefined
  const place =
    named !== undefined ? '' : isOfFile ? `${sanitise(configFile ?? 'config')}: theme: ` : 'VETHSCOPE_THEME: '
  return failed({
    kind: 'not-found',
    what: `${place}no theme is called "${sanitise(wanted)}"`,
    subject: wanted,
    hint: [
      `${meant === null ? '' : `did you mean ${meant}? `}there are: ${names.map(sanitise).join(', ')}`,
      ...(isOfFile ? ['--no-config starts without it'] : []),
    ].join('; '),
  })
}

function themeNamed(name: string, env: Env): ThemeEntry | null {
  const depth = colourDepth(env)
  const own = isName(name) ? ownTheme(name, env) : null
  if (own !== null) {
    const { file, theme } = own
    return { name, file, theme: theme.ok ? succeeded(atDepth(theme.value, depth)) : theme }
  }
  const shipped = shippedTheme(name)
  return shipped === null ? null : { name, file: null, theme: succeeded(atDepth(shipped, depth)) }
}

type OwnTheme = { readonly file: string; readonly theme: Outcome<Theme> }

function ownTheme(name: string, env: Env): OwnTheme | null {
  const folder = themesFolder(env)
  if (folder === null) return null
  const file = join(folder, `${name}.json`)
  const text = readOwnFile(file, { maxBytes })
  if (!text.ok) return { file, theme: text }
  if (typeof text.value !== 'string') return null
  const parsed = parseJson(text.value)
  if ('json' in parsed) return { file, theme: checkTheme(parsed.json, file, name) }
  const what = `"${sanitise(file)}" is not JSON: ${parsed.wrong}`
  return { file, theme: failed({ kind: 'usage', what, subject: file }) }
}

function ownNames(env: Env): readonly string[] {
  const folder = themesFolder(env)
  if (folder === null) return []
  try {
    const names = readdirSync(folder).filter((file) => file.endsWith('.json'))
    return names
      .map((file) => file.slice(0, -'.json'.length))
      .filter(isName)
      .sort()
      .slice(0, mostOwn)
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return []
  }
}

/** Of a file: no path, nothing that a shell or a terminal would take for something else. */
function isName(name: string): boolean {
  return /^[\w][\w.-]{0,63}$/.test(name)
}

function themesFolder(env: Env): string | null {
  const folder = configFolder(env)
  return folder === null ? null : join(folder, 'themes')
}

function plainest(env: Env): Theme {
  const theme = chosenTheme({ named: 'monochrome' }, env)
  if (!theme.ok) throw new Error(theme.failure.what)
  return theme.value
}
