/**
 * A program in a real pseudo-terminal, as a person has it: keys go in, cells come out. Size, TERM and LANG are
 * pinned; every wait has a limit and fails with the screen as it stands.
 */
import { readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { emulator, type Emulator } from './emulator.ts'
import { svgOf } from './svg.ts'

export type TestTerminal = {
  readonly screen: Emulator
  readonly pid: number
  /** Sends keys by name, each after the one before was answered: something changed, and then it was quiet. */
  press(...keys: readonly string[]): Promise<void>
  /** Sends bytes and waits for nothing. */
  send(bytes: string): void
  /** Until what is on the screen satisfies this; gives the screen's text. */
  waitFor(wanted: string | RegExp | ((text: string) => boolean), limitMs?: number): Promise<string>
  /** Until nothing was written for a while. */
  idle(quietMs?: number): Promise<void>
  text(): string
  /** All that was written since the start, and how much. */
  raw(): string
  readonly bytes: number
  resize(columns: number, rows: number): void
  signal(name: NodeJS.Signals): void
  /** Closes the terminal's window: the program's side reads end-of-file and EIO. */
  hangup(): void
  /** The exit code; 128 + n where a signal killed it. */
  exited(limitMs?: number): Promise<number>
  svg(): string
  /** Ends the program if it still runs. */
  close(): void
}

export type TerminalOptions = {
  readonly columns?: number
  readonly rows?: number
  readonly term?: string
  readonly cwd?: string
  /** Over the pinned ones; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What lies between: so much a second comes through, and everything, keys too, is under way for so long. */
  readonly line?: { readonly bytesPerSecond: number; readonly delayMs: number }
}

/** The package's types declare a module of its other name, so the part used here is spelled out. */
type Pty = {
  spawn(
    file: string,
    args: readonly string[],
    options: {
      readonly name: string
      readonly cols: number
      readonly rows: number
      readonly cwd: string
      readonly env: Readonly<Record<string, string>>
      /** null: data comes as Buffers. */
      readonly encoding: null
    },
  ): {
    readonly pid: number
    /** Of the terminal's own side; not blocking. */
    readonly fd: number
    pause(): void
    onData(listener: (data: Buffer) => void): unknown
    onExit(listener: (end: { readonly exitCode: number; readonly signal?: number }) => void): unknown
    write(data: string | Buffer): void
    resize(columns: number, rows: number): void
    destroy(): void
  }
}
const require = createRequire(import.meta.url)
const pty = require('node-pty') as Pty

const quietMs = 25
const usualLimitMs = 8000

/** Reads as much as the line carries, and leaves the rest in the terminal. */
function drained(
  fd: number,
  line: { readonly bytesPerSecond: number },
  onChunk: (chunk: Buffer) => void,
): NodeJS.Timeout {
  let before = performance.now()
  return setInterval(() => {
    const now = performance.now()
    // What was not used is lost; a test that was held up does not catch up in a burst.
    const most = Math.floor(Math.min(100, now - before) * (line.bytesPerSecond / 1000))
    if (most < 1) return
    before = now
    const chunk = Buffer.alloc(most)
    try {
      const count = readSync(fd, chunk)
      if (count > 0) onChunk(chunk.subarray(0, count))
    } catch {
      // EAGAIN: there is nothing; EIO: the program is gone.
    }
  }, 20)
}

export const keyBytes: Readonly<Record<string, string>> = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  'S-tab': '\x1b[Z',
  space: ' ',
  backspace: '\x7f',
  up: '\x1bOA',
  down: '\x1bOB',
  right: '\x1bOC',
  left: '\x1bOD',
  home: '\x1bOH',
  end: '\x1bOF',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  delete: '\x1b[3~',
  'C-c': '\x03',
  'C-z': '\x1a',
  'C-l': '\x0c',
}

export function openTestTerminal(
  command: readonly [string, ...string[]],
  options: TerminalOptions = {},
): TestTerminal {
  const { columns = 80, rows = 24, term = 'xterm-256color' } = options
  const screen = emulator(columns, rows)
  const [file, ...args] = command
  const env: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TERM: term,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...options.env,
  }
  const child = pty.spawn(file, args, {
    name: term,
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >,
    // Buffers: letters split over two reads must reach the emulator as they are.
    encoding: null,
  })
  const chunks: Buffer[] = []
  let bytes = 0
  let lastAt = Date.now()
  let watchers: (() => void)[] = []
  let exit: number | null = null
  const wake = () => {
    const now = watchers
    watchers = []
    for (const watcher of now) watcher()
  }
  const arrived = (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    lastAt = Date.now()
    screen.write(chunk)
    wake()
  }
  const { line } = options
  let drain: NodeJS.Timeout | undefined
  if (line === undefined) child.onData(arrived)
  else {
    child.pause()
    drain = drained(child.fd, line, (chunk) => setTimeout(() => arrived(chunk), line.delayMs))
  }
  const type = (data: string) => {
    if (line === undefined) child.write(data)
    else setTimeout(() => child.write(data), line.delayMs)
  }
  child.onExit(({ exitCode, signal }) => {
    clearInterval(drain)
    exit = signal !== undefined && signal !== 0 ? 128 + signal : exitCode
    wake()
  })

  /** Until something happens (output, exit), at most this long. */
  const something = (limitMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs)
      watchers.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  const until = async (what: string, limitMs: number, done: () => boolean) => {
    const end = Date.now() + limitMs
    for (;;) {
      await screen.settled()
      if (done()) return
      const left = end - Date.now()
      if (left <= 0)
        throw new Error(`no ${what} in ${limitMs} ms (exit code ${exit}); the screen:\n${screen.text()}`)
      await something(Math.min(left, quietMs))
    }
  }
  const idle = (quiet = quietMs) => until('quiet', usualLimitMs, () => Date.now() - lastAt >= quiet)

  return {
    screen,
    pid: child.pid,
    press: async (...keys) => {
      for (const key of keys) {
        const before = bytes
        type(keyBytes[key] ?? key)
        await until(
          `answer to ${key}`,
          usualLimitMs,
          () => exit !== null || (bytes > before && Date.now() - lastAt >= quietMs),
        )
      }
    },
    send: type,
    waitFor: async (wanted, limitMs = usualLimitMs) => {
      const satisfied =
        typeof wanted === 'function'
          ? wanted
          : (text: string) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text))
      await until(String(wanted), limitMs, () => satisfied(screen.text()))
      return screen.text()
    },
    idle,
    text: () => screen.text(),
    raw: () => Buffer.concat(chunks).toString(),
    get bytes() {
      return bytes
    },
    resize: (newColumns, newRows) => {
      screen.resize(newColumns, newRows)
      child.resize(newColumns, newRows)
    },
    signal: (name) => process.kill(child.pid, name),
    hangup: () => child.destroy(),
    exited: async (limitMs = usualLimitMs) => {
      await until('exit', limitMs, () => exit !== null)
      await screen.settled()
      return exit ?? -1
    },
    svg: () => svgOf(screen),
    close: () => {
      if (exit !== null) return
      try {
        process.kill(child.pid, 'SIGKILL')
      } catch {
        // It ended a moment ago, and the news is not here yet.
      }
    },
  }
}
