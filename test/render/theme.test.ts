import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { roles } from '../../src/tui/frame.ts'
import { checkTheme, chosenTheme, themeNames } from '../../src/tui/theme.ts'

const nameOf = (name: string | undefined, env: Readonly<Record<string, string>> = {}) => {
  const theme = chosenTheme(name, env)
  return theme.ok ? theme.value.name : theme.failure.what
}

test('every file in themes/ is shipped, passes the check and is called like its file', () => {
  const files = readdirSync(new URL('../../themes', import.meta.url)).sort()
  expect(files).toEqual([...themeNames].sort().map((name) => `${name}.json`))
  for (const name of themeNames) expect(nameOf(name)).toBe(name)
})

test('dark is the default; NO_COLOR chooses monochrome, and a named theme wins over it', () => {
  expect(nameOf(undefined)).toBe('dark')
  expect(nameOf(undefined, { NO_COLOR: '' })).toBe('dark')
  expect(nameOf(undefined, { NO_COLOR: '1' })).toBe('monochrome')
  expect(nameOf('dark', { NO_COLOR: '1' })).toBe('dark')
})

test('a theme nobody knows is refused with the names there are', () => {
  const theme = chosenTheme('solar\x1bized', {})
  expect(theme).toMatchObject({
    ok: false,
    failure: {
      kind: 'not-found',
      what: String.raw`no theme is called "solar\x1bized"`,
      hint: 'there are: dark, monochrome',
    },
  })
  expect(chosenTheme('__proto__', {}).ok).toBe(false)
})

test('monochrome has no colour, and still tells apart what must not be overlooked', () => {
  const theme = chosenTheme('monochrome', {})
  if (!theme.ok) throw new Error(theme.failure.what)
  for (const role of roles) {
    expect(theme.value.roles[role].fg).toBeUndefined()
    expect(theme.value.roles[role].bg).toBeUndefined()
  }
  for (const role of [
    'selection',
    'link.down',
    'finding.fault',
    'unreadable',
    'error',
    'match',
    'changed',
  ] as const) {
    expect(theme.value.roles[role]).not.toEqual(theme.value.roles.text)
  }
})

const good = (): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL('../../themes/dark.json', import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >
const withRole = (role: string, style: unknown) => ({
  ...good(),
  roles: { ...(good()['roles'] as object), [role]: style },
})

test.each([
  ['no object', 7, 'mine.json: the theme is not an object'],
  ['no name', { ...good(), name: undefined }, 'mine.json: name and title must be text'],
  ['no roles', { ...good(), roles: [] }, 'mine.json: roles is not an object'],
  ['an unknown role', withRole('lnik', {}), 'mine.json: roles.lnik is no role'],
  ['a missing role', withRole('nat', undefined), 'mine.json: roles.nat is missing'],
  [
    'a colour beyond 255',
    withRole('nat', { fg: 256 }),
    'mine.json: roles.nat has fg that is no colour from 0 to 255',
  ],
  [
    'a colour in words',
    withRole('nat', { bg: 'red' }),
    'mine.json: roles.nat has bg that is no colour from 0 to 255',
  ],
  [
    'an unknown attribute',
    withRole('nat', { blink: true }),
    'mine.json: roles.nat has "blink", which is no attribute',
  ],
  [
    'an attribute that is no truth',
    withRole('nat', { bold: 1 }),
    'mine.json: roles.nat has bold that is neither true nor false',
  ],
])('%s is refused with its place', (_, value, what) => {
  expect(checkTheme(value, 'mine.json')).toMatchObject({ ok: false, failure: { what } })
})
