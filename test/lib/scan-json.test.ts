import { assert, constantFrom, json, nat, oneof, property, string, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { scanJson } from '../../src/lib/scan-json.ts'

const scan = (text: string, depth = 64) => scanJson(Buffer.from(text), depth)
const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('takes what JSON.parse takes, and nothing else', () => {
  const mutated = tuple(
    json(),
    nat(),
    constantFrom(
      '',
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\',
      '0',
      '-',
      '.',
      'e',
      'u',
      ' ',
      '\n',
      '\x01',
      'tru',
    ),
  ).map(([text, at, put]) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + put + text.slice(place + (at % 2))
  })
  assert(
    property(oneof(json(), mutated, string()), (text) => {
      expect(scan(text).ok).toBe(parses(text))
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['01', 1],
  ['1.', 2],
  ['1e', 2],
  ['-', 1],
  ['[1,]', 3],
  ['{"a":1,}', 7],
  ['{"a" 1}', 5],
  ['"\\x"', 2],
  ['"\\u00g0"', 5],
  ['nul', 3],
  ['1 2', 2],
  ['', 0],
  ['{"a":"b', 7],
])('%s is wrong at %i', (text, offset) => {
  expect(scan(text)).toMatchObject({ ok: false, offset })
})

test('counts what it would become', () => {
  expect(scan('{"a":[1,2,{}],"b":null}')).toEqual({ ok: true, depth: 3, containers: 3, values: 6 })
})

test('a hundred thousand brackets are refused without recursion', () => {
  const result = scan('['.repeat(100_000) + ']'.repeat(100_000))
  expect(result).toMatchObject({ ok: false, offset: 64, says: 'nested more than 64 deep' })
})

test('the depth that is allowed is allowed', () => {
  expect(scan('[[1]]', 2).ok).toBe(true)
  expect(scan('[[[1]]]', 2).ok).toBe(false)
})

test('an object with very many names is refused, an array is not', () => {
  const names = Array.from({ length: 100_001 }, (_, at) => `"k${at}":0`)
  expect(scan(`{${names.join()}}`)).toMatchObject({
    ok: false,
    says: 'an object with more than 100000 names',
  })
  expect(scan(`{${names.slice(1).join()}}`).ok).toBe(true)
  expect(scan(`[${'0,'.repeat(100_001)}0]`).ok).toBe(true)
})
