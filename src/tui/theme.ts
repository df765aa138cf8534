/**
 * A theme says how each role of a frame looks, in the 256 colours that blessed can draw. The shipped ones are
 * bundled, so that start-up reads no file; the check is the one a user's own file has to pass.
 */
import dark from '../../themes/dark.json' with { type: 'json' }
import monochrome from '../../themes/monochrome.json' with { type: 'json' }
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { sanitise } from '../lib/sanitise.ts'
import { roles, type Role } from './frame.ts'

/** blessed knows no dim and no italic; blink and invisible are left out on purpose. */
const attributes = ['bold', 'underline', 'inverse'] as const

export type Style = {
  /** Index into the 256 colours; absent: the terminal's own. */
  readonly fg?: number
  readonly bg?: number
  readonly bold?: boolean
  readonly underline?: boolean
  readonly inverse?: boolean
}
export type Theme = {
  readonly name: string
  readonly title: string
  readonly roles: Readonly<Record<Role, Style>>
}

const shipped: Readonly<Record<string, unknown>> = { dark, monochrome }
export const themeNames: readonly string[] = Object.keys(shipped)

/** NO_COLOR, set to anything but nothing, asks for no colour at all (no-color.org); a theme named outright wins. */
export function chosenTheme(
  name: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Outcome<Theme> {
  const noColour = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== ''
  const wanted = name ?? (noColour ? 'monochrome' : 'dark')
  const found = Object.hasOwn(shipped, wanted) ? shipped[wanted] : undefined
  if (found === undefined) {
    return failed({
      kind: 'not-found',
      what: `no theme is called "${sanitise(wanted)}"`,
      subject: wanted,
      hint: `there are: ${themeNames.join(', ')}`,
    })
  }
  return checkTheme(found, `themes/${wanted}.json`)
}

/** What a theme file must be; the failure names the file, the place in it and what is wrong there. */
export function checkTheme(value: unknown, file: string): Outcome<Theme> {
  const wrong = (place: string, problem: string) =>
    failed({ kind: 'usage', what: `${sanitise(file)}: ${place} ${problem}`, subject: file })
  if (!isRecord(value)) return wrong('the theme', 'is not an object')
  const { name, title, roles: given } = value
  if (typeof name !== 'string' || typeof title !== 'string') return wrong('name and title', 'must be text')
  if (!isRecord(given)) return wrong('roles', 'is not an object')
  const unknown = Object.keys(given).find((key) => !(roles as readonly string[]).includes(key))
  if (unknown !== undefined) return wrong(`roles.${sanitise(unknown)}`, 'is no role')
  for (const role of roles) {
    const problem = styleProblem(given[role])
    if (problem !== null) return wrong(`roles.${role}`, problem)
  }
  return succeeded({ name, title, roles: given as Record<Role, Style> })
}

function styleProblem(style: unknown): string | null {
  if (style === undefined) return 'is missing'
  if (!isRecord(style)) return 'is not an object'
  for (const [key, value] of Object.entries(style)) {
    if (key === 'fg' || key === 'bg') {
      if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 255) {
        return `has ${key} that is no colour from 0 to 255`
      }
    } else if (!(attributes as readonly string[]).includes(key))
      return `has "${sanitise(key)}", which is no attribute`
    else if (typeof value !== 'boolean') return `has ${key} that is neither true nor false`
  }
  return null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
