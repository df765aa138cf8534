import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { manPage } from '../../src/cli/man-page.ts'
import type { OptionSpec } from '../../src/command/command.ts'
import { commands } from '../../src/command/table.ts'
import { requires } from '../support/requires.ts'

const page = manPage(commands, '1.2.3')
const told = commands.filter(({ hidden }) => hidden !== true)

test('speaks of every command and option that people are told of, and of no other', () => {
  for (const { name, summary } of told) {
    if (name !== '') expect(page).toContain(`.SS vethscope ${name.replaceAll('-', '\\-')}`)
    expect(page.replaceAll('\\-', '-').replaceAll(/\n/g, ' ')).toContain(summary.replaceAll('~', '\\(ti'))
  }
  const options = told.flatMap(({ options: specs }) =>
    Object.entries<OptionSpec>(specs).flatMap(([name, { hidden }]) => (hidden === true ? [] : [name])),
  )
  for (const option of options) expect(page).toContain(`\\-\\-${option.replaceAll('-', '\\-')}`)
  expect(page).not.toMatch(/__complete|__watch|tell.{1,2}steps/)
})

test('is plain ASCII, and no line begins with what would be a macro', () => {
  expect(page).not.toMatch(/[^\n\x20-\x7e]/)
  const macros = new Set(page.split('\n').flatMap((line) => /^[.']\S*/.exec(line)?.[0] ?? []))
  expect([...macros].sort()).toEqual(['.B', '.BR', '.PP', '.SH', '.SS', '.TH', '.TP', '.br', '.fi', '.nf'])
})

const tools = ['mandoc', 'groff'] as const

if (requires({ tools })) {
  test('mandoc and groff have nothing to say about it', () => {
    const lint = spawnSync(tools[0], ['-T', 'lint', '-W', 'style'], { input: page, encoding: 'utf8' })
    // It is of no day: the same sources make the same page.
    expect(lint.stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual(
      [],
    )
    const groff = spawnSync(tools[1], ['-man', '-Tutf8', '-ww', '-P-cbou'], { input: page, encoding: 'utf8' })
    expect(groff.stderr).toBe('')
    expect(groff.stdout).toContain('vethscope snapshot [-o FILE] [--redact]')
    expect(groff.stdout).toContain('docs/config.md')
  })
}
