/** How the screen's shells are started: node-pty, the person's own shell, and the way into the namespace. */
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants as os } from 'node:os'
import { isAbsolute } from 'node:path'
import { loadLibc } from './collect/kernel/libc.ts'
import { endSession } from './lib/end-session.ts'
import { failed, succeeded } from './lib/failure.ts'
import { sanitise } from './lib/sanitise.ts'
import { sessionGuard, type SessionGuard } from './lib/session-guard.ts'
import { searchPath } from './lib/which.ts'
import { insideArgv } from './probe/launch/inside-argv.ts'
import type { OpenShell } from './tui/shell/shell-process.ts'

/** The part of node-pty that is used; its own types declare a module of another name. */
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
    /** Of the terminal's own side. */
    readonly fd: number
    onData(listener: (data: Buffer) => void): unknown
    onExit(listener: (end: { readonly exitCode: number; readonly signal?: number }) => void): unknown
    write(data: Uint8Array | string): void
    resize(columns: number, rows: number): void
    pause(): void
    resume(): void
    destroy(): void
  }
}

/** What programs may count on: the emulator speaks xterm's language, and the screen draws 256 colours. */
const term = 'xterm-256color'
/** Closed in whatever this program starts from then on (asm-generic/ioctls.h); node-pty leaves that out. */
const FIOCLEX = 0x5451
/** A shell saves its history in that time. */
const graceMs = 400

/** For all of them, from the first one on. */
let guard: SessionGuard | null = null

/** Opens shells as whoever runs this, with the tools of the host. */
export const openShell: OpenShell = async ({ place, columns, rows }, events) => {
  const pty = loadPty()
  if (typeof pty === 'string') {
    const what = `node-pty ${pty}: no shell in the screen`
    const hint = 'vethscope shell NETNS works on a command line'
    return { ...failed({ kind: 'refused', what, subject: 'node-pty', hint }), unavailable: true }
  }
  const libc = await loadLibc()
  const [file, ...args] = insideArgv(place, [shellOf(process.env)], { files: true })
  let child: ReturnType<Pty['spawn']>
  try {
    const cwd = folder()
    child = pty.spawn(file, args, {
      name: term,
      cols: columns,
      rows,
      cwd,
      // For prompts, as `vethscope shell` has it.
      env: { ...environment(process.env), VETHSCOPE_NETNS: sanitise(place.netns.name) },
      encoding: null,
    })
  } catch (error) {
    const what = `cannot open a shell in ${sanitise(place.netns.name)}: ${reason(error)}`
    return failed({ kind: 'refused', what, subject: place.netns.name })
  }
  // Whoever had it open could read and write this shell, and would keep its terminal from being closed.
  if (libc.ok) libc.value.ioctl(child.fd, FIOCLEX, 0)
  const { pid } = child
  guard ??= sessionGuard()
  guard.add(pid)
  let isOver = false
  let gone: Promise<void> | null = null
  /** What it leaves behind ends with it. */
  const end = (): Promise<void> => {
    gone ??= endSession(pid, graceMs).finally(() => guard?.remove(pid))
    return gone
  }
  child.onData((bytes) => events.onData(bytes))
  child.onExit(({ exitCode, signal }) => {
    isOver = true
    void end()
    const killedBy = signal === undefined || signal === 0 ? null : nameOf(signal)
    events.onExit({ exitCode: killedBy === null ? exitCode : null, signal: killedBy })
  })
  return succeeded({
    write: (bytes) => {
      if (!isOver) child.write(bytes)
    },
    resize: (toColumns, toRows) => {
      if (!isOver) child.resize(Math.max(1, toColumns), Math.max(1, toRows))
    },
    pause: () => child.pause(),
    resume: () => child.resume(),
    end: async () => {
      const ended = end()
      // What it prints while it ends nobody reads: its terminal is closed, or it would wait for room in it.
      if (!isOver) child.destroy()
      await ended
    },
  })
}

/** Loaded with the first shell: it takes 10 ms, and may be missing on this platform. */
function loadPty(): Pty | string {
  if (process.env['VETHSCOPE_NO_PTY'] === '1') return 'is switched off by VETHSCOPE_NO_PTY=1'
  try {
    return createRequire(import.meta.url)('node-pty') as Pty
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'
    return isMissing ? 'is not installed for this platform' : `does not load (${reason(error)})`
  }
}

function shellOf({ SHELL }: NodeJS.ProcessEnv): string {
  if (SHELL === undefined || !isAbsolute(SHELL)) return '/bin/sh'
  try {
    accessSync(SHELL, constants.X_OK)
    return SHELL
  } catch {
    return '/bin/sh'
  }
}

/** Of the terminal around the screen, not of the shell's own. */
const ofTheTerminal = /^(?:TERM.*|COLORTERM|TMUX.*|STY|WINDOW|WINDOWID|VTE_VERSION|KITTY_.*|LINES|COLUMNS)$/

function environment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !ofTheTerminal.test(entry[0]),
  )
  return { ...Object.fromEntries(kept), TERM: term, PATH: searchPath(env['PATH']).join(':') }
}

/** It may have been deleted since the program began. */
function folder(): string {
  try {
    const here = process.cwd()
    return existsSync(here) ? here : '/'
  } catch {
    return '/'
  }
}

function nameOf(signal: number): string {
  return Object.entries(os.signals).find(([, number]) => number === signal)?.[0] ?? `signal ${signal}`
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return sanitise(message.split('\n')[0] ?? message)
}
