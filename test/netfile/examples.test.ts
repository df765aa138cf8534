/** The shipped examples: each file is read, is listed, and says only what the format has. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examples } from '../../src/command/examples.ts'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'
import { projectRoot } from '../support/bundle.ts'

const folder = join(projectRoot, 'examples')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
)

test('each file is an example’s, and each example has its files', () => {
  const named = examples.flatMap(({ parts }) => parts.map(({ file }) => file))
  expect(named.toSorted()).toEqual(files.toSorted())
  expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length)
})

test.each(files)('%s is read, and begins with what it shows', (file) => {
  const text = readFileSync(join(folder, file), 'utf8')
  const read = readNetworkFile(text, file)
  expect(read.ok ? 'read' : read.failure).toBe('read')
  expect(text).toMatch(/^# [A-Z]/)
  // `example NAME --print` shows it in a terminal.
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('names of one example are not those of another, so that all of them can stand side by side', () => {
  const names = files.flatMap((file) => {
    const read = readNetworkFile(readFileSync(join(folder, file), 'utf8'), file)
    if (!read.ok) throw new Error(read.failure.what)
    const { networks = {}, nodes = {} } = read.value
    return [
      ...Object.keys(nodes).map((name) => `node ${name}`),
      // The two halves of an overlay have one name, each on its own host.
      ...(file.startsWith('overlay/') ? [] : Object.keys(networks).map((name) => `network ${name}`)),
    ]
  })
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})
