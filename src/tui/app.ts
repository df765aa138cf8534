/** The screen, live or on a file: what vethscope.ts calls, and what comes back is the exit code. */
import type { ReadStream, WriteStream } from 'node:tty'
import { setFlagsFromString } from 'node:v8'
import type { StartOptions } from '../collect/protocol.ts'
import type { Failure } from '../lib/failure.ts'
import type { World } from '../model/world.ts'
import type { CommandInfo } from './commands.ts'
import type { RuntimeOptions } from './runtime.ts'
import type { OpenShell } from './shell/shell-process.ts'
import { refusal } from './terminal/refusal.ts'
import { chosenTheme } from './themes.ts'
import { openWorker } from './worker-port.ts'

export type ScreenSource =
  | { readonly kind: 'live'; readonly start: StartOptions }
  /** `file`: its name, as it is shown. */
  | { readonly kind: 'replay'; readonly world: World; readonly file?: string }

export type ScreenOptions = {
  readonly source: ScreenSource
  readonly readonly: boolean
  /** --theme; else the environment decides, and then the config file's. */
  readonly theme?: string | undefined
  readonly configuredTheme?: string | undefined
  /** Named where that theme is none. */
  readonly configFile?: string | null | undefined
  /** Of the config file: action → keys that take the place of its own. */
  readonly keys?: Readonly<Record<string, readonly string[]>> | undefined
  /** The mouse is used from the beginning. */
  readonly mouse?: boolean | undefined
  /** What `:` knows, and how it is run. */
  readonly commands?: readonly CommandInfo[] | undefined
  readonly run?: RuntimeOptions<unknown>['run'] | undefined
  readonly probe?: RuntimeOptions<unknown>['probe']
  readonly changes?: RuntimeOptions<unknown>['changes']
  /** Opens shells inside namespaces. */
  readonly openShell?: OpenShell | undefined
  /** Leaves a shell; a single byte as terminals send it. */
  readonly leaveKey?: string | undefined
  /** Stands on the screen all the time: whose host this is. */
  readonly banner?: string | undefined
  /** Draw with ASCII also where the locale speaks UTF-8. */
  readonly ascii?: boolean | undefined
  /** Writes what helps to find an error of the program itself; gives the file. */
  readonly report?: ((error: unknown) => string | null) | undefined
  /** The process's own, unless told otherwise. */
  readonly input?: ReadStream
  readonly output?: WriteStream
  readonly env?: Readonly<Record<string, string | undefined>>
}

const usage = 2

/** Opens the screen and resolves with the exit code when it is closed and the terminal is restored. */
export async function runScreen(options: ScreenOptions): Promise<number> {
  const { input = process.stdin, output = process.stdout, env = process.env, source } = options
  const refused = refusal({ inputIsTerminal: input.isTTY, outputIsTerminal: output.isTTY, term: env['TERM'] })
  if (refused !== null) return refuse(refused)
  const { theme: named, configuredTheme: configured, configFile } = options
  const theme = chosenTheme({ named, configured, configFile }, env)
  if (!theme.ok) return refuse(theme.failure)

  collectSooner()
  // Found beside the bundle: main, its chunks and the worker all lie in dist/. It starts to read while the rest of
  // the screen is still being loaded.
  const worker =
    source.kind === 'live' ? openWorker(new URL('./worker.js', import.meta.url), source.start) : null
  const { openScreen } = await import('./open-screen.ts')
  return openScreen({ ...options, input, output, env, theme: theme.value, worker, say })
}

/**
 * V8 lets a small heap grow to four times what lives in it before it collects. A screen stays open for days on a host whose memory
 * is somebody else's: half as much again is enough. Read at the end of each collection, so it may be said while the program runs.
 */
function collectSooner(): void {
  setFlagsFromString('--heap-growing-percent=50')
}

function refuse(failure: Failure): number {
  say(failure.hint === undefined ? failure.what : `${failure.what}; ${failure.hint}`)
  return usage
}

function say(sentence: string): void {
  process.stderr.write(`vethscope: ${sentence}\n`)
}
