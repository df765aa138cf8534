/** Runs another program: always an argument array, always a limit on time and output. The only user of execa. */
import type { Readable } from 'node:stream'
import { debug } from './debug-log.ts'
import { searchPath } from './which.ts'

export type RunOptions = {
  readonly timeoutMs?: number
  /** Of each output, in characters. */
  readonly maxBytes?: number
  readonly input?: string
  readonly signal?: AbortSignal
  /** Beside the environment of this process, and in place of the English that children speak else. */
  readonly env?: Readonly<Record<string, string>>
  /**
   * What changes the host is carried to its end: a Ctrl-C at the terminal is not for it, and the file is open in it as 3, so that
   * a lock on that lasts as long as it runs.
   */
  readonly holding?: number
  readonly onStart?: () => void
}

export type RunResult = {
  readonly command: readonly string[]
  /** null: killed, timed out, printed too much, or never started. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Why there is no exit code: `not found`, `timed out after 5000 ms`, `killed by SIGKILL` … */
  readonly problem: string | null
}

/** What was run, for whoever keeps a log of it. */
export type RunReport = Omit<RunResult, 'stdout'> & { readonly ms: number }

const listeners = new Set<(report: RunReport) => void>()

/** From now on each end of a program that this thread ran is told; the answer ends that. */
export function onRun(listener: (report: RunReport) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

const defaultTimeoutMs = 10_000
const defaultMaxBytes = 64 * 1024 * 1024
/** Between SIGTERM and SIGKILL. */
const graceMs = 500

/**
 * Children speak English (LC_ALL=C), so that what they say can be parsed, and find the tools of the sbin
 * folders. Their output is outside text: the caller sanitises what it shows. Never throws for what a child does.
 */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [file, ...args] = command
  if (file === undefined) throw new Error('run: empty command')
  if (command.some((part) => part.includes('\0')))
    return notStarted(command, 'an argument contains a NUL byte')
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  // execa takes 100 ms to load: whoever runs nothing does not pay for it.
  const { execa } = await import('execa')
  const began = performance.now()
  const child = execa(file, args, {
    reject: false,
    timeout: timeoutMs,
    forceKillAfterDelay: graceMs,
    maxBuffer: options.maxBytes ?? defaultMaxBytes,
    env: { LC_ALL: 'C', PATH: searchPath().join(':'), ...options.env },
    stripFinalNewline: false,
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.holding === undefined ? {} : { detached: true }),
    stdio: [
      options.input === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
      // A number means the same there as among the first three; only execa's types do not know.
      ...(options.holding === undefined ? [] : [options.holding as unknown as 'inherit']),
    ],
  })
  options.onStart?.()
  const release = releaseOutput(child, timeoutMs, options.signal)
  const result = await child
  release()
  const problem = problemOf(result, timeoutMs)
  const took = Math.round(performance.now() - began)
  debug('run', `${command.join(' ')}: ${problem ?? `exit ${result.exitCode}`} in ${took} ms`)
  const ended = {
    command,
    exitCode: problem === null ? (result.exitCode ?? null) : null,
    stderr: textOf(result.stderr),
    problem,
  }
  for (const listener of listeners) listener({ ...ended, ms: took })
  return { ...ended, stdout: textOf(result.stdout) }
}

/**
 * A child that leaves a grandchild behind leaves it holding the pipes too, and then neither the child's end nor
 * its death ends the reading. So once the child must be dead, its output is closed. Answers with the clean-up.
 */
function releaseOutput(
  child: { readonly stdout: Readable | null; readonly stderr: Readable | null },
  timeoutMs: number,
  signal: AbortSignal | undefined,
): () => void {
  const close = () => {
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
  const timers = [setTimeout(close, timeoutMs + graceMs * 2)]
  const onAbort = () => timers.push(setTimeout(close, graceMs * 2))
  signal?.addEventListener('abort', onAbort, { once: true })
  return () => {
    signal?.removeEventListener('abort', onAbort)
    for (const timer of timers) clearTimeout(timer)
  }
}

function notStarted(command: readonly string[], problem: string): RunResult {
  return { command, exitCode: null, stdout: '', stderr: '', problem }
}

function textOf(output: unknown): string {
  return typeof output === 'string' ? output : ''
}

type Ended = {
  readonly timedOut: boolean
  readonly isCanceled: boolean
  readonly isMaxBuffer: boolean
  readonly signal?: string | undefined
  readonly exitCode?: number | undefined
  readonly code?: string | undefined
  readonly originalMessage?: string | undefined
}

function problemOf(result: Ended, timeoutMs: number): string | null {
  if (result.timedOut) return `timed out after ${timeoutMs} ms`
  if (result.isCanceled) return 'cancelled'
  if (result.isMaxBuffer) return 'printed more than it may'
  if (result.code === 'ENOENT') return 'not found'
  if (result.code === 'EACCES') return 'not executable'
  if (result.code === 'E2BIG') return 'its arguments are too long'
  if (result.signal !== undefined) return `killed by ${result.signal}`
  // Not shortMessage: that repeats the whole command.
  if (result.exitCode === undefined) return result.originalMessage ?? 'did not start'
  return null
}
