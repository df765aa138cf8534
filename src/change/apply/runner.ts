/**
 * What runs the commands of a change. To start a program the kernel copies the page tables of who starts it, which takes this one
 * some 8 ms for each 100 MiB that it holds: after a few commands a small process (src/runner.ts) starts them instead. It holds the lock
 * as they do, does one at a time, and ends when this program does and its command has ended.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { debug } from '../../lib/debug-log.ts'
import { run, type RunResult } from '../../lib/run.ts'

export type ToRun = {
  readonly argv: readonly string[]
  readonly timeoutMs: number
  readonly input?: string
}

/** What the small process says of a command: that it was started, what it came to. */
export type Told = { readonly started: true } | { readonly result: RunResult }

export type Runner = {
  readonly run: (command: ToRun, onStart: () => void) => Promise<RunResult>
  /** It is gone afterwards, and the lock is ours alone. */
  readonly end: () => Promise<void>
}

/** The bundle's own program for that, beside whatever chunk this lands in. */
const runnerFile = fileURLToPath(new URL('./runner.js', import.meta.url))

/** Its start takes as long as it saves with so many. */
const fewCommands = 24

/** `after` so many commands, and `file`, are other ones in tests. */
export function openRunner(lock: number, { after = fewCommands, file = runnerFile } = {}): Runner {
  let count = 0
  let small: Small | null = null
  return {
    run: ({ argv, ...options }, onStart) => {
      count += 1
      if (count > after && small === null && existsSync(file)) small = started(lock, file)
      if (small === null || small.isGone()) return run(argv, { ...options, holding: lock, onStart })
      return small.run({ argv, ...options }, onStart)
    },
    end: async () => small?.end(),
  }
}

type Small = Runner & { readonly isGone: () => boolean }

type Asked = {
  readonly command: ToRun
  readonly onStart: () => void
  readonly done: (result: RunResult) => void
}

function started(lock: number, file: string): Small {
  // In a session of its own: a Ctrl-C at the terminal is not for it.
  const child = spawn(process.execPath, [file], {
    stdio: ['pipe', 'pipe', 'ignore', lock],
    detached: true,
  })
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('the runner has no pipes')
  let asked: Asked | null = null
  let problem: string | null = null
  const answer = (result: RunResult): void => {
    const before = asked
    asked = null
    before?.done(result)
  }
  const gone = new Promise<void>((done) => {
    const ended = (why: string): void => {
      problem ??= `what runs commands ended: ${why}`
      if (asked !== null) answer(notTold(asked.command, problem))
      done()
    }
    child.once('error', ({ message }) => ended(message))
    // After all that it said.
    child.once('close', (code, signal) => ended(signal ?? `exit ${code}`))
  })
  // It may be gone before it took what it was sent: then `close` tells.
  stdin.on('error', () => {})
  createInterface({ input: stdout }).on('line', (line) => {
    const told = JSON.parse(line) as Told
    if ('started' in told) asked?.onStart()
    else answer(told.result)
  })
  return {
    isGone: () => problem !== null,
    run: (command, onStart) =>
      new Promise((done) => {
        const began = performance.now()
        const { argv } = command
        asked = {
          command,
          onStart,
          done: (result) => {
            const took = Math.round(performance.now() - began)
            debug('run', `${argv.join(' ')}: ${result.problem ?? `exit ${result.exitCode}`} in ${took} ms`)
            done(result)
          },
        }
        stdin.write(`${JSON.stringify(command)}\n`)
      }),
    end: () => {
      stdin.end()
      return gone
    },
  }
}

function notTold({ argv }: ToRun, problem: string): RunResult {
  return { command: argv, exitCode: null, stdout: '', stderr: '', problem }
}
