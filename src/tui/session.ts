/**
 * One opened screen from its first byte to its exit code: terminal, drawing, signals, worker and the loop between
 * them. Whatever ends it (quit, signal, hang-up, crash), the terminal is restored first, then the worker is told
 * to stop, then the exit code is given.
 */
import type { ReadStream, WriteStream } from 'node:tty'
import { debug, isDebugging } from '../lib/debug-log.ts'
import { sanitise } from '../lib/sanitise.ts'
import type { Frame, Size } from './frame.ts'
import type { Effect, Key, Msg } from './msg.ts'
import { pacer } from './render/pacer.ts'
import { openRenderer } from './render/render.ts'
import { runtime, type RuntimeOptions } from './runtime.ts'
import { forgetUnused } from './select/memo-recent.ts'
import { saveText } from './save-text.ts'
import { keepShells } from './shell/keep-shells.ts'
import { byteScanner } from './shell/scan-bytes.ts'
import type { OpenShell } from './shell/shell-process.ts'
import { clipboardSequence } from './terminal/clipboard.ts'
import { colourDepth } from './terminal/colour-depth.ts'
import { deadTerminalGuard } from './terminal/dead-terminal.ts'
import { watchSignals } from './terminal/signals.ts'
import { openTerminal } from './terminal/terminal.ts'
import type { Theme } from './theme.ts'
import type { WorkerPort } from './worker-port.ts'

export type SessionOptions<State> = {
  /** The state before the first message, for a terminal of this size. */
  readonly initial: (size: Size) => State
  readonly update: (state: State, msg: Msg) => readonly [State, ...Effect[]]
  readonly view: (state: State) => Frame
  /** null: nothing is read while the screen is open (a replay). Its end is the session's business. */
  readonly worker: WorkerPort | null
  readonly input: ReadStream
  readonly output: WriteStream
  readonly term: string
  readonly utf8: boolean
  readonly theme: Theme
  /** Runs this program itself, for `:`. */
  readonly run?: RuntimeOptions<State>['run'] | undefined
  /** Sends from inside namespaces, for screen 6. */
  readonly probe?: RuntimeOptions<State>['probe']
  /** Changes the host, by a child of its own. */
  readonly changes?: RuntimeOptions<State>['changes']
  /** Opens shells inside namespaces; the key leaves them. */
  readonly shell?: { readonly open: OpenShell; readonly leave: Key } | undefined
  /** null: there is none that can be used. */
  readonly themeNamed?: ((name: string) => Theme | null) | undefined
  readonly mouse?: boolean | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => number
  /** Writes what helps to find an error of the program itself; gives the file, or null. */
  readonly report?: ((error: unknown) => string | null) | undefined
  /** One sentence for the person, after the terminal is theirs again. */
  say(sentence: string): void
}

/** Answers are kept by the World they are about: while none comes, what is kept stays as it is. */
const worldsASweep = 16
/** 128 + SIGHUP: what a terminal that is closed means, with or without the signal. */
const hangupCode = 129
const crashCode = 5
/** A stop that the kernel refuses (no shell that could continue us) is noticed after this long. */
const stopNoticedMs = 30

