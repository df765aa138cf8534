import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { roles, type Role } from '../../src/tui/frame.ts'
import { rgbOf } from '../../src/tui/palette.ts'
import { apart, atDepth, lookOf } from '../../src/tui/theme-depth.ts'
import { checkTheme, shippedTheme, themeNames, type Theme } from '../../src/tui/theme.ts'
import { groundedStyle, themePreview } from '../../src/tui/theme-preview.ts'
import { contrast, difference, seenWith } from './colour-vision.ts'

function shipped(name: string): Theme {
  const theme = shippedTheme(name)
  if (theme === null) throw new Error(`no theme ${name}`)
  return theme
}

/** A role's two colours; where the terminal's own shows, the ones that the theme was made for. */
function coloursOf(theme: Theme, role: Role): { readonly fg: number; readonly bg: number } {
  const { fg = theme.roles.text.fg ?? 252, bg = theme.ground ?? 16 } = groundedStyle(theme, role)
  return { fg, bg }
}

test('every file in themes/ is shipped, passes the check and is called like its file', () => {
  const files = readdirSync(new URL('../../themes', import.meta.url)).sort()
  expect(files).toEqual([...themeNames].sort().map((name) => `${name}.json`))
  for (const name of themeNames) {
    const content: unknown = JSON.parse(
      readFileSync(new URL(`../../themes/${name}.json`, import.meta.url), 'utf8'),
    )
    expect(checkTheme(content, name)).toMatchObject({ ok: true, value: { name } })
  }
})

test('monochrome has no colour, and still tells apart what must not be overlooked', () => {
  const { roles: styles } = shipped('monochrome')
  for (const role of roles) {
    expect(styles[role].fg).toBeUndefined()
    expect(styles[role].bg).toBeUndefined()
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
    expect(styles[role]).not.toEqual(styles.text)
  }
})

/** Lines are no text: what is read has to stand out, what only divides has to be seen. */
const lines: readonly Role[] = ['border']

describe.each([
  ['dark', 4.5],
  ['light', 4.5],
  ['colour-blind', 4.5],
  ['high-contrast', 7],
])('%s', (name, least) => {
  const theme = shipped(name)

  test(`text stands out from its ground by ${least} to 1`, () => {
    for (const role of roles.filter((each) => !lines.includes(each))) {
      const { fg, bg } = coloursOf(theme, role)
      expect(contrast(rgbOf(fg), rgbOf(bg)), `${role}: ${fg} on ${bg}`).toBeGreaterThanOrEqual(least)
    }
    for (const role of lines) {
      const { fg, bg } = coloursOf(theme, role)
      expect(contrast(rgbOf(fg), rgbOf(bg)), role).toBeGreaterThanOrEqual(name === 'high-contrast' ? 7 : 2.5)
    }
  })

  test('text stands out on the selection too', () => {
    const bg = theme.roles.selection.bg ?? 0
    for (const role of roles.filter(
      (each) => theme.roles[each].bg === undefined && !['dim', 'border'].includes(each),
    )) {
      const { fg } = coloursOf(theme, role)
      // The chosen row is bold, and bold text needs less.
      expect(contrast(rgbOf(fg), rgbOf(bg)), `${role}: ${fg} on ${bg}`).toBeGreaterThanOrEqual(
        name === 'high-contrast' ? 7 : 3,
      )
    }
  })
})

test('meaning is told apart without red and green', () => {
  const pairs: readonly (readonly [Role, Role])[] = [
    ['link.up', 'link.down'],
    ['rule.accept', 'rule.drop'],
    ['link.up', 'finding.risk'],
  ]
  const theme = shipped('colour-blind')
  for (const blindness of ['protanopia', 'deuteranopia'] as const) {
    const distance = (one: number, other: number) =>
      difference(seenWith(blindness, rgbOf(one)), seenWith(blindness, rgbOf(other)))
    for (const [one, other] of pairs) {
      const between = distance(coloursOf(theme, one).fg, coloursOf(theme, other).fg)
      expect(between, `${one} and ${other} with ${blindness}`).toBeGreaterThan(40)
    }
    const fault = distance(coloursOf(theme, 'finding.fault').bg, coloursOf(theme, 'link.up').fg)
    expect(fault, `fault and up with ${blindness}`).toBeGreaterThan(40)
    // What the measure is for: plain red and green of equal lightness are nearly one colour then.
    expect(distance(100, 178)).toBeLessThan(40)
  }
})

