/** Runs another program and hands over what it prints as it comes. Like run.ts, it goes through execa only. */
import { debug } from './debug-log.ts'
import { searchPath } from './which.ts'

export type LiveOptions = {
  /** Ends it: SIGTERM, and SIGKILL half a second later. What it still prints meanwhile is handed over. */
  readonly signal: AbortSignal
  readonly onStdout: (chunk: Buffer) => void
  /** Whole lines, without their ends. */
  readonly onStderr?: (line: string) => void
  readonly env?: Readonly<Record<string, string>>
  /** It goes on where this program ends before it. */
  readonly outlives?: true
}

export type LiveEnd = {
  /** null: killed, or never started. */
  readonly exitCode: number | null
  /** Why there is no exit code: `not found`, `killed by SIGTERM`. */
  readonly problem: string | null
  /** The end of what it said on standard error. */
  readonly stderr: string
}

export type LiveRun = {
  readonly pid: number | undefined
  /** When it has ended and all that it printed was handed over. */
  readonly ended: Promise<LiveEnd>
  /** Its output is taken again, or not for now: a pipe that is full makes it wait. */
  pause(): void
  resume(): void
}

const graceMs = 500
const stderrKept = 4000
/** Of one line: who prints no line ends is not collected for ever. */
const longestLine = 100_000

export async function runLive(command: readonly string[], options: LiveOptions): Promise<LiveRun> {
  const [file, ...args] = command
  if (file === undefined) throw new Error('runLive: empty command')
  if (command.some((part) => part.includes('\0'))) return neverStarted('an argument contains a NUL byte')
  if (options.signal.aborted) return neverStarted('cancelled')
  const { execa } = await import('execa')
  const child = execa(file, args, {
    reject: false,
    buffer: false,
    encoding: 'buffer',
    stdin: 'ignore',
    cleanup: options.outlives !== true,
    env: { LC_ALL: 'C', PATH: searchPath().join(':'), ...options.env },
  })
  // Not execa's own cancelling: that tells the end before all of the output was handed over.
  const release = endBy(options.signal, child)
  let stderr = ''
  let line = ''
  child.stdout.on('data', options.onStdout)
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8')
    stderr = `${stderr}${text}`.slice(-stderrKept)
    const lines = `${line}${text}`.split('\n')
    line = (lines.pop() ?? '').slice(-longestLine)
    for (const each of lines) options.onStderr?.(each)
  })
  return {
    pid: child.pid,
    ended: child.then((result) => {
      release()
      if (line !== '') options.onStderr?.(line)
      const problem = problemOf(result)
      debug('run', `${command.join(' ')}: ${problem ?? `exit ${result.exitCode}`}`)
      return { exitCode: problem === null ? (result.exitCode ?? null) : null, problem, stderr }
    }),
    pause: () => {
      child.stdout.pause()
      child.stderr.pause()
    },
    resume: () => {
      child.stdout.resume()
      child.stderr.resume()
    },
  }
}

type Child = {
  kill(signal: NodeJS.Signals): boolean
  readonly stdout: { destroy(): unknown; resume(): unknown }
  readonly stderr: { destroy(): unknown; resume(): unknown }
}

/** Also where a grandchild is left that keeps the pipes open: then nobody waits for it. */
function endBy(signal: AbortSignal, child: Child): () => void {
  const timers: NodeJS.Timeout[] = []
  const end = (): void => {
    // One whose full pipe nobody reads would never come to its end.
    child.stdout.resume()
    child.stderr.resume()
    child.kill('SIGTERM')
    timers.push(
      setTimeout(() => void child.kill('SIGKILL'), graceMs),
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, graceMs * 2),
    )
  }
  if (signal.aborted) end()
  signal.addEventListener('abort', end, { once: true })
  return () => {
    signal.removeEventListener('abort', end)
    for (const timer of timers) clearTimeout(timer)
  }
}

type Ended = {
  readonly code?: string | undefined
  readonly signal?: string | undefined
  readonly exitCode?: number | undefined
  readonly originalMessage?: string | undefined
}

function problemOf({ code, signal, exitCode, originalMessage }: Ended): string | null {
  if (code === 'ENOENT') return 'not found'
  if (code === 'EACCES') return 'not executable'
  if (signal !== undefined) return `killed by ${signal}`
  return exitCode === undefined ? (originalMessage ?? 'did not start') : null
}

function neverStarted(problem: string): LiveRun {
  const ended = Promise.resolve({ exitCode: null, problem, stderr: '' })
  return { pid: undefined, ended, pause: () => {}, resume: () => {} }
}
