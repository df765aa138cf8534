/** What is printed where the locale is not UTF-8. */
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { parse } from '../../src/cli/parse.ts'
import { printFailure, printResult, type Output } from '../../src/cli/print.ts'
import { teller } from '../../src/cli/probe/tell.ts'
import { inLocale } from '../../src/cli/style.ts'
import { commands } from '../../src/command/table.ts'
import { toAsciiText } from '../../src/lib/to-ascii.ts'
import { shippedTheme, themeNames } from '../../src/tui/theme.ts'
import { themePreview } from '../../src/tui/theme-preview.ts'

const env = { LC_ALL: 'C', LANG: 'de_DE.UTF-8' }

function printed() {
  let text = ''
  const stream = () =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString()
        done()
      },
    })
  const output = { stdout: stream(), stderr: stream(), env } as unknown as Output
  return { output, text: () => text }
}

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)

test('help of the program and of every command is ASCII, in columns and lines as usual', () => {
  const words = [...new Set(commands.flatMap(({ name }) => [name, name.split(' ')[0] ?? '']))]
  for (const name of words) {
    const parsed = parse([...name.split(' ').filter((word) => word !== ''), '--help'], commands, '1')
    if (!parsed.ok || parsed.value.type !== 'print') throw new Error(`no help of ${name}`)
    const text = inLocale(parsed.value.text, env)
    expect({ name, isAscii: isAscii(text) }).toEqual({ name, isAscii: true })
    const long = (all: string): number => all.split('\n').filter((line) => line.length > 80).length
    expect({ name, long: long(text) }).toEqual({ name, long: long(parsed.value.text) })
  }
})

test('a sign that grows takes its room from the blanks before the next column', () => {
  expect(toAsciiText('net [a…]    create\nnetns …  add')).toBe('net [a...]  create\nnetns ...  add')
  expect(toAsciiText('a ⇄ b, the host’s × 2')).toBe("a <-> b, the host's x 2")
  // Names of this host stay what they are.
  expect(toAsciiText('netns münchen')).toBe('netns münchen')
})

test('samples of the themes, failures and what a probe tells', async () => {
  const { output, text } = printed()
  const themes = themeNames.flatMap((name) => {
    const theme = shippedTheme(name)
    const samples = theme === null ? [] : themePreview(theme).map((each) => ({ ...each, sgr: '' }))
    const shape = { name, title: theme?.title ?? '', file: null, inUse: false }
    return [{ shape, preview: { ok: true, value: samples } as const }]
  })
  const result = { kind: 'themes', data: [], themes, trouble: null, answer: 'yes', gaps: [] } as const
  await printResult(result, { json: false, strict: false, color: 'never' }, output)
  await printFailure({ kind: 'usage', what: 'write vethscope … first' }, { json: false }, output)
  await teller(false, output)([{ type: 'line', at: 0, tone: 'plain', text: '→ http://x' }])
  expect(text()).toContain('write vethscope ... first')
  expect(text()).toContain('-> http://x')
  expect(text()).toContain('chart.rx')
  expect(isAscii(text())).toBe(true)
})
