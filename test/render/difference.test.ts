import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { attribute, sgrBetween } from '../../src/tui/render/attribute.ts'
import { difference, type Cell, type CellRow } from '../../src/tui/render/difference.ts'
import { emulator } from '../support/emulator.ts'

const columns = 24
const rows = 4
const same = (color: number) => color

/** As blessed packs them. */
function attributes(
  look: { fg?: number; bg?: number; bold?: boolean; underline?: boolean; inverse?: boolean } = {},
) {
  const flags =
    (look.bold === true ? 1 : 0) | (look.underline === true ? 2 : 0) | (look.inverse === true ? 8 : 0)
  return (flags << 18) | ((look.fg ?? 0x1ff) << 9) | (look.bg ?? 0x1ff)
}

function blank(): Cell[][] {
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, (): Cell => [attribute.plain, ' ']),
  )
}

/** Texts at places, later ones above earlier ones, as blessed's boxes would leave the cells. */
function screenful(
  pieces: readonly { row: number; column: number; text: string; look: number }[],
): CellRow[] {
  const cells = blank()
  for (const { row, column, text, look } of pieces) {
    let at = column
    for (const character of text) {
      for (const each of character > '\u2fff' ? [character, '\x03'] : [character]) {
        if (at < columns) cells[row]![at] = [look, each]
        at += 1
      }
    }
  }
  return cells
}

const look = fc
  .record(
    {
      fg: fc.constantFrom(1, 9, 117, 245),
      bg: fc.constantFrom(4, 12, 24, 238),
      bold: fc.boolean(),
      underline: fc.boolean(),
      inverse: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map(attributes)
const piece = fc.record({
  row: fc.nat(rows - 1),
  column: fc.nat(columns - 1),
  text: fc.stringMatching(/^[a-c 容│]{1,12}$/),
  look: fc.oneof(fc.constant(attribute.plain), look),
})
const pieces = fc.array(piece, { maxLength: 10 })

test('what is written turns any screen into any other, cell by cell', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 4 }), async (screens) => {
      const terminal = emulator(columns, rows)
      const old = blank()
      for (const each of screens) terminal.write(difference(old, screenful(each), same))
      await terminal.settled()
      const fresh = emulator(columns, rows)
      fresh.write(difference(blank(), screenful(screens.at(-1)!), same))
      await fresh.settled()
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          expect(visible(terminal, row, column)).toEqual(visible(fresh, row, column))
        }
      }
    }),
    { numRuns: 200 },
  )
})

test('on an empty screen each cell comes out as it was meant', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const screen = screenful(pieces)
      const terminal = emulator(columns, rows)
      terminal.write(difference(blank(), screen, same))
      await terminal.settled()
      screen.forEach((line, row) =>
        line.forEach(([wanted, character], column) => {
          const cell = terminal.cell(row, column)
          const half = character === '\x03' || (character === '容' && line[column + 1]?.[1] !== '\x03')
          if (!half) expect(cell.text || ' ').toBe(character)
          if (character === '\x03') return
          expect(cell.bg).toBe((wanted & 0x1ff) === 0x1ff ? null : wanted & 0x1ff)
          expect(cell.underline).toBe(((wanted >> 18) & 2) !== 0)
          if (character === ' ' || half) return
          expect(cell.fg).toBe(((wanted >> 9) & 0x1ff) === 0x1ff ? null : (wanted >> 9) & 0x1ff)
          expect(cell.bold).toBe(((wanted >> 18) & 1) !== 0)
        }),
      )
    }),
    { numRuns: 200 },
  )
})

/** A space shows no colour and no weight. */
function visible(terminal: ReturnType<typeof emulator>, row: number, column: number) {
  const cell = terminal.cell(row, column)
  if (cell.text !== '' && cell.text !== ' ') return cell
  return {
    text: ' ',
    bg: cell.bg,
    fg: cell.inverse ? cell.fg : null,
    underline: cell.underline,
    inverse: cell.inverse,
  }
}

test('the same screen again writes nothing', () => {
  const old = blank()
  const screen = () => screenful([{ row: 1, column: 2, text: 'veth 容', look: attributes({ fg: 117 }) }])
  expect(difference(old, screen(), same)).not.toBe('')
  expect(difference(old, screen(), same)).toBe('')
})

test('a wide character under the edge of a box above is a space', () => {
  const screen = screenful([
    { row: 0, column: 0, text: 'a容容b', look: attribute.plain },
    { row: 0, column: 4, text: '│x│', look: attribute.plain },
  ])
  expect(difference(blank(), screen, same)).toBe('\x1b[1Ha容 │x│')
})

test('only what differs between two looks is written', () => {
  const selected = attributes({ fg: 117, bg: 24, bold: true })
  expect(sgrBetween(selected, attributes({ fg: 183, bg: 24, bold: true }), same)).toBe('\x1b[38;5;183m')
  expect(sgrBetween(selected, attribute.plain, same)).toBe('\x1b[m')
  expect(sgrBetween(attribute.plain, selected, same)).toBe('\x1b[1;38;5;117;48;5;24m')
  expect(sgrBetween(attributes({ fg: 9 }), attributes({ bg: 12 }), same)).toBe('\x1b[;104m')
})

test('colours are reduced to what the terminal has', () => {
  expect(sgrBetween(attribute.plain, attributes({ fg: 117 }), () => 6)).toBe('\x1b[36m')
})
