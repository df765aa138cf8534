/** What a shell's programs print, as lines of a frame: letters, colours, cursor, scrollback, and what is harmful. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { width } from '../../src/lib/width.ts'
import type { Line } from '../../src/tui/frame.ts'
import { paintLine, paintOf } from '../../src/tui/render/paint-line.ts'
import { openEmulator, type ShellEmulator } from '../../src/tui/shell/shell-emulator.ts'
import { shippedTheme } from '../../src/tui/theme.ts'

type Played = ShellEmulator & { readonly answers: string[]; print(text: string | Uint8Array): Promise<void> }

function played(columns = 20, rows = 4): Played {
  const answers: string[] = []
  const emulator = openEmulator(columns, rows, (text) => answers.push(text))
  return {
    ...emulator,
    answers,
    print: (text) => new Promise((resolve) => emulator.write(text, resolve)),
  }
}
const textOf = (line: Line | undefined): string => (line?.spans ?? []).map(({ text }) => text).join('')
const texts = (it: Played): readonly string[] => it.screen().lines.map(textOf)

test('text with its colours: runs of one look are one span, the same look is the same object', async () => {
  const it = played(60)
  await it.print(
    'plain \x1b[1;31mred\x1b[0m \x1b[48;5;27mblue\x1b[0m \x1b[7;4minv\x1b[0m \x1b[1;31mred\x1b[0m end   \r\n',
  )
  const [line] = it.screen().lines
  expect(line?.spans).toEqual([
    { text: 'plain ', role: 'text' },
    { text: 'red', role: 'text', look: { fg: 1, bold: true } },
    { text: ' ', role: 'text' },
    { text: 'blue', role: 'text', look: { bg: 27 } },
    { text: ' ', role: 'text' },
    { text: 'inv', role: 'text', look: { underline: true, inverse: true } },
    { text: ' ', role: 'text' },
    { text: 'red', role: 'text', look: { fg: 1, bold: true } },
    { text: ' end', role: 'text' },
  ])
  expect(line?.spans[1]?.look).toBe(line?.spans[7]?.look)
})

test.each([
  ['38;2;255;0;0', 196],
  ['38;2;0;0;0', 16],
  ['38;2;128;128;128', 244],
  ['38;2;255;255;255', 231],
  ['38;2;95;135;175', 67],
  ['38;5;200', 200],
  ['97', 15],
  ['2', 245],
])('the colour %s is drawn as %i of the 256', async (sgr, fg) => {
  const it = played()
  await it.print(`\x1b[${sgr}mx`)
  expect(it.screen().lines[0]?.spans[0]?.look).toEqual({ fg })
})

test('hidden text is blank', async () => {
  const it = played()
  await it.print('a\x1b[8msecret\x1b[0mb')
  expect(texts(it)[0]).toBe('a      b')
})

test('letters: wide ones take two columns, an accent joins its letter, what terminals disagree on is □', async () => {
  const it = played()
  await it.print('容器|e\u0301|🐳|x\u0336|\ue0b0|')
  const [line = ''] = texts(it)
  expect(line).toBe('容器|é|□ |□|□|')
  expect(width(line)).toBe(14)
  // The shell's own idea of where it stands is today's: a whale takes two columns.
  expect(it.screen().cursor).toEqual({ row: 0, column: 14 })
})

test('half of a wide letter that was overwritten is a space', async () => {
  const it = played()
  await it.print('容器\x1b[1;2Hx')
  expect(width(texts(it)[0] ?? '')).toBe(4)
  expect(texts(it)[0]).toMatch(/^ x器$/)
})

test('no control character and no turned text gets into a line', async () => {
  const it = played()
  await it.print(
    '\x1b]0;title\x07a\x1b]52;c;aGk=\x07b\x1bPq\x1b\\c\x9b31md\u202ee\u200bf\x1b_x\x1b\\g\x0e\x0f\x7f\x01h',
  )
  const [line = ''] = texts(it)
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(line.replaceAll('□', '')).toMatch(/^abc.*g.*h$/)
})

test('whatever is printed: as many lines as rows, none wider than the columns, and none with a control', async () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\x1b[',
      '\x1b]',
      '\x1bP',
      '\x1b[?1049h',
      '\x1b[2J',
      '\x1b[31;1m',
      '容',
      '🐳',
      '\r\n',
      '\x1b[5;5H',
    ),
    fc.integer({ min: 0, max: 99 }).map((n) => `\x1b[${n}${'ABCDHJKLMPX@mrhl'[n % 16]}`),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const it = played(15, 5)
      await it.print(pieces.join(''))
      const { lines, cursor } = it.screen()
      expect(lines).toHaveLength(5)
      for (const line of lines) {
        expect(width(textOf(line))).toBeLessThanOrEqual(15)
        expect(textOf(line)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
      }
      if (cursor !== null) expect(cursor.row < 5 && cursor.column < 15).toBe(true)
      it.close()
    }),
    { numRuns: 30 },
  )
})

test('questions are answered with numbers, and to the program alone', async () => {
  const it = played()
  await it.print('\x1b[c\x1b[6n\x1b[5n\x1bP$q"p\x1b\\\x1b[21t\x1b[18t\x1b]10;?\x07\x1b[?2004$p')
  expect(it.answers).toContain('\x1b[1;1R')
  expect(it.answers).toContain('\x1b[0n')
  expect(it.answers.filter((answer) => !/^\x1b\[[?>0-9;]*[cnR$y]+$/.test(answer))).toEqual([])
})

test('the cursor hides and shows, and is not drawn where one has scrolled back', async () => {
  const it = played(10, 3)
  await it.print('ab')
  expect(it.screen().cursor).toEqual({ row: 0, column: 2 })
  await it.print('\x1b[?25l')
  expect(it.screen().cursor).toBeNull()
  await it.print('\x1b[?25h\r\n2\r\n3\r\n4\r\n5')
  expect(it.screen()).toMatchObject({ cursor: { row: 2, column: 1 }, back: 0, kept: 2 })
  it.scroll(-2)
  expect(it.screen()).toMatchObject({ cursor: null, back: 2 })
  expect(texts(it)).toEqual(['ab', '2', '3'])
  // What comes meanwhile does not move what is looked at.
  await it.print('\r\n6')
  expect(texts(it)).toEqual(['ab', '2', '3'])
  it.scroll('end')
  expect(texts(it)).toEqual(['4', '5', '6'])
  await it.print('\x1b[?25l\x1bc')
  expect(it.screen().cursor).toEqual({ row: 0, column: 0 })
})

test('the alternate screen leaves what was there as it was', async () => {
  const it = played(10, 2)
  await it.print('shell$ vi')
  await it.print('\x1b[?1049h\x1b[?1h\x1b=\x1b[2J\x1b[Hfile')
  expect(texts(it)).toEqual(['file', ''])
  expect(it.modes()).toEqual({ cursorKeys: true, keypad: true, paste: false })
  await it.print('\x1b[?1049l\x1b[?1l\x1b>\x1b[?2004h')
  expect(texts(it)).toEqual(['shell$ vi', ''])
  expect(it.modes()).toEqual({ cursorKeys: false, keypad: false, paste: true })
})

test('a line that did not change is the same object', async () => {
  const it = played()
  await it.print('one\r\n\x1b[32mtwo\x1b[0m\r\nthree')
  const before = it.screen().lines
  await it.print('!')
  const after = it.screen().lines
  expect([0, 1, 2].map((at) => before[at] === after[at])).toEqual([true, true, false])
})

test('a look is painted on the theme’s ground, and a theme without colours takes it away', async () => {
  const it = played(12)
  await it.print('a\x1b[1;38;5;196mb\x1b[0m')
  const line = it.screen().lines[0]
  const painted = (name: string, depth: 256 | 8 = 256) => {
    const theme = shippedTheme(name)
    if (theme === null) throw new Error(name)
    return paintLine(line, 3, paintOf(theme, false, depth))
  }
  expect(painted('dark')).toContain('\x1b[1;38;5;196mb')
  expect(painted('dark', 8)).toContain('\x1b[1;38;5;1mb')
  const { ground } = shippedTheme('light') ?? {}
  if (ground !== undefined) expect(painted('light')).toContain(`\x1b[1;38;5;196;48;5;${ground}mb`)
  expect(painted('monochrome')).toContain('\x1b[1mb')
})
