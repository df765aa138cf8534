/**
 * A row of an emulator's cells → a line of a frame. Exactly as wide as the row: what is no character that blessed and
 * terminals place alike becomes □, in as many columns as the shell's program thinks it has.
 */
import type { IBufferCell, IBufferLine } from '@xterm/headless'
import { sanitise } from '../../lib/sanitise.ts'
import { drawable, undrawable, width } from '../../lib/width.ts'
import type { Line, Look, Span } from '../frame.ts'

/** `cell`: one to read into, for all of them. */
export function cellLine(row: IBufferLine | undefined, columns: number, cell: IBufferCell): Line {
  const spans: Span[] = []
  let text = ''
  let look: Look | null = null
  let column = 0
  const end = () => {
    if (text !== '') spans.push(look === null ? { text, role: 'text' } : { text, role: 'text', look })
    text = ''
  }
  while (column < columns && row?.getCell(column, cell) !== undefined) {
    const wide = cell.getWidth()
    const own = lookOf(cell)
    if (own !== look) {
      end()
      look = own
    }
    // The second half of a wide one whose first half was overwritten.
    text += wide === 0 ? ' ' : textOf(cell, Math.min(wide, columns - column))
    column += Math.max(1, wide)
  }
  end()
  return { spans: withoutEnd(spans) }
}

function textOf(cell: IBufferCell, columns: number): string {
  if (cell.isInvisible() !== 0) return ' '.repeat(columns)
  const characters = cell.getChars()
  if (characters === '') return ' '.repeat(columns)
  if (characters.length === 1 && characters >= ' ' && characters <= '~') return characters
  // A letter and its accent in one where there is such a letter.
  const composed = sanitise(characters.normalize('NFC'))
  if (drawable(composed) === composed && width(composed) === columns) return composed
  return undrawable + ' '.repeat(columns - 1)
}

/** What a line is filled with anyway. */
function withoutEnd(spans: readonly Span[]): readonly Span[] {
  const last = spans.at(-1)
  if (last === undefined || last.look !== undefined) return spans
  const text = last.text.trimEnd()
  return text === '' ? spans.slice(0, -1) : [...spans.slice(0, -1), { text, role: last.role }]
}

const looks = new Map<number, Look>()
const flagOf = { bold: 1, underline: 2, inverse: 4 } as const
/** More than programs use; what makes up a new one for each cell must not fill the memory. */
const mostLooks = 4096

/** The same object for the same look; null: as text is drawn. */
function lookOf(cell: IBufferCell): Look | null {
  if (cell.isAttributeDefault()) return null
  const dim = cell.isDim() !== 0
  const fg = cell.isFgDefault() ? (dim ? dimmed : own) : colourOf(cell.getFgColor(), cell.isFgRGB())
  const bg = cell.isBgDefault() ? own : colourOf(cell.getBgColor(), cell.isBgRGB())
  const flags =
    (cell.isBold() === 0 ? 0 : flagOf.bold) +
    (cell.isUnderline() === 0 ? 0 : flagOf.underline) +
    (cell.isInverse() === 0 ? 0 : flagOf.inverse)
  if (fg === own && bg === own && flags === 0) return null
  const key = (fg * 257 + bg) * 8 + flags
  const known = looks.get(key)
  if (known !== undefined) return known
  const look: Look = {
    ...(fg === own ? {} : { fg }),
    ...(bg === own ? {} : { bg }),
    ...(cell.isBold() === 0 ? {} : { bold: true }),
    ...(cell.isUnderline() === 0 ? {} : { underline: true }),
    ...(cell.isInverse() === 0 ? {} : { inverse: true }),
  }
  if (looks.size >= mostLooks) looks.clear()
  looks.set(key, look)
  return look
}

/** The terminal's own. */
const own = 256
/** blessed knows no dim; grey is what it looks like. */
const dimmed = 245

/** Of the 256: blessed draws no others. */
function colourOf(colour: number, isRgb: boolean): number {
  if (!isRgb) return Math.min(255, Math.max(0, colour))
  /* oxlint-disable no-bitwise -- a byte each */
  const [red, green, blue] = [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255]
  /* oxlint-enable no-bitwise */
  if (red === green && green === blue) {
    if (red < 4) return 16
    if (red > 246) return 231
    return 232 + Math.min(23, Math.max(0, Math.round((red - 8) / 10)))
  }
  const level = (value: number): number => (value < 48 ? 0 : value < 115 ? 1 : Math.floor((value - 35) / 40))
  return 16 + 36 * level(red) + 6 * level(green) + level(blue)
}
