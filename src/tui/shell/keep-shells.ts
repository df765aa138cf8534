/**
 * The shells that run, each with its process and its emulator: what the effects `shell` and `shell-focus` do. What a shell shows
 * becomes a message, at most one in 33 ms, and only of the one that is in sight. What it prints and is not yet understood is
 * bounded: above that its terminal is not read, so that the program that floods it waits.
 */
import { debug } from '../../lib/debug-log.ts'
import type { Failure } from '../../lib/failure.ts'
import type { Key, Msg } from '../msg.ts'
import type { ByteScanner } from './scan-bytes.ts'
import type { KeyboardModes, ShellEmulator } from './shell-emulator.ts'
import type { ShellOrder } from './shell-order.ts'
import type { OpenShell, ShellProcess } from './shell-process.ts'
import type { ShellEnd, ShellScreen } from './shells-state.ts'

export type KeepOptions = {
  readonly open: OpenShell
  readonly scanner: ByteScanner
  dispatch(msg: Msg, urgent: boolean): void
  /** The keyboard is to send what the shell's program asked for; null: what the screen reads. */
  keyboard(modes: KeyboardModes | null): void
  readonly now: () => number
}

export type KeptShells = {
  order(number: number, order: ShellOrder): void
  /** `keys`: whose keys they are from now on; `shown`: which one is in sight. */
  focus(keys: number | null, shown: number | null): void
  /** What was typed, while keys are a shell's. What it gives back was typed for the screen. */
  typed(bytes: Buffer): { readonly key: Key | null; readonly rest: Buffer }
  /** Nothing of them is left when it resolves. */
  stop(): Promise<void>
}

type Kept = {
  /** null: not there yet, or it could not be opened. */
  process: ShellProcess | null
  emulator: ShellEmulator | null
  /** What was typed before it was there. */
  early: (Uint8Array | string)[]
  size: { columns: number; rows: number }
  unparsed: number
  isPaused: boolean
  answered: number
  shown: ShellScreen | null
  /** Nobody wants it any more. */
  isLetGo: boolean
}

/** Bytes that are read and not yet understood: some 50 ms of work, so that Ctrl-C acts at once. */
const highWater = 256 * 1024
const lowWater = 64 * 1024
/** As often as frames are drawn. */
const tellMs = 33
/** What comes so soon after a key is its answer. */
const answerMs = 250
/** In one piece of output: a program asks a few questions when it begins, a hostile file thousands. */
const mostAnswers = 512
const mostEarly = 1000

