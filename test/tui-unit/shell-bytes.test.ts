/** Bytes on their way to a shell: the leave key, pastes, and keys by their names. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { harmlessAnswer } from '../../src/tui/shell/harmless-answers.ts'
import { keyBytes } from '../../src/tui/shell/key-bytes.ts'
import { withLeaveKey } from '../../src/tui/shell/leave-key.ts'
import { byteScanner } from '../../src/tui/shell/scan-bytes.ts'

/** What reaches the shell, and the keys that are ours, as each chunk is scanned to its end. */
function passed(chunks: readonly string[], marks = true, leave = 'C-]'): readonly string[] {
  const scanner = byteScanner(leave)
  const out: string[] = []
  for (const chunk of chunks) {
    for (let rest = Buffer.from(chunk, 'latin1'); rest.length > 0;) {
      const scanned = scanner.scan(rest, marks)
      if (scanned.taken.length > 0) out.push(scanned.taken.toString('latin1'))
      if (scanned.key !== null) out.push(`<${scanned.key}>`)
      rest = Buffer.from(scanned.rest)
    }
  }
  return out
}

test('the leave key is found inside a chunk, and what is around it stays apart', () => {
  expect(passed(['ls\r\x1dq'])).toEqual(['ls\r', '<C-]>', 'q'])
  expect(passed(['\x1d\x1d'])).toEqual(['<C-]>', '<C-]>'])
  expect(passed(['a\x07b'], true, 'C-g')).toEqual(['a', '<C-g>', 'b'])
  expect(passed(['a\x1db'], true, 'C-g')).toEqual(['a\x1db'])
})

test('Escape, Ctrl-C, arrows, other sequences and UTF-8 pass as they are, at once', () => {
  for (const bytes of [
    '\x1b',
    '\x03',
    '\x1a',
    '\x1b[',
    '\x1b[A',
    '\x1bOA',
    '\x1bx',
    '\xf0\x9f\x90',
    '\x1b[3~',
  ])
    expect(passed([bytes])).toEqual([bytes])
})

test('Shift and Alt with PgUp and PgDn scroll', () => {
  expect(passed(['a\x1b[5;2~b\x1b[6;2~'])).toEqual(['a', '<S-pageup>', 'b', '<S-pagedown>'])
  expect(passed(['\x1b[5;3~\x1b[6;3~\x1b[5~'])).toEqual(['<M-pageup>', '<M-pagedown>', '\x1b[5~'])
})

test('no paste leaves the shell, and its marks reach only who asked for them', () => {
  const paste = '\x1b[200~rm\x1d\x1b[5;2~q\x1b[201~'
  expect(passed([paste])).toEqual([paste])
  expect(passed([paste], false)).toEqual(['rm\x1d\x1b[5;2~q'])
  expect(passed([`${paste}\x1d`])).toEqual([paste, '<C-]>'])
})

test('wherever a line splits a paste, no key is found in it, nor a mark left over', () => {
  const text = 'x\x1b[200~q\x1dq\x1b[201~y'
  for (let at = 0; at <= text.length; at += 1) {
    // A mark split behind ESC or `ESC [` passes: to wait for more there would hold back keys.
    const isHeldBack = !/\x1b\[?$/.test(text.slice(0, at))
    const got = passed([text.slice(0, at), text.slice(at)], false)
    if (isHeldBack) expect(got.join('')).toBe('xq\x1dqy')
  }
})

test('what is scanned is neither lost nor made up', () => {
  const piece = fc.constantFrom(
    '\x1b',
    '[',
    '2',
    '0',
    '1',
    '~',
    '5;2~',
    'a',
    'é',
    '\x1b[200~',
    '\x1b[201~',
    '\r',
  )
  fc.assert(
    fc.property(fc.array(fc.array(piece).map((all) => all.join(''))), (chunks) => {
      const all = chunks.map((chunk) => Buffer.from(chunk).toString('latin1'))
      const scrolled: Readonly<Record<string, string>> = {
        '<S-pageup>': '\x1b[5;2~',
        '<S-pagedown>': '\x1b[6;2~',
      }
      const out = passed([...all, 'end'], true).map((part) => scrolled[part] ?? part)
      expect(out.join('')).toBe(`${all.join('')}end`)
    }),
  )
})

test('keys that were read with the one that led to the shell are typed as they would have come', () => {
  const keys = [
    'i',
    'space',
    'ä',
    'enter',
    'tab',
    'C-c',
    'C-z',
    'C-]',
    'escape',
    'up',
    'M-b',
    'backspace',
    'f5',
  ]
  expect(keys.map(keyBytes)).toEqual([
    'i',
    ' ',
    'ä',
    '\r',
    '\t',
    '\x03',
    '\x1a',
    '\x1d',
    '\x1b',
    '\x1b[A',
    '\x1bb',
    '\x7f',
    '',
  ])
})

test('only answers of numbers are given to a program', () => {
  for (const answer of ['\x1b[?1;2c', '\x1b[0n', '\x1b[3;1R', '\x1b[?2026;2$y', '\x1b[>0;276;0c'])
    expect(harmlessAnswer(answer)).toBe(answer)
  for (const harm of ['\x1bP1$r0m\x1b\\', '\x1b]l;rm -rf\x1b\\', 'x', '\x1b[3;1Rreboot\r', '\x1b[8;24;80t'])
    expect(harmlessAnswer(harm)).toBe('')
})

test('the leave key is the config’s, else the first of its action’s that is one byte, else Ctrl-]', () => {
  expect(withLeaveKey(undefined, undefined)).toEqual({ keys: undefined, leave: 'C-]' })
  expect(withLeaveKey({ help: ['h'] }, 'C-g')).toEqual({
    keys: { help: ['h'], 'shell-leave': ['C-g'] },
    leave: 'C-g',
  })
  expect(withLeaveKey({ 'shell-leave': ['f12', 'C-o'] }, undefined)).toEqual({
    keys: { 'shell-leave': ['C-o', 'f12'] },
    leave: 'C-o',
  })
  expect(withLeaveKey({ 'shell-leave': ['f12'] }, undefined).leave).toBe('C-]')
})

test('a leave key of the config is one that a terminal sends as one byte', () => {
  for (const leaveKey of ['C-]', 'C-g', 'C-^', 'C-\\', 'C-_', 'C-o'])
    expect(checkConfig({ leaveKey }, 'config.json').ok).toBe(true)
  for (const leaveKey of ['x', 'f12', 'C-c', 'C-z', 'C-m', 'C-i', 'C-h', 'C-[', 'C-M-a', '']) {
    const checked = checkConfig({ leaveKey }, 'config.json')
    expect(checked.ok).toBe(false)
    expect(checked.ok ? '' : checked.failure.what).toContain('leaveKey cannot leave a shell')
  }
})