describe.each(themeNames)('%s', (name) => {
  test.each([256, 16, 8] as const)('at %i colours has no more, and what must differ differs', (depth) => {
    const theme = atDepth(shipped(name), depth)
    for (const role of roles) {
      const { fg = 0, bg = 0 } = groundedStyle(theme, role)
      expect(Math.max(fg, bg), role).toBeLessThan(depth)
      const { fg: drawn, bg: ground } = theme.roles[role]
      if (drawn !== undefined) expect(drawn, `${role} can be read`).not.toBe(ground ?? theme.ground ?? -1)
    }
    for (const group of apart) {
      const looks = group.map((role) => lookOf(theme.roles[role]))
      // Without colours some roles only differ by their words.
      if (name !== 'monochrome')
        expect(new Set(looks).size, `${group.join(' ')}: ${looks.join(' | ')}`).toBe(group.length)
    }
  })
})

test('what two roles lose with their colours they get back as an attribute', () => {
  const dark = shipped('dark')
  const two: Theme = {
    ...dark,
    roles: { ...dark.roles, 'rule.accept': { fg: 114 }, 'rule.drop': { fg: 120 } },
  }
  const { roles: styles } = atDepth(two, 8)
  expect(styles['rule.accept']).toEqual({ fg: 2 })
  expect(styles['rule.drop']).toEqual({ fg: 2, bold: true })
})

test('the preview shows every role once, on the ground of the theme', () => {
  const preview = themePreview(shipped('light'))
  expect(preview.map(({ role }) => role)).toEqual([...roles])
  expect(preview.find(({ role }) => role === 'link')).toEqual({
    role: 'link',
    sample: 'eth0',
    style: { fg: 25, bg: 231 },
  })
  expect(preview.find(({ role }) => role === 'selection')?.style).toMatchObject({ fg: 235, bg: 153 })
  expect(themePreview(shipped('dark')).find(({ role }) => role === 'text')?.style).toEqual({})
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
  ['a member that is none', { ...good(), colours: {} }, 'mine.json: "colours" is nothing that a theme has'],
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
  ['a ground in words', { ...good(), ground: 'white' }, 'mine.json: ground is no colour from 0 to 255'],
  [
    'a ground without text for it',
    { ...good(), ground: 231 },
    'mine.json: roles.text needs fg, because the theme has a ground',
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
  [
    'a base that is not shipped',
    { extends: 'constructor' },
    'mine.json: extends must name a shipped theme: dark, light, high-contrast, colour-blind, monochrome',
  ],
])('%s is refused with its place', (_, value, what) => {
  expect(checkTheme(value, 'mine.json')).toMatchObject({ ok: false, failure: { what } })
})

test('a role that is nearly one is told', () => {
  expect(checkTheme(withRole('conatiner', {}), 'mine.json')).toMatchObject({
    failure: { hint: 'did you mean container?' },
  })
})

test('one that extends a shipped theme gives only what differs, and is called like its file', () => {
  const theme = checkTheme({ extends: 'light', roles: { nat: { fg: 1 } } }, 'mine.json', 'mine')
  if (!theme.ok) throw new Error(theme.failure.what)
  expect(theme.value).toMatchObject({ name: 'mine', ground: 231, roles: { nat: { fg: 1 } } })
  expect(theme.value.roles.link).toEqual(shipped('light').roles.link)
  expect(checkTheme({ extends: 'light', name: 'other' }, 'mine.json', 'mine')).toMatchObject({
    failure: { what: 'mine.json: name must be that of the file, "mine"' },
  })
})
