/**
 * How many columns of a terminal a text takes, and text cut or filled to a number of columns.
 *
 * There is one answer for the whole program: the number of cells blessed draws, because a box whose text is
 * measured otherwise tears its right border. Where blessed's table (of 2015) and today's terminals disagree
 * (emoji, variation selectors, keycaps, flags, combining marks) no number is right, so such characters are not
 * drawn: `drawable` puts □ in their place. Callers measure and draw what came out of `drawable`.
 */
import { createRequire } from 'node:module'
import { eastAsianWidth } from 'get-east-asian-width'

/** Stands for a character whose width terminals do not agree on. */
export const undrawable = '□'
const ellipsis = '…'

/**
 * Printable ASCII, and the characters that the screen draws with (Latin-1, dashes, quotes, bullets, arrows, lines,
 * blocks, shapes): one column for blessed and for terminals alike. A test holds this against both tables.
 */
const plain =
  /^[\x20-\x7e\xa1-\xac\xae-\xff\u2010-\u2027\u2190-\u2193\u21c4\u2500-\u259f\u25a1\u25b2-\u25bc]*$/

/** What blessed/lib/unicode.js holds; loaded when the first text needs it, because most never do. */
type BlessedUnicode = {
  charWidth(codePoint: number): number
  readonly chars: { readonly wide: RegExp }
}
let table: BlessedUnicode | undefined
const cells = new Map<number, 0 | 1 | 2>()
const drawableCells = new Map<number, boolean>()

/** Columns that blessed uses for a sanitised text. */
export function width(text: string): number {
  if (plain.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += cellsOf(character)
  return columns
}

/** The same text with □ for each character that terminals and blessed would not place alike. */
export function drawable(text: string): string {
  if (plain.test(text)) return text
  let out = ''
  for (const character of text) out += isDrawable(character) ? character : undrawable
  return out
}

/** At most `columns` wide; a text that had to be cut ends with `mark`. */
export function cut(text: string, columns: number, mark: string = ellipsis): string {
  if (columns <= 0) return ''
  if (plain.test(text)) {
    if (text.length <= columns) return text
    return markedStart(text.slice(0, columns), columns, mark)
  }
  return width(text) <= columns ? text : markedStart(text, columns, mark)
}

/** Exactly `columns` wide: cut, or filled with spaces on the right. */
export function pad(text: string, columns: number, mark: string = ellipsis): string {
  const fitting = cut(text, columns, mark)
  return fitting + ' '.repeat(Math.max(0, columns - width(fitting)))
}

/** As much of the text's start as leaves room for the mark; a wide character that does not fit is left out. */
function markedStart(text: string, columns: number, mark: string): string {
  const room = columns - width(mark)
  if (room < 0) return mark.slice(0, columns)
  let out = ''
  let used = 0
  for (const character of text) {
    used += cellsOf(character)
    if (used > room) break
    out += character
  }
  return out + mark
}

function cellsOf(character: string): 0 | 1 | 2 {
  const point = character.codePointAt(0) ?? 0
  if (point >= 0x20 && point < 0x7f) return 1
  // blessed asks its screen how wide a tab is; a sanitised text has none.
  if (point < 0x20) return 0
  const known = cells.get(point)
  if (known !== undefined) return known
  const columns = blessedUnicode().charWidth(point)
  const found = columns === 0 ? 0 : columns === 2 ? 2 : 1
  cells.set(point, found)
  return found
}

function isDrawable(character: string): boolean {
  if (character >= ' ' && character <= '~') return true
  const point = character.codePointAt(0) ?? 0
  const known = drawableCells.get(point)
  if (known !== undefined) return known
  const found = decideDrawable(character, point)
  drawableCells.set(point, found)
  return found
}

/**
 * Beyond the first 65,536 code points blessed counts UTF-16 units instead of characters when it cuts a line, and
 * emoji and flags live there. Below, its cells and today's East Asian Width must agree, and so must its second
 * table (`chars.wide`), which decides whether the cell after a wide character is kept free.
 */
function decideDrawable(character: string, point: number): boolean {
  if (point > 0xffff) return false
  if (/[\p{Mark}\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/u.test(character)) return false
  const columns = cellsOf(character)
  const wide = blessedUnicode().chars.wide
  wide.lastIndex = 0
  return columns > 0 && columns === eastAsianWidth(point) && wide.test(character) === (columns === 2)
}

function blessedUnicode(): BlessedUnicode {
  table ??= createRequire(import.meta.url)('blessed/lib/unicode.js') as BlessedUnicode
  return table
}
