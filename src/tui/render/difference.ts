/**
 * What to write so that a terminal that shows `old` shows `now`. In place of blessed's own (screen.js, `draw`), which
 * resets and repeats all attributes at each change of one, jumps over every single cell that stayed, and repeats
 * wide characters always: a move of the selection took up to 1.4 kB at 80×24.
 *
 * A cell is blessed's: attributes (see `attribute`) and a character; the cell after a wide one holds U+0003.
 */
import { width } from '../../lib/width.ts'
import { attribute, sgrBetween } from './attribute.ts'

export type Cell = [attributes: number, character: string]
export type CellRow = Cell[] & { dirty?: boolean }

const continuation = '\x03'
/** Rather repeat this many cells that stayed than jump over them: a jump costs four bytes. */
const shortGap = 4
/** Rather erase to the end of the line than write this many spaces. */
const manySpaces = 4

/** Also brings `old` up to what the terminal then shows. Leaves the attributes reset; says nothing of the cursor. */
export function difference(
  old: Cell[][],
  now: readonly CellRow[],
  reduce: (color: number) => number,
): string {
  const plain = attribute.plain
  let out = ''
  let current = plain
  /** Where the terminal's cursor stands; −1: not known. */
  let cursorRow = -1
  let cursorColumn = -1

  const put = (row: number, column: number, [wanted, character]: Cell) => {
    if (!looksAlike(current, wanted, character)) {
      out += sgrBetween(current, wanted, reduce)
      current = wanted
    }
    out += character
    cursorRow = row
    cursorColumn = column + (isWide(character) ? 2 : 1)
  }

  const moveTo = (row: number, column: number, cells: readonly Cell[]) => {
    if (cursorRow === row && cursorColumn === column) return
    const gap = column - cursorColumn
    const near = cursorRow === row && gap > 0
    if (near && gap <= shortGap) {
      const between = cells.slice(cursorColumn, column)
      if (between.every((cell) => isAscii(cell[1]) && looksAlike(current, cell[0], cell[1]))) {
        out += between.map((cell) => cell[1]).join('')
        cursorColumn = column
        return
      }
    }
    out += near ? `\x1b[${gap === 1 ? '' : gap}C` : `\x1b[${row + 1}${column === 0 ? '' : `;${column + 1}`}H`
    cursorRow = row
    cursorColumn = column
  }

  now.forEach((line, row) => {
    const before = old[row]
    if (line.dirty === false || before === undefined) return
    line.dirty = false
    const cells = shown(line)
    const blank = blankFrom(cells)
    for (let column = 0; column < cells.length; column += 1) {
      const cell = cells[column] ?? [plain, ' ']
      if (cell[1] === continuation || sameCell(before[column], cell)) continue
      moveTo(row, column, cells)
      if (column >= blank && changedSpaces(before, cells, column) > manySpaces) {
        if (current !== plain) {
          out += sgrBetween(current, plain, reduce)
          current = plain
        }
        out += '\x1b[K'
        break
      }
      put(row, column, cell)
    }
    cells.forEach(([attributes, character], column) => (before[column] = [attributes, character]))
  })
  if (current !== plain) out += '\x1b[m'
  return out
}

/** A wide character of which a box above shows only half is drawn as a space. */
function shown(line: readonly Cell[]): Cell[] {
  return line.map(([attributes, character], column): Cell => {
    if (isWide(character)) return [attributes, line[column + 1]?.[1] === continuation ? character : ' ']
    if (character !== continuation) return [attributes, character]
    return [attributes, isWide(line[column - 1]?.[1] ?? '') ? continuation : ' ']
  })
}

function sameCell(a: Cell | undefined, b: Cell | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a[1] === b[1] && looksAlike(a[0], b[0], a[1])
}

/** A space has no colour of its own, only a ground. */
function looksAlike(a: number, b: number, character: string): boolean {
  if (a === b) return true
  return character === ' ' && attribute.ground(a) === attribute.ground(b)
}

/** The column from which on there is nothing but spaces on the terminal's own ground. */
function blankFrom(cells: readonly Cell[]): number {
  const last = cells.findLastIndex(
    ([attributes, character]) =>
      character !== ' ' || attribute.ground(attributes) !== attribute.ground(attribute.plain),
  )
  return last + 1
}

function changedSpaces(before: readonly Cell[], cells: readonly Cell[], from: number): number {
  let count = 0
  for (let column = from; column < cells.length; column += 1) {
    if (!sameCell(before[column], cells[column])) count += 1
  }
  return count
}

function isAscii(character: string): boolean {
  return character >= ' ' && character <= '~'
}

function isWide(character: string): boolean {
  return character > '~' && width(character) === 2
}
