/** How the screen changes a host: by this program once more, with exactly the command line that one would type. */
import { run } from './lib/run.ts'
import { runLive } from './lib/run-live.ts'
import { changeAnswer, changeFailure, changeTold, type RunEnd } from './tui/changing/told.ts'
import type { Changes } from './tui/runtime.ts'

/** A plan reads the host, with the sysctls of a namespace that has thousands of links. */
const planMs = 60_000
const maxBytes = 16 * 1024 * 1024

/** `always`: what this screen was opened with. */
export function changeBySelf(always: readonly string[]): Changes {
  const commandOf = (argv: readonly string[]): readonly string[] => [
    process.execPath,
    process.argv[1] ?? '',
    ...always,
    ...argv,
    '--json',
  ]
  const env = { LC_ALL: process.env['LC_ALL'] ?? process.env['LC_CTYPE'] ?? process.env['LANG'] ?? 'C' }
  const once = (argv: readonly string[], signal: AbortSignal): Promise<RunEnd> =>
    run(commandOf(argv), { timeoutMs: planMs, maxBytes, signal, env }).catch(broken)
  return {
    plan: (argv, ended) => {
      const stop = new AbortController()
      void once([...argv, '--dry-run'], stop.signal).then((end) =>
        stop.signal.aborted ? undefined : ended(changeAnswer(end)),
      )
      return () => stop.abort()
    },
    make: (argv, told, ended) => {
      const chunks: Buffer[] = []
      const began = runLive(commandOf([...argv, '--tell-steps']), {
        signal: new AbortController().signal,
        onStdout: (chunk) => chunks.push(chunk),
        onStderr: (line) => {
          const each = changeTold(line)
          if (each !== null) told(each)
        },
        env,
        outlives: true,
      })
      void began
        .then(({ ended: end }) => end)
        .then((end) => ({ ...end, stdout: Buffer.concat(chunks).toString('utf8') }))
        .catch(broken)
        .then((end) => ended(changeAnswer(end)))
    },
    confirm: (argv, ended) => {
      void once(argv, new AbortController().signal).then((end) => ended(changeFailure(end)))
    },
  }
}

function broken(error: unknown): RunEnd {
  const problem = error instanceof Error ? error.message : String(error)
  return { exitCode: null, problem, stdout: '', stderr: '' }
}
