/** The schema that editors read and the check that the program makes must say the same. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { checkTheme, themeNames } from '../../src/tui/theme.ts'

const json = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'))
const schema = z.fromJSONSchema(json('docs/theme.schema.json') as Parameters<typeof z.fromJSONSchema>[0])
const dark = json('themes/dark.json') as { readonly roles: Readonly<Record<string, unknown>> }
const withRole = (role: string, style: unknown) => ({ ...dark, roles: { ...dark.roles, [role]: style } })

test.each<readonly [string, unknown, boolean]>([
  ...themeNames.map((name) => [`themes/${name}.json`, json(`themes/${name}.json`), true] as const),
  ['only a base', { extends: 'dark' }, true],
  ['a base and a role', { extends: 'dark', roles: { nat: { fg: 1, bold: true } } }, true],
  ['a base that is none', { extends: 'drak' }, false],
  ['no base and no roles', { name: 'x', title: 'y' }, false],
  ['an unknown role', withRole('lnik', {}), false],
  ['a colour beyond 255', withRole('nat', { fg: 256 }), false],
  ['half a colour', withRole('nat', { fg: 1.5 }), false],
  ['an unknown attribute', withRole('nat', { blink: true }), false],
  ['a member that is none', { ...dark, colours: {} }, false],
])('%s', (_, theme, isGood) => {
  expect(schema.safeParse(theme).success).toBe(isGood)
  expect(checkTheme(theme, 'x').ok || checkTheme(theme, 'x', 'mine').ok).toBe(isGood)
})
