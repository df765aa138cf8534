import { expect, test } from 'vitest'
import { isUtf8 } from '../../src/tui/terminal/locale.ts'
import { refusal } from '../../src/tui/terminal/refusal.ts'

const terminal = { inputIsTerminal: true, outputIsTerminal: true, term: 'xterm-256color' }

test('a terminal is not refused, whatever its name', () => {
  expect(refusal(terminal)).toBeNull()
  expect(refusal({ ...terminal, term: 'nosuchterm' })).toBeNull()
  expect(refusal({ ...terminal, term: 'linux' })).toBeNull()
})

test.each([
  [{ ...terminal, outputIsTerminal: false }, 'standard output is not a terminal'],
  [{ ...terminal, inputIsTerminal: false }, 'standard input is not a terminal'],
  [{ ...terminal, term: undefined }, 'TERM is not set'],
  [{ ...terminal, term: 'dumb' }, 'TERM=dumb has no full screen'],
])('%j is refused, naming what works', (facts, reason) => {
  const failure = refusal(facts)
  expect(failure?.what).toBe(`cannot open the screen: ${reason}`)
  expect(failure?.hint).toContain('vethscope show')
})

test.each([
  [{ LANG: 'en_GB.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'C' }, false],
  [{}, false],
  [{ LC_ALL: '', LANG: 'de_DE.UTF-8' }, true],
  [{ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, false],
  [{ LC_CTYPE: 'C.UTF-8', LANG: 'C' }, true],
])('%j speaks UTF-8: %s', (env, utf8) => {
  expect(isUtf8(env)).toBe(utf8)
})
