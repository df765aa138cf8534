/**
 * Runs another program as run.ts does, by Node alone: for a process that has to stay small, because what starts a program costs the more the
 * more memory it holds. It cannot be cancelled.
 */
import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { codeOf } from './failure.ts'
import type { RunResult } from './run.ts'
import { searchPath } from './which.ts'

export type SmallOptions = {
  readonly timeoutMs: number
  readonly input?: string
  /** Open in it as 3; it is in a session of its own. */
  readonly holding: number
  readonly onStart: () => void
}

/** Of each output, in characters. */
const maxLength = 64 * 1024 * 1024
/** Between SIGTERM and SIGKILL. */
const graceMs = 500

export function runSmall(command: readonly string[], options: SmallOptions): Promise<RunResult> {
  const [file = '', ...args] = command
  const notStarted = (problem: string): RunResult => ({
    command,
    exitCode: null,
    stdout: '',
    stderr: '',
    problem,
  })
  return new Promise((done) => {
    const { timeoutMs, input, holding, onStart } = options
    let child: ReturnType<typeof spawn>
    try {
      child = spawn(file, args, {
        detached: true,
        env: { ...process.env, LC_ALL: 'C', PATH: searchPath().join(':') },
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', holding],
      })
    } catch (error) {
      done(notStarted(startProblem(error)))
      return
    }
    onStart()
    let problem: string | null = null
    const end = (why: string): void => {
      problem ??= why
      child.kill('SIGTERM')
      later.push(setTimeout(() => child.kill('SIGKILL'), graceMs))
      // What it left behind may hold the pipes.
      later.push(setTimeout(close, graceMs * 2))
    }
    const close = (): void => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    }
    const later = [setTimeout(() => end(`timed out after ${timeoutMs} ms`), timeoutMs)]
    const tooMuch = (): void => end('printed more than it may')
    const [stdout, stderr] = [collected(child.stdout, tooMuch), collected(child.stderr, tooMuch)]
    // It may end without reading it.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
    child.once('error', (error) => (problem ??= startProblem(error)))
    child.once('close', (code, signal) => {
      for (const timer of later) clearTimeout(timer)
      problem ??= signal === null ? null : `killed by ${signal}`
      done({
        command,
        exitCode: problem === null ? code : null,
        stdout: stdout(),
        stderr: stderr(),
        problem,
      })
    })
  })
}

function collected(output: Readable | null, tooMuch: () => void): () => string {
  let text = ''
  output?.setEncoding('utf8')
  output?.on('data', (chunk: string) => {
    if (text.length + chunk.length > maxLength) tooMuch()
    else text += chunk
  })
  return () => text
}

function startProblem(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'not found'
    case 'EACCES':
      return 'not executable'
    case 'E2BIG':
      return 'its arguments are too long'
    default:
      return error instanceof Error ? error.message : 'did not start'
  }
}
