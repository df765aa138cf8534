/**
 * blessed's screen and box, set up so that they draw on today's terminals. The only file that loads blessed.
 *
 * - Loaded by file: the package's own entry reads all of its widgets, at twice the time.
 * - A capability of the terminal is compiled when it is first used: of some hundred, a dozen ever are.
 * - The terminal's description is blessed's own `usr/xterm-256color`, whatever TERM says: blessed cannot parse
 *   today's terminfo files and then falls back to 8 colours. The Linux console gets blessed's `usr/linux`, and
 *   VT terminals (serial consoles, which have no 256 colours) its `usr/xterm`.
 *   It lowers the case of whatever path it is given, so where a description stands is answered here.
 * - `TMUX` is hidden while it starts: blessed would run `tmux -V` and wait for it.
 * - Its handlers of signals and exceptions are taken away again: they leave with code 0 or 1, and session.ts does
 *   better. The one at exit stays: it restores the terminal when all else failed.
 * - blessed never sees the keyboard or the real output: it gets an input that says nothing and an output that
 *   passes text on, so it reacts to no key, no resize and no error by itself.
 */
import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import type { Widgets } from 'blessed'
import colors from 'blessed/lib/colors.js'
import Tput, { type Capability, type Compile } from 'blessed/lib/tput.js'
import Box from 'blessed/lib/widgets/box.js'
import Screen from 'blessed/lib/widgets/screen.js'
import { debug } from '../../lib/debug-log.ts'
import type { Size } from '../frame.ts'
import { difference, type Cell, type CellRow } from './difference.ts'

/** What blessed has and its types leave out. */
export type BlessedScreen = Widgets.Screen & {
  alloc(): void
  enter(): void
  leave(): void
  clearRegion(left: number, right: number, top: number, bottom: number, override?: boolean): void
  readonly lines: CellRow[]
  readonly olines: Cell[][]
  draw(start: number, end: number): void
  readonly program: {
    cols: number
    rows: number
    cursorHidden: boolean
    flush(): void
    hideCursor(): void
    showCursor(): void
    readonly put: { cup(row: number, column: number): void }
    /** Kept until `flush`. */
    print(text: string): void
  }
  readonly tput: { readonly colors: number }
}
export type BlessedBox = Widgets.BoxElement & {
  readonly position: { top: number; left: number; width: number; height: number }
}

export type BlessedOptions = {
  readonly term: string
  readonly utf8: boolean
  readonly size: Size
  write(text: string): void
}

export type Blessed = {
  readonly screen: BlessedScreen
  box(): BlessedBox
}

const hideCursor = '\x1b[?25l'
const showCursor = '\x1b[?25h'

export function openBlessed(options: BlessedOptions): Blessed {
  const output = Object.assign(new EventEmitter(), {
    columns: options.size.columns,
    rows: options.size.rows,
    isTTY: true,
    writable: true,
    write: (text: string) => {
      options.write(text)
      return true
    },
  })
  const screen = withoutHandlers(() =>
    withoutTmux(
      () =>
        new Screen({
          input: new EventEmitter(),
          output,
          terminal: descriptionFile(descriptionOf(options.term)),
          fullUnicode: options.utf8,
          forceUnicode: options.utf8,
          smartCSR: true,
          warnings: false,
          autoPadding: false,
        }),
    ),
  )
  screen.on('warning', (text: string) => debug('blessed', text))
  screen.draw = () => {
    const { lines, olines, program, tput } = screen
    const text = difference(olines, lines, (color) => colors.reduce(color, tput.colors))
    if (text === '') return
    program.print(program.cursorHidden ? text : `${hideCursor}${text}${showCursor}`)
  }
  return {
    screen,
    box: () => new Box({ parent: screen, top: 0, left: 0, width: 1, height: 1, tags: false, wrap: false }),
  }
}

compileLater(Tput.prototype)

/* oxlint-disable no-underscore-dangle -- blessed's own names */
Tput.prototype._prefix = descriptionFile

function compileLater(tput: { _compile: Compile }): void {
  const compile = tput._compile
  tput._compile = function later(info, key, value) {
    // Where there is nothing to compile, blessed's own answer says so.
    if (typeof value !== 'string' || value === '') return compile.call(this, info, key, value)
    let compiled: Capability | null = null
    return (parameters: readonly unknown[]) => {
      compiled ??= compile.call(this, info, key, value) as Capability
      return compiled.call(this, parameters)
    }
  }
}
/* oxlint-enable no-underscore-dangle */

/** Of a description's name, or of a path to it whose case was lowered. */
function descriptionFile(term: string): string {
  return createRequire(import.meta.url).resolve(`blessed/usr/${basename(term)}`)
}

function descriptionOf(term: string): string {
  if (term.startsWith('linux')) return 'linux'
  return /^vt\d/.test(term) ? 'xterm' : 'xterm-256color'
}

function withoutHandlers<T>(open: () => T): T {
  const events = ['uncaughtException', 'SIGTERM', 'SIGINT', 'SIGQUIT'] as const
  const before = new Set(events.flatMap((event) => process.rawListeners(event)))
  const opened = open()
  for (const event of events) {
    for (const listener of process.rawListeners(event)) {
      if (!before.has(listener)) process.removeListener(event, listener as () => void)
    }
  }
  return opened
}

function withoutTmux<T>(open: () => T): T {
  const { TMUX } = process.env
  delete process.env['TMUX']
  try {
    return open()
  } finally {
    if (TMUX !== undefined) process.env['TMUX'] = TMUX
  }
}
