/**
 * A shell's terminal: what its programs print is understood here, and only cells come out, so that no control sequence of theirs
 * reaches the terminal of whoever looks. Loaded with the first shell.
 */
import xterm from '@xterm/headless'
import type { Line } from '../frame.ts'
import { cellLine } from './cell-line.ts'
import { cellWidths } from './cell-widths.ts'
import { harmlessAnswer } from './harmless-answers.ts'
import type { ShellScreen } from './shells-state.ts'

export type KeyboardModes = {
  /** Arrows and keypad send what full-screen programs ask for (DECCKM, DECNKM). */
  readonly cursorKeys: boolean
  readonly keypad: boolean
  /** Pastes are marked. */
  readonly paste: boolean
}

export type ShellEmulator = {
  /** `done`: it was understood. */
  write(bytes: Uint8Array | string, done: () => void): void
  resize(columns: number, rows: number): void
  scroll(lines: number | 'end'): void
  screen(): ShellScreen
  modes(): KeyboardModes
  close(): void
}

/** Lines that can be scrolled back to: at 80 columns they take 2 MB. */
const scrollback = 2000

/** `onAnswer`: what the emulator says to the program, as if typed. */
export function openEmulator(columns: number, rows: number, onAnswer: (text: string) => void): ShellEmulator {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback,
    allowProposedApi: true,
    logLevel: 'off',
  })
  terminal.unicode.register(cellWidths)
  terminal.unicode.activeVersion = cellWidths.version
  let isCursorHidden = false
  const turnCursor = (isHidden: boolean) => (parameters: readonly (number | number[])[]) => {
    if (parameters.includes(25)) isCursorHidden = isHidden
    return false
  }
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, turnCursor(false))
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, turnCursor(true))
  const reset = () => {
    isCursorHidden = false
    return false
  }
  terminal.parser.registerEscHandler({ final: 'c' }, reset)
  terminal.parser.registerCsiHandler({ intermediates: '!', final: 'p' }, reset)
  terminal.onData((text) => {
    const answer = harmlessAnswer(text)
    if (answer !== '') onAnswer(answer)
  })
  const cell = terminal.buffer.active.getNullCell()
  let before: ShellScreen | null = null

  return {
    write: (bytes, done) => terminal.write(bytes, done),
    resize: (toColumns, toRows) => terminal.resize(Math.max(2, toColumns), Math.max(1, toRows)),
    scroll: (lines) => {
      if (lines === 'end') terminal.scrollToBottom()
      else terminal.scrollLines(lines)
    },
    screen: () => {
      const buffer = terminal.buffer.active
      const { viewportY, baseY } = buffer
      const lines = Array.from({ length: terminal.rows }, (_, row): Line => {
        const line = cellLine(buffer.getLine(viewportY + row), terminal.cols, cell)
        const old = before?.lines[row]
        return old !== undefined && isSame(old, line) ? old : line
      })
      const row = buffer.cursorY + baseY - viewportY
      const isInSight = !isCursorHidden && row >= 0 && row < terminal.rows
      const cursor = isInSight ? { row, column: Math.min(buffer.cursorX, terminal.cols - 1) } : null
      before = { lines, cursor, back: baseY - viewportY, kept: baseY }
      return before
    },
    modes: () => {
      const { applicationCursorKeysMode, applicationKeypadMode, bracketedPasteMode } = terminal.modes
      return {
        cursorKeys: applicationCursorKeysMode,
        keypad: applicationKeypadMode,
        paste: bracketedPasteMode,
      }
    },
    close: () => terminal.dispose(),
  }
}

function isSame(a: Line, b: Line): boolean {
  return (
    a.spans.length === b.spans.length &&
    a.spans.every((span, at) => {
      const other = b.spans[at]
      return span.text === other?.text && span.look === other.look
    })
  )
}