export function keepShells(options: KeepOptions): KeptShells {
  const { scanner } = options
  const shells = new Map<number, Kept>()
  const leaving = new Set<Promise<void>>()
  let keys: number | null = null
  let shown: number | null = null
  let modes: KeyboardModes | null = null
  let toldAt = -Infinity
  let typedAt = -Infinity
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const tell = () => {
    clearTimeout(timer)
    timer = undefined
    const kept = shown === null ? undefined : shells.get(shown)
    if (shown === null || kept === undefined || kept.emulator === null || stopped) return
    toldAt = performance.now()
    const screen = kept.emulator.screen()
    if (kept.shown !== null && isSame(kept.shown, screen)) return
    kept.shown = screen
    options.dispatch({ type: 'shell-screen', number: shown, screen }, toldAt - typedAt < answerMs)
  }
  const changed = (number: number) => {
    if (number === keys) askKeyboard()
    if (number !== shown || timer !== undefined) return
    const wait = toldAt + tellMs - performance.now()
    if (wait <= 0) tell()
    else timer = setTimeout(tell, wait)
  }
  const askKeyboard = () => {
    const emulator = keys === null ? null : (shells.get(keys)?.emulator ?? null)
    const wanted = keys === null ? null : (emulator?.modes() ?? plain)
    if (wanted?.cursorKeys === modes?.cursorKeys && wanted?.keypad === modes?.keypad) {
      if ((wanted === null) === (modes === null)) return
    }
    modes = wanted
    options.keyboard(wanted)
  }
  const write = (kept: Kept, bytes: Uint8Array | string) => {
    if (bytes.length === 0) return
    if (kept.process !== null) kept.process.write(bytes)
    else if (kept.early.length < mostEarly) kept.early.push(bytes)
  }
  const parse = (number: number, kept: Kept, bytes: Uint8Array) => {
    if (kept.emulator === null) return
    kept.unparsed += bytes.length
    if (kept.unparsed > highWater && !kept.isPaused) {
      kept.isPaused = true
      kept.process?.pause()
    }
    kept.answered = 0
    kept.emulator.write(bytes, () => {
      kept.unparsed -= bytes.length
      if (kept.isPaused && kept.unparsed < lowWater) {
        kept.isPaused = false
        kept.process?.resume()
      }
      changed(number)
    })
  }
  const ended = (number: number, kept: Kept, end: ShellEnd, unavailable: string | null = null) => {
    kept.process = null
    const say = () => {
      tell()
      options.dispatch({ type: 'shell-ended', number, end, unavailable, now: options.now() }, true)
    }
    // What it said last is on its screen before its end is told.
    if (kept.emulator === null) say()
    else kept.emulator.write('', say)
  }
  const failed = (number: number, kept: Kept, failure: Failure, isForAll: boolean) => {
    const end = { exitCode: null, signal: null, problem: failure.what }
    ended(number, kept, end, isForAll ? failure.what : null)
  }

  const open = async (number: number, { place, columns, rows }: ShellOrder & { readonly do: 'open' }) => {
    const kept: Kept = {
      process: null,
      emulator: null,
      early: [],
      size: { columns, rows },
      unparsed: 0,
      isPaused: false,
      answered: 0,
      shown: null,
      isLetGo: false,
    }
    shells.set(number, kept)
    const { openEmulator } = await import('./shell-emulator.ts')
    kept.emulator = openEmulator(columns, rows, (text) => {
      kept.answered += 1
      if (kept.answered <= mostAnswers) kept.process?.write(text)
    })
    const opened = await options.open(
      { place, ...kept.size },
      {
        onData: (bytes) => parse(number, kept, bytes),
        onExit: (end) => ended(number, kept, { ...end, problem: null }),
      },
    )
    if (!opened.ok) return failed(number, kept, opened.failure, opened.unavailable === true)
    if (kept.isLetGo || stopped) {
      kept.emulator.close()
      return letGo(opened.value)
    }
    kept.process = opened.value
    resize(kept)
    for (const bytes of kept.early.splice(0)) kept.process.write(bytes)
    debug('shell', `${number} runs in ${place.netns.name}`)
  }
  const resize = ({ emulator, process, size: { columns, rows } }: Kept) => {
    emulator?.resize(columns, rows)
    process?.resize(columns, rows)
  }
  const letGo = (process: ShellProcess) => {
    const gone: Promise<void> = process.end().finally(() => leaving.delete(gone))
    leaving.add(gone)
  }
  const end = (number: number, kept: Kept) => {
    kept.isLetGo = true
    shells.delete(number)
    if (kept.process !== null) letGo(kept.process)
    kept.process = null
    kept.emulator?.close()
    kept.emulator = null
  }

  return {
    order: (number, order) => {
      if (order.do === 'open') {
        void open(number, order).catch((error: unknown) => {
          const kept = shells.get(number)
          if (kept === undefined) return
          failed(number, kept, { kind: 'refused', what: `cannot open a shell: ${String(error)}` }, false)
        })
        return
      }
      const kept = shells.get(number)
      if (kept === undefined) return
      switch (order.do) {
        case 'type':
          return write(kept, order.text)
        case 'resize':
          kept.size = { columns: order.columns, rows: order.rows }
          resize(kept)
          return changed(number)
        case 'scroll':
          kept.emulator?.scroll(order.lines)
          return changed(number)
        case 'end':
          return end(number, kept)
        default:
          return order satisfies never
      }
    },
    focus: (toKeys, toShown) => {
      if (toKeys !== keys) scanner.reset()
      keys = toKeys
      shown = toShown
      askKeyboard()
      const kept = shown === null ? undefined : shells.get(shown)
      if (shown !== null && kept !== undefined) changed(shown)
    },
    typed: (bytes) => {
      const kept = keys === null ? undefined : shells.get(keys)
      const { taken, key, rest } = scanner.scan(bytes, kept?.emulator?.modes().paste === true)
      if (kept !== undefined && taken.length > 0) {
        typedAt = performance.now()
        kept.emulator?.scroll('end')
        write(kept, taken)
      }
      return { key, rest }
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      for (const [number, kept] of shells) end(number, kept)
      await Promise.all(leaving)
    },
  }
}

const plain: KeyboardModes = { cursorKeys: false, keypad: false, paste: false }

function isSame(a: ShellScreen, b: ShellScreen): boolean {
  return (
    a.back === b.back &&
    a.kept === b.kept &&
    a.cursor?.row === b.cursor?.row &&
    a.cursor?.column === b.cursor?.column &&
    a.lines.length === b.lines.length &&
    a.lines.every((line, at) => line === b.lines[at])
  )
}
