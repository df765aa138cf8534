/** What docs/learn.md names beside its blocks, which test/live/learn-*.test.ts run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from '../../src/cli/parse.ts'
import { commands } from '../../src/command/table.ts'
import { examples } from '../../src/command/examples.ts'
import { projectRoot } from '../support/bundle.ts'

const text = readFileSync(join(projectRoot, 'docs/learn.md'), 'utf8')
const blocks = [...text.matchAll(/^```console\n(.*?)^```/gms)].map(([, block = '']) => block)
const prose = text.replaceAll(/^```.*?^```/gms, '')

test('each command that it names in a sentence is one', () => {
  const named = [...prose.matchAll(/`vethscope ([^`…]+)`/g)].map(([, line = '']) => line)
  expect(named.length).toBeGreaterThan(3)
  for (const line of named) {
    // NAME stands for any of them.
    const parsed = parse(line.replace('NAME', 'web').split(' '), commands, '1.2.3')
    expect(parsed.ok ? 'run' : parsed.failure.what, line).toBe('run')
  }
})

test('each example is made there, and taken down', () => {
  const all = blocks.join('\n')
  for (const { name } of examples) {
    expect(all).toContain(`$ vethscope example ${name} --yes\n`)
    expect(all).toContain(`$ vethscope example ${name} --remove --yes\n`)
  }
})

test('each chapter with commands has a test that plays it', () => {
  const chapters = [...text.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number))
  expect(chapters).toEqual(chapters.map((_, at) => at + 1))
  for (const number of chapters) {
    const file = join(projectRoot, `test/live/learn-${number}.test.ts`)
    expect(readFileSync(file, 'utf8')).toContain(`playChapter(${number})`)
  }
})
