import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { documents } from '../../docs/generate.ts'
import { pictures } from '../../docs/pictures.ts'
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
  // Those that become another program print what that prints.
  const becomes = ['exec', 'shell']
  const told = commands.filter(({ hidden }) => hidden !== true)
  for (const command of told.filter(({ name, needs }) => needs === 'world' && !becomes.includes(name))) {
    expect(text).toContain(`\`${usageOf(command)} --json\``)
  }
})

test('help fits on a terminal of 80 columns', () => {
  for (const help of [programHelp(commands), ...commands.map((each) => commandHelp(each, commands))]) {
    for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  }
})

test('the pictures are those that the program draws; if not: node docs/pictures.mjs', async () => {
  const drawn = await pictures(fileURLToPath(new URL('../../fixtures/docker.json.gz', import.meta.url)))
  const names = readdirSync(new URL('../../docs/pictures', import.meta.url)).map(
    (name) => `docs/pictures/${name}`,
  )
  expect(new Set(names)).toEqual(new Set(Object.keys(drawn)))
  for (const [name, content] of Object.entries(drawn)) {
    // Not the two side by side: a difference of pictures tells nobody anything.
    expect(inRepository(name) === content, `${name} is as the program draws it`).toBe(true)
    expect(content.length, name).toBeLessThan(120_000)
  }
}, 30_000)

test('documents show every picture, and no other', () => {
  const shown = ['README.md', 'docs/screens.md'].flatMap((name) =>
    [...inRepository(name).matchAll(/!\[[^\]]+\]\(([^)]+\.svg)\)/g)].map(([, file]) =>
      file?.replace(/^docs\//, ''),
    ),
  )
  const drawn = readdirSync(new URL('../../docs/pictures', import.meta.url)).map((name) => `pictures/${name}`)
  expect(new Set(shown)).toEqual(new Set(drawn))
})