export function runSession<State>(options: SessionOptions<State>): Promise<number> {
  return new Promise((resolve) => {
    let ending = false
    let suspended = false
    let newSize: Size | null = null
    const { worker } = options
    const letGo = deadTerminalGuard()

    const restore = () => {
      frames.stop()
      loop.stop()
      // Each step on its own: a failure of one must not keep the others from happening.
      attempt(() => renderer?.close())
      attempt(() => terminal.leave())
      terminal.close()
    }
    const end = (exitCode: number, sentence?: () => string) => {
      if (ending) return
      ending = true
      restore()
      if (sentence !== undefined) options.say(sentence())
      void finish(exitCode)
    }
    const finish = async (exitCode: number) => {
      await Promise.all([worker?.stop(), shells?.stop()])
      attempt(letGo)
      signals.close()
      resolve(exitCode)
    }
    const crash = (error: unknown) =>
      end(crashCode, () => crashSentence(error, options.report?.(error) ?? null))

    const suspend = () => {
      if (suspended || ending) return
      suspended = true
      renderer?.leave()
      terminal.leave()
      signals.stopSelf()
      setTimeout(resume, stopNoticedMs)
    }
    const resume = () => {
      if (!suspended || ending) return
      suspended = false
      signals.rearm()
      terminal.enter()
      renderer?.enter()
      terminal.refreshModes()
      // The window may have changed meanwhile, and the signal went to the shell: Node asks for the size again.
      process.kill(process.pid, 'SIGWINCH')
      loop.dispatch({ type: 'resumed' }, true)
    }

    const signals = watchSignals({
      onEnd: (exitCode) => end(exitCode),
      onStop: suspend,
      onContinue: () => {
        if (suspended) return resume()
        // Stopped from outside without notice: the terminal is the shell's, take it back.
        renderer?.leave()
        suspended = true
        return resume()
      },
      onCrash: crash,
    })
    const terminal = openTerminal(options.input, options.output, {
      onInput: (inputs) => loop.dispatchAll(inputs, true),
      ...(options.shell === undefined ? {} : { onBytes: (bytes) => toShell(bytes) }),
      onResize: (size) => {
        newSize = size
        loop.dispatch({ type: 'resize', size })
      },
      onHangup: () => end(hangupCode),
      onCaughtUp: () => frames.caughtUp(),
    })
    const shells =
      options.shell === undefined
        ? null
        : keepShells({
            open: options.shell.open,
            scanner: byteScanner(options.shell.leave),
            dispatch: (msg, urgent) => loop.dispatch(msg, urgent),
            keyboard: (modes) => terminal.useBytes(modes),
            now: options.now,
          })
    /** Gives back what was typed after a key that leaves the shell. */
    const toShell = (bytes: Buffer): Buffer => {
      if (shells === null) return bytes
      const { key, rest } = shells.typed(bytes)
      if (key !== null) loop.dispatch({ type: 'key', key }, true)
      return rest
    }
    const initial = options.initial(terminal.size())
    let state = initial
    let shownComplete = false
    let worlds = 0
    /** Characters of all frames. */
    let written = 0
    const loop = runtime<State>({
      state: initial,
      update: options.update,
      changed: (next, urgent) => {
        state = next
        frames.request(urgent)
      },
      post: (message) => worker?.post(message),
      restartWorker: () => worker?.restart(),
      redraw: () => {
        renderer?.redraw()
        frames.request(true)
      },
      run: options.run ?? cannotRun,
      ...(options.probe === undefined ? {} : { probe: options.probe }),
      ...(options.changes === undefined ? {} : { changes: options.changes }),
      ...(shells === null ? {} : { shells }),
      copy: (text) => terminal.write(clipboardSequence(text, options.env)),
      theme: (name) => {
        const theme = options.themeNamed?.(name) ?? null
        if (theme === null) return
        renderer?.setTheme(theme)
        frames.request(true)
      },
      mouse: (on) => terminal.useMouse(on),
      saveText,
      suspend,
      quit: (exitCode) => end(exitCode),
      now: options.now,
    })
    const canDraw = () => !terminal.isBehind
    const frames = pacer(() => {
      if (suspended || ending) return false
      if (newSize !== null) renderer?.resize(newSize)
      newSize = null
      const began = performance.now()
      const before = written
      renderer?.draw(options.view(state))
      if (isDebugging()) debug('frame', `${(performance.now() - began).toFixed(1)} ms`)
      return written > before
    }, canDraw)
    let renderer: ReturnType<typeof openRenderer> | undefined

    try {
      terminal.useMouse(options.mouse === true)
      terminal.enter()
      renderer = openRenderer({
        term: options.term,
        utf8: options.utf8,
        size: terminal.size(),
        theme: options.theme,
        depth: colourDepth(options.env),
        write: (text) => {
          written += text.length
          terminal.write(text)
        },
      })
      worker?.listen({
        onMessage: (message) => {
          if (message.type === 'world' && (worlds += 1) % worldsASweep === 0) forgetUnused()
          const complete = message.type === 'world' && message.complete && !shownComplete
          shownComplete ||= complete
          loop.dispatch({ type: 'worker', message, now: options.now() }, complete)
          // The start waits for nothing.
          if (complete) frames.now()
        },
        onGone: (reason) => loop.dispatch({ type: 'worker-gone', reason, now: options.now() }),
      })
      // The first message lets the state settle (what is selected, what is needed), so that the first frame is whole.
      loop.dispatch({ type: 'clock', now: options.now() })
      frames.request(true)
    } catch (error) {
      crash(error)
    }
  })
}

const cannotRun: RuntimeOptions<unknown>['run'] = (_, ended) => {
  ended({ exitCode: null, problem: 'nothing can be run from here', output: '' })
  return () => {}
}

function attempt(step: () => void): void {
  try {
    step()
  } catch {
    // The way out goes on; what failed first is what is told.
  }
}

/** What to put in a report: the error and the place in this program where it happened. */
function crashSentence(error: unknown, file: string | null): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const place = error instanceof Error ? /\(?([^\s(]+:\d+:\d+)\)?$/m.exec(error.stack ?? '')?.[1] : undefined
  return sanitise(
    `an error of the program itself ended it: ${what}${place === undefined ? '' : ` at ${place}`}; please report it${file === null ? '' : ` with ${file}`}`,
  )
}
