/** Runs another program: always an argument array, always a limit on time and output. The only user of execa. */
import { execa } from 'execa'

export type RunOptions = {
  readonly timeoutMs?: number
  readonly maxBytes?: number
  readonly input?: string
  readonly signal?: AbortSignal
}

export type RunResult = {
  readonly command: readonly string[]
  /** null: killed by a signal, timed out, or never started. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Why there is no exit code: `not found`, `timed out after 5000 ms`, `killed by SIGKILL` … */
  readonly problem: string | null
}

const defaultTimeoutMs = 10_000
const defaultMaxBytes = 64 * 1024 * 1024

/**
 * Children speak English (LC_ALL=C), so that what they say can be parsed. Their output is outside text: the
 * caller sanitises what it shows.
 */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [file, ...args] = command
  if (file === undefined) throw new Error('run: empty command')
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const result = await execa(file, args, {
    reject: false,
    timeout: timeoutMs,
    maxBuffer: options.maxBytes ?? defaultMaxBytes,
    env: { LC_ALL: 'C' },
    stripFinalNewline: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  })
  return {
    command,
    exitCode: result.exitCode ?? null,
    stdout: typeof result.stdout === 'string' ? result.stdout : '',
    stderr: typeof result.stderr === 'string' ? result.stderr : '',
    problem: problemOf(result, timeoutMs),
  }
}

type Ended = {
  readonly timedOut: boolean
  readonly isCanceled: boolean
  readonly isMaxBuffer: boolean
  readonly signal?: string | undefined
  readonly exitCode?: number | undefined
  readonly code?: string | undefined
  readonly shortMessage?: string | undefined
}

function problemOf(result: Ended, timeoutMs: number): string | null {
  if (result.timedOut) return `timed out after ${timeoutMs} ms`
  if (result.isCanceled) return 'cancelled'
  if (result.isMaxBuffer) return 'printed more than it may'
  if (result.code === 'ENOENT') return 'not found'
  if (result.code === 'EACCES') return 'not executable'
  if (result.signal !== undefined) return `killed by ${result.signal}`
  if (result.exitCode === undefined) return result.shortMessage ?? 'did not start'
  return null
}
