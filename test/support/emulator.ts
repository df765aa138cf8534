/**
 * A terminal without a window: what a program writes goes into @xterm/headless, and tests look at its cells.
 * Shared by the tests of drawing (blessed on a fake stream) and of the whole program (node-pty).
 */
import { Unicode11Addon } from '@xterm/addon-unicode11'
import xterm from '@xterm/headless'

export type Cell = {
  readonly text: string
  /** Index into 256 colours, or null for the terminal's own. */
  readonly fg: number | null
  readonly bg: number | null
  readonly bold: boolean
  readonly underline: boolean
  readonly inverse: boolean
}

export type Emulator = {
  write(data: string | Uint8Array): void
  /** Resolves when all that was written has been drawn. */
  settled(): Promise<void>
  resize(columns: number, rows: number): void
  /** One string a row, without the spaces at its end. */
  rows(): readonly string[]
  text(): string
  /** The first row that holds this text; throws with the whole screen when none does. */
  line(part: string): string
  cell(row: number, column: number): Cell
  /** Row and column of the first occurrence; throws when there is none. */
  find(part: string): { readonly row: number; readonly column: number }
  readonly alternate: boolean
  readonly columns: number
  readonly bracketedPaste: boolean
  readonly cursorHidden: boolean
  readonly applicationKeys: boolean
  readonly cursor: { readonly row: number; readonly column: number }
}

export function emulator(columns = 80, rows = 24): Emulator {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 200 })
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  let cursorHidden = false
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => {
    if (params.includes(25)) cursorHidden = false
    return false
  })
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) => {
    if (params.includes(25)) cursorHidden = true
    return false
  })

  const screenRows = () => {
    const buffer = terminal.buffer.active
    return Array.from(
      { length: terminal.rows },
      (_, row) =>
        buffer
          .getLine(buffer.baseY + row)
          ?.translateToString(true)
          .trimEnd() ?? '',
    )
  }
  const found = (part: string) => {
    const all = screenRows()
    const row = all.findIndex((line) => line.includes(part))
    if (row < 0) throw new Error(`no line holds ${JSON.stringify(part)}:\n${all.join('\n')}`)
    return { row, line: all[row] ?? '' }
  }

  return {
    write: (data) => terminal.write(data),
    settled: () => new Promise((resolve) => terminal.write('', resolve)),
    resize: (newColumns, newRows) => terminal.resize(newColumns, newRows),
    rows: screenRows,
    text: () => screenRows().join('\n'),
    line: (part) => found(part).line,
    find: (part) => {
      const { row, line } = found(part)
      return { row, column: line.indexOf(part) }
    },
    cell: (row, column) => {
      const buffer = terminal.buffer.active
      const cell = buffer.getLine(buffer.baseY + row)?.getCell(column)
      if (cell === undefined) throw new Error(`no cell at row ${row}, column ${column}`)
      return {
        text: cell.getChars(),
        fg: cell.isFgDefault() ? null : cell.getFgColor(),
        bg: cell.isBgDefault() ? null : cell.getBgColor(),
        bold: cell.isBold() !== 0,
        underline: cell.isUnderline() !== 0,
        inverse: cell.isInverse() !== 0,
      }
    },
    get alternate() {
      return terminal.buffer.active.type === 'alternate'
    },
    get columns() {
      return terminal.cols
    },
    get bracketedPaste() {
      return terminal.modes.bracketedPasteMode
    },
    get cursorHidden() {
      return cursorHidden
    },
    get applicationKeys() {
      return terminal.modes.applicationCursorKeysMode
    },
    get cursor() {
      const buffer = terminal.buffer.active
      return { row: buffer.cursorY, column: buffer.cursorX }
    },
  }
}
