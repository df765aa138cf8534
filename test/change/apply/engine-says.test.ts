import { expect, test } from 'vitest'
import { errorSaid, worthKnowing } from '../../../src/change/apply/engine-says.ts'

test('a new id and warnings are worth knowing, in Docker’s words and in libpod’s', () => {
  const id = '4f3a21c0d5e6'.padEnd(64, '0')
  expect(worthKnowing(JSON.stringify({ Id: id, Warning: '' }))).toBe('id 4f3a21c0d5e6')
  expect(worthKnowing(JSON.stringify({ Id: id, Warning: 'a name like it is there' }))).toBe(
    'id 4f3a21c0d5e6; a name like it is there',
  )
  expect(worthKnowing(JSON.stringify({ name: 'net1', id }))).toBe('id 4f3a21c0d5e6')
  expect(worthKnowing(JSON.stringify({ Warnings: ['one', 'two'] }))).toBe('one; two')
  for (const nothing of ['', 'OK', '[]', 'null', '{"Id":7}']) expect(worthKnowing(nothing)).toBeNull()
})

test('an error is the engine’s message whole, and nothing that a terminal obeys', () => {
  const message = `Pool overlaps with other one on this address space${' x'.repeat(3000)}`
  expect(errorSaid(403, JSON.stringify({ message }))).toBe(`${message}\n`)
  expect(errorSaid(500, JSON.stringify({ cause: 'c', message: 'first\nsecond \x1b[2J' }))).toBe(
    'first\nsecond \\x1b[2J\n',
  )
  expect(errorSaid(404, 'page not found\n')).toBe('page not found\n')
  expect(errorSaid(500, '')).toBe('the engine answered 500\n')
})
