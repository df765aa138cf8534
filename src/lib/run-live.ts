/** Runs another program and hands over what it prints as it comes. Like run.ts, it goes through execa only. */
import { searchPath } from './which.ts'

export type LiveOptions = {
  /** Ends it: SIGTERM, and SIGKILL half a second later. */
  readonly signal: AbortSignal
  readonly onStdout: (chunk: Buffer) => void
  /** Whole lines, without their ends. */
  readonly onStderr?: (line: string) => void
  readonly env?: Readonly<Record<string, string>>
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
  readonly ended: Promise<LiveEnd>
  /** Its output is taken again, or not for now: a pipe that is full makes it wait. */
  pause(): void
  resume(): void
}

const graceMs = 500
const stderrKept = 4000

export async function runLive(command: readonly string[], options: LiveOptions): Promise<LiveRun> {
  const [file, ...args] = command
  if (file === undefined) throw new Error('runLive: empty command')
  const { execa } = await import('execa')
  const child = execa(file, args, {
    reject: false,
    buffer: false,
    encoding: 'buffer',
    stdin: 'ignore',
    cancelSignal: options.signal,
    forceKillAfterDelay: graceMs,
    env: { LC_ALL: 'C', PATH: searchPath().join(':'), ...options.env },
  })
  let stderr = ''
  let line = ''
  child.stdout.on('data', options.onStdout)
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8')
    stderr = `${stderr}${text}`.slice(-stderrKept)
    const lines = `${line}${text}`.split('\n')
    line = lines.pop() ?? ''
    for (const each of lines) options.onStderr?.(each)
  })
  return {
    pid: child.pid,
    ended: child.then((result) => {
      if (line !== '') options.onStderr?.(line)
      const problem =
        result.code === 'ENOENT'
          ? 'not found'
          : result.signal === undefined
            ? result.exitCode === undefined
              ? (result.originalMessage ?? 'did not start')
              : null
            : `killed by ${result.signal}`
      return { exitCode: problem === null ? (result.exitCode ?? null) : null, problem, stderr }
    }),
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
  }
}
