import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openRenderer } from '../../src/tui/render/render.ts'
import { chosenTheme, listThemes, nextTheme } from '../../src/tui/themes.ts'
import { themeNames } from '../../src/tui/theme.ts'
import { emulator } from '../support/emulator.ts'

const home = mkdtempSync(join(tmpdir(), 'vethscope-themes-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const folder = join(home, 'vethscope/themes')
const env = { XDG_CONFIG_HOME: home, TERM: 'xterm-256color' }
beforeEach(() => {
  rmSync(join(home, 'vethscope'), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
})

function own(name: string, content: unknown): string {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 })
  return file
}

const nameOf = (wishes: Parameters<typeof chosenTheme>[0], env: Readonly<Record<string, string>> = {}) => {
  const theme = chosenTheme(wishes, env)
  return theme.ok ? theme.value.name : theme.failure.what
}

test('dark is the default; --theme before VETHSCOPE_THEME before NO_COLOR before the config file', () => {
  expect(nameOf({})).toBe('dark')
  expect(nameOf({}, { NO_COLOR: '' })).toBe('dark')
  expect(nameOf({}, { NO_COLOR: '1' })).toBe('monochrome')
  expect(nameOf({ configured: 'light' })).toBe('light')
  expect(nameOf({ configured: 'light' }, { NO_COLOR: '1' })).toBe('monochrome')
  expect(nameOf({ configured: 'light' }, { NO_COLOR: '1', VETHSCOPE_THEME: 'high-contrast' })).toBe(
    'high-contrast',
  )
  expect(nameOf({ named: 'dark' }, { NO_COLOR: '1', VETHSCOPE_THEME: 'light' })).toBe('dark')
})

test('a theme nobody knows is refused with the names there are', () => {
  expect(chosenTheme({ named: 'solar\x1bized' }, {})).toMatchObject({
    ok: false,
    failure: {
      kind: 'not-found',
      what: String.raw`no theme is called "solar\x1bized"`,
      hint: 'there are: dark, light, high-contrast, colour-blind, monochrome',
    },
  })
  expect(chosenTheme({ named: 'drak' }, {})).toMatchObject({
    failure: { hint: expect.stringMatching(/^did you mean dark\? /) },
  })
  for (const name of ['__proto__', '../themes/dark', 'constructor'])
    expect(chosenTheme({ named: name }, env).ok).toBe(false)
})

test('where a wrong name stands is told: the file and its member, or the variable', () => {
  const configFile = '/x/config.json'
  expect(chosenTheme({ configured: 'nope', configFile }, {})).toMatchObject({
    failure: {
      what: '/x/config.json: theme: no theme is called "nope"',
      hint: expect.stringMatching(/there are: dark, .*; --no-config starts without it$/),
    },
  })
  const byEnv = chosenTheme({ configured: 'dark', configFile }, { VETHSCOPE_THEME: 'nope' })
  expect(byEnv).toMatchObject({ failure: { what: 'VETHSCOPE_THEME: no theme is called "nope"' } })
  expect(byEnv.ok ? '' : byEnv.failure.hint).not.toContain('--no-config')
})

test("a user's own stand beside the shipped ones, take one's place, and are turned through", () => {
  own('mine', { extends: 'light', roles: { nat: { fg: 1 } } })
  const file = own('monochrome', { extends: 'dark', title: 'mine too' })
  writeFileSync(join(folder, 'notes.txt'), 'no theme')
  const themes = listThemes(env)
  expect(themes.map(({ name }) => name)).toEqual([...themeNames, 'mine'])
  expect(themes.find(({ name }) => name === 'monochrome')).toMatchObject({
    file,
    theme: { value: { title: 'mine too' } },
  })
  expect(nameOf({ named: 'mine' }, env)).toBe('mine')
  expect(nextTheme('monochrome', env).name).toBe('mine')
  expect(nextTheme('mine', env).name).toBe('dark')
  expect(nextTheme('gone by now', env).name).toBe('dark')
})

test('one that is wrong is named with what is wrong, and passed over when turning', () => {
  own('broken', '{ "extends": "dark", ')
  own('wrong', { extends: 'dark', roles: { lnk: {} } })
  expect(nameOf({ named: 'broken' }, env)).toMatch(/broken\.json" is not JSON: /)
  expect(nameOf({ named: 'wrong' }, env)).toMatch(/wrong\.json: roles\.lnk is no role/)
  expect(nextTheme('monochrome', env).name).toBe('dark')
})

test.each([
  ['that others may write', (file: string) => chmodSync(file, 0o666), 'may be written by other users'],
  ['in a folder that others may write', () => chmodSync(folder, 0o777), 'may be written by other users'],
  [
    'that is too large',
    (file: string) => writeFileSync(file, ' '.repeat(70_000)),
    'is larger than 65536 bytes',
  ],
  [
    'that is a device',
    (file: string) => {
      rmSync(file)
      symlinkSync('/dev/zero', file)
    },
    /other users|no regular file/,
  ],
] as const)('a file %s is not read', (_, change, why) => {
  change(own('mine', { extends: 'dark' }))
  expect(nameOf({ named: 'mine' }, env)).toMatch(why)
})

test('the console gets what it can draw', () => {
  const theme = chosenTheme({}, { TERM: 'linux' })
  if (!theme.ok) throw new Error(theme.failure.what)
  for (const { fg = 0, bg = 0 } of Object.values(theme.value.roles)) expect(Math.max(fg, bg)).toBeLessThan(8)
})

test('another theme while the screen is open: the next frame is whole, in its colours', async () => {
  const screen = emulator(20, 3)
  const themed = (name: string) => {
    const theme = chosenTheme({ named: name }, env)
    if (!theme.ok) throw new Error(theme.failure.what)
    return theme.value
  }
  const renderer = openRenderer({
    term: 'xterm-256color',
    utf8: true,
    size: { columns: 20, rows: 3 },
    theme: themed('dark'),
    write: (text) => screen.write(Buffer.from(text)),
  })
  const lines = [{ spans: [{ text: 'web', role: 'link.up' as const }] }]
  const frame = {
    columns: 20,
    rows: 3,
    regions: [{ id: 'all', top: 0, left: 0, width: 20, height: 3, lines }],
    cursor: null,
  }
  renderer.draw(frame)
  await screen.settled()
  expect(screen.cell(0, 0)).toMatchObject({ fg: 114, bg: null })
  renderer.setTheme(themed('light'))
  renderer.draw(frame)
  await screen.settled()
  expect(screen.cell(0, 0)).toMatchObject({ fg: 22, bg: 231 })
  expect(screen.cell(2, 19).bg).toBe(231)
  renderer.close()
})
