/** The state, what changes it and how it looks, put into a session. Loaded while the worker starts. */
import type { ReadStream, WriteStream } from 'node:tty'
import type { ScreenOptions } from './app.ts'
import { runSession } from './session.ts'
import { withLeaveKey } from './shell/leave-key.ts'
import { initialState } from './state.ts'
import { isUtf8 } from './terminal/locale.ts'
import type { Theme } from './theme.ts'
import { listThemes } from './themes.ts'
import { update } from './update.ts'
import { view } from './view.ts'
import type { WorkerPort } from './worker-port.ts'

export type OpenedScreen = Omit<ScreenOptions, 'theme'> & {
  readonly input: ReadStream
  readonly output: WriteStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly theme: Theme
  readonly worker: WorkerPort | null
  readonly say: (sentence: string) => void
}

/** Resolves with the exit code. */
export function openScreen(options: OpenedScreen): Promise<number> {
  const { source, input, output, env, theme, worker, say } = options
  const utf8 = isUtf8(env)
  const { keys, leave } = withLeaveKey(options.keys, options.leaveKey)
  const themes = listThemes(env).flatMap(({ theme: each }) => (each.ok ? [each.value] : []))
  return runSession({
    initial: (size) =>
      initialState({
        mode: source.kind,
        readonly: options.readonly,
        banner: options.banner,
        ascii: options.ascii === true || !utf8,
        keys,
        shells: options.openShell !== undefined,
        themes: themes.map(({ name, title }) => ({ name, title })),
        theme: theme.name,
        mouse: options.mouse,
        commands: options.commands,
        size,
        ...(source.kind === 'replay'
          ? { world: source.world, file: source.file, now: Date.parse(source.world.at) }
          : { now: Date.now() }),
      }),
    update,
    view: (state) => view(state, state.size),
    worker,
    input,
    output,
    term: env['TERM'] ?? '',
    utf8: utf8 && options.ascii !== true,
    theme,
    run: options.run,
    ...(options.probe === undefined ? {} : { probe: options.probe }),
    ...(options.changes === undefined ? {} : { changes: options.changes }),
    ...(options.openShell === undefined ? {} : { shell: { open: options.openShell, leave } }),
    themeNamed: (name) => themes.find((each) => each.name === name) ?? null,
    mouse: options.mouse,
    env,
    now: source.kind === 'replay' ? clockFrom(Date.parse(source.world.at)) : Date.now,
    report: options.report,
    say,
  })
}

/** In a replay it is the file's time, and goes on from there. */
function clockFrom(begin: number): () => number {
  const opened = Date.now()
  return () => begin + Date.now() - opened
}
