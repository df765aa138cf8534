/**
 * A theme says how each role of a frame looks, in the 256 colours that blessed can draw. The shipped ones are
 * bundled, so that start-up reads no file; the check is the one a user's own file has to pass.
 */
import colourBlind from '../../themes/colour-blind.json' with { type: 'json' }
import dark from '../../themes/dark.json' with { type: 'json' }
import highContrast from '../../themes/high-contrast.json' with { type: 'json' }
import light from '../../themes/light.json' with { type: 'json' }
import monochrome from '../../themes/monochrome.json' with { type: 'json' }
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { nearest } from '../lib/nearest.ts'
import { sanitise } from '../lib/sanitise.ts'
import { roles, type Role } from './frame.ts'

/** blessed knows no dim and no italic; blink and invisible are left out on purpose. */
export const attributes = ['bold', 'underline', 'inverse'] as const

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
  /** Painted where a role has no ground of its own; absent: the terminal's own shows. */
  readonly ground?: number
  readonly roles: Readonly<Record<Role, Style>>
}

const shipped: Readonly<Record<string, unknown>> = {
  dark,
  light,
  'high-contrast': highContrast,
  'colour-blind': colourBlind,
  monochrome,
}
/** In the order in which they are turned through. */
export const themeNames: readonly string[] = Object.keys(shipped)

/** A shipped theme; null: none is called so. */
export function shippedTheme(name: string): Theme | null {
  const found = Object.hasOwn(shipped, name) ? checkTheme(shipped[name], `themes/${name}.json`) : null
  return found?.ok === true ? found.value : null
}

/**
 * What a theme file must be; the failure names the file, the place in it and what is wrong there. One that `extends` a
 * shipped theme gives only the roles that differ; `ownName`, its file's, is then its name where it gives none.
 */
export function checkTheme(value: unknown, file: string, ownName?: string): Outcome<Theme> {
  const wrong = (place: string, problem: string, meant: string | null = null) =>
    failed({
      kind: 'usage',
      what: `${sanitise(file)}: ${place} ${problem}`,
      subject: file,
      ...(meant === null ? {} : { hint: `did you mean ${meant}?` }),
    })
  if (!isRecord(value)) return wrong('the theme', 'is not an object')
  const stray = Object.keys(value).find((key) => !members.includes(key))
  if (stray !== undefined)
    return wrong(`"${sanitise(stray)}"`, 'is nothing that a theme has', nearest(stray, members))
  const base = typeof value['extends'] === 'string' ? shippedTheme(value['extends']) : null
  if (value['extends'] !== undefined && base === null) {
    return wrong('extends', `must name a shipped theme: ${themeNames.join(', ')}`)
  }
  const { name = base === null ? undefined : ownName, title = base?.title, ground = base?.ground } = value
  if (typeof name !== 'string' || typeof title !== 'string') return wrong('name and title', 'must be text')
  if (ownName !== undefined && name !== ownName)
    return wrong('name', `must be that of the file, "${sanitise(ownName)}"`)
  if (ground !== undefined && !isColour(ground)) return wrong('ground', 'is no colour from 0 to 255')
  const given = value['roles'] ?? (base === null ? undefined : {})
  if (!isRecord(given)) return wrong('roles', 'is not an object')
  const unknown = Object.keys(given).find((key) => !(roles as readonly string[]).includes(key))
  if (unknown !== undefined) return wrong(`roles.${sanitise(unknown)}`, 'is no role', nearest(unknown, roles))
  const all: Readonly<Record<string, unknown>> = { ...base?.roles, ...given }
  for (const role of roles) {
    const problem = styleProblem(all[role])
    if (problem !== null) return wrong(`roles.${role}`, problem)
  }
  const checked = all as Record<Role, Style>
  if (ground !== undefined && checked.text.fg === undefined) {
    return wrong('roles.text', 'needs fg, because the theme has a ground')
  }
  return succeeded({ name, title, ...(ground === undefined ? {} : { ground }), roles: checked })
}

const members: readonly string[] = ['$schema', 'name', 'title', 'extends', 'ground', 'roles']

function styleProblem(style: unknown): string | null {
  if (style === undefined) return 'is missing'
  if (!isRecord(style)) return 'is not an object'
  for (const [key, value] of Object.entries(style)) {
    if (key === 'fg' || key === 'bg') {
      if (!isColour(value)) return `has ${key} that is no colour from 0 to 255`
    } else if (!(attributes as readonly string[]).includes(key))
      return `has "${sanitise(key)}", which is no attribute`
    else if (typeof value !== 'boolean') return `has ${key} that is neither true nor false`
  }
  return null
}

function isColour(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
