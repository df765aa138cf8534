/** What docs/network-files.md shows is a file, or says what is wrong with one; and it names every key. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'

const root = new URL('../../', import.meta.url)
const text = readFileSync(new URL('docs/network-files.md', root), 'utf8')
const sections = text.split(/^## /m)
const fenced = (part: string, language: string): readonly string[] =>
  [...part.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '')

const mistakes = sections.find((each) => each.startsWith('Mistakes')) ?? ''
const files = sections.filter((each) => each !== mistakes).flatMap((each) => fenced(each, 'yaml'))

test.each(files.map((file, at) => [at + 1, file] as const))('file %i is one', (_, file) => {
  expect(readNetworkFile(file, 'x')).toMatchObject({ ok: true })
})

test('mistakes are told as they are', () => {
  const [file = ''] = fenced(mistakes, 'yaml')
  const [said = ''] = fenced(mistakes, 'text')
  const read = readNetworkFile(file, 'shop.yaml')
  const failures = read.ok ? [] : [read.failure, ...(read.failure.others ?? [])]
  expect(failures.map(({ what }) => `vethscope: ${what}\n`).join('')).toBe(said)
})

/** Names of properties, at whatever depth. */
function keysOf(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf)
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties'
      ? [...Object.keys(value as object), ...Object.values(value as object).flatMap(keysOf)]
      : keysOf(value),
  )
}

test('every key is in it', () => {
  const schema: unknown = JSON.parse(readFileSync(new URL('docs/network-file.schema.json', root), 'utf8'))
  const keys = [...new Set(keysOf(schema))]
  expect(keys.length).toBeGreaterThan(30)
  expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(text))).toEqual([])
})
