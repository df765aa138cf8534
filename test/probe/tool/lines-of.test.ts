import { expect, test } from 'vitest'
import { linesOf } from '../../../src/probe/tool/lines-of.ts'

function lines(...pieces: readonly (string | Buffer)[]): readonly string[] {
  const found: string[] = []
  const of = linesOf((line) => found.push(line))
  for (const piece of pieces) of.add(Buffer.from(piece))
  of.end()
  return found
}

test('lines, however they come in pieces', () => {
  expect(lines('a\nb', 'c\n', '\nd')).toEqual(['a', 'bc', '', 'd'])
  expect(lines()).toEqual([])
  const letter = Buffer.from('ä\n')
  expect(lines(letter.subarray(0, 1), letter.subarray(1))).toEqual(['ä'])
})

test('line ends of other systems, also across pieces, and progress that goes back', () => {
  expect(lines('a\r\nb\r', '\nc\r\n')).toEqual(['a', 'b', 'c'])
  expect(lines('10%\r20%\r', '30%\n')).toEqual(['10%', '20%', '30%'])
  expect(lines('last\r')).toEqual(['last'])
})

test('nothing reaches a terminal that it would obey', () => {
  expect(lines('\x1b[31mred\x1b]0;x\x07\n')).toEqual(['\\x1b[31mred\\x1b]0;x\\x07'])
  expect(lines('a\tb\n')).toEqual(['a       b'])
  expect(lines(Buffer.from([0xff, 0x0a]))).toEqual(['\ufffd'])
})

test('who never ends a line is shown in pieces', () => {
  expect(lines('x'.repeat(5000)).map(({ length }) => length)).toEqual([2000, 2000, 1000])
  expect(lines(...Array.from({ length: 50 }, () => 'y'.repeat(100))).join('')).toBe('y'.repeat(5000))
})
