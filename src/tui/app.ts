/** The screen, live or on a file: what main.ts calls, and what comes back is the exit code. */
import type { ReadStream, WriteStream } from 'node:tty'
import type { StartOptions } from '../collect/protocol.ts'
import type { Failure } from '../lib/failure.ts'
import type { World } from '../model/world.ts'
import { runSession } from './session.ts'
import { initialState } from './state.ts'
import { isUtf8 } from './terminal/locale.ts'
import { refusal } from './terminal/refusal.ts'
import { chosenTheme } from './theme.ts'
import { update } from './update.ts'
import { view } from './view.ts'

export type ScreenSource =
  | { readonly kind: 'live'; readonly start: StartOptions }
  /** `file`: its name, as it is shown. */
  | { readonly kind: 'replay'; readonly world: World; readonly file?: string }

export type ScreenOptions = {
  readonly source: ScreenSource
  readonly readonly: boolean
  /** Name of a theme; else NO_COLOR decides. */
  readonly theme?: string | undefined
  /** Stands on the screen all the time: whose host this is. */
  readonly banner?: string | undefined
  /** Draw with ASCII also where the locale speaks UTF-8. */
  readonly ascii?: boolean | undefined
  /** The process's own, unless told otherwise. */
  readonly input?: ReadStream
  readonly output?: WriteStream
  readonly env?: Readonly<Record<string, string | undefined>>
}

const usage = 2

/** Opens the screen and resolves with the exit code when it is closed and the terminal is restored. */
export function runScreen(options: ScreenOptions): Promise<number> {
  const { input = process.stdin, output = process.stdout, env = process.env, source } = options
  const refused = refusal({ inputIsTerminal: input.isTTY, outputIsTerminal: output.isTTY, term: env['TERM'] })
  if (refused !== null) return Promise.resolve(refuse(refused))
  const theme = chosenTheme(options.theme, env)
  if (!theme.ok) return Promise.resolve(refuse(theme.failure))

  const utf8 = isUtf8(env)
  return runSession({
    initial: (size) =>
      initialState({
        mode: source.kind,
        readonly: options.readonly,
        banner: options.banner,
        ascii: options.ascii === true || !utf8,
        size,
        ...(source.kind === 'replay'
          ? { world: source.world, file: source.file, now: Date.parse(source.world.at) }
          : { now: Date.now() }),
      }),
    update,
    view: (state) => view(state, state.size),
    // Found beside the bundle: main, its chunks and the worker all lie in dist/.
    worker:
      source.kind === 'live' ? { file: new URL('./worker.js', import.meta.url), start: source.start } : null,
    input,
    output,
    term: env['TERM'] ?? '',
    utf8,
    theme: theme.value,
    now: source.kind === 'replay' ? clockFrom(Date.parse(source.world.at)) : Date.now,
    say,
  })
}

/** In a replay it is the file's time, and goes on from there. */
function clockFrom(begin: number): () => number {
  const opened = Date.now()
  return () => begin + Date.now() - opened
}

function refuse(failure: Failure): number {
  say(failure.hint === undefined ? failure.what : `${failure.what}; ${failure.hint}`)
  return usage
}

function say(sentence: string): void {
  process.stderr.write(`vethscope: ${sentence}\n`)
}
