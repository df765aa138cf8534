import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { documents } from '../../docs/generate.ts'
import { commandHelp, programHelp, usageOf } from '../../src/cli/help.ts'
import { commands } from '../../src/command/table.ts'

const inRepository = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

test('the generated documents are those that the sources make; if not: node docs/generate.mjs', async () => {
  for (const [name, content] of Object.entries(await documents(inRepository('README.md')))) {
    expect(inRepository(name), name).toBe(content)
  }
})

test('docs/json.md speaks of every command that prints JSON', () => {
  const text = inRepository('docs/json.md')
  for (const command of commands.filter(({ needs }) => needs === 'world')) {
    expect(text).toContain(`\`${usageOf(command)} --json\``)
  }
})

test('help fits on a terminal of 80 columns', () => {
  for (const help of [programHelp(commands), ...commands.map(commandHelp)]) {
    for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  }
})
