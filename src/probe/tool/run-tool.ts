/** A tool of the host inside the namespace, as a person would run it there: its lines, and how it ended. */
import { failed, succeeded, type Failure } from '../../lib/failure.ts'
import { runLive, type LiveEnd, type LiveRun } from '../../lib/run-live.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Tone, ToolRequest } from '../../model/probe.ts'
import type { ToolResult } from '../../model/probe-result.ts'
import type { ProbeContext, Runner } from '../context.ts'
import { insideArgv } from '../launch/inside-argv.ts'
import { linesOf } from './lines-of.ts'

/** Between SIGINT, at which ping and tcpdump still tell their sums, and being ended. */
const patienceMs = 500

export const runTool: Runner<'tool'> = async (request, context) => {
  const { place, argv, timeoutMs } = request
  const wrong = problemWith(argv)
  if (wrong !== null) return failed(wrong)
  const timeout = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs)
  const either = AbortSignal.any([context.signal, ...(timeout === null ? [] : [timeout])])
  const end = new AbortController()
  const output = outputTo(context)
  const run = await runLive(insideArgv(place, argv, { files: true }), {
    signal: end.signal,
    ...output.options,
  })
  output.flowsFrom(run)
  const stop = () => {
    if (run.pid !== undefined) interrupt(run.pid)
    setTimeout(() => end.abort(), patienceMs)
  }
  if (either.aborted) stop()
  else either.addEventListener('abort', stop, { once: true })
  const ended = await run.ended
  either.removeEventListener('abort', stop)
  output.end()
  const refusal = output.refusal()
  if (refusal !== null) return failed(refusedAs(argv, refusal, ended.exitCode))
  return succeeded(resultOf(request, ended, timeout?.aborted === true && !context.signal.aborted))
}

/** It is one of ours until it has become the tool, and then says why it could not. */
const ownWord = 'vethscope: cannot '

function outputTo(context: ProbeContext) {
  const say = (tone: Tone) => (text: string) => context.emit({ type: 'line', at: Date.now(), text, tone })
  const stdout = linesOf(say('plain'))
  const stderr = linesOf(say('note'))
  let refusal: string | null = null
  let run: LiveRun | null = null
  let isPaused = false
  const keepPace = (): void => {
    if (run === null || isPaused || !context.isAhead()) return
    isPaused = true
    run.pause()
    void context.drained().finally(() => {
      isPaused = false
      run?.resume()
    })
  }
  return {
    options: {
      onStdout: (chunk: Buffer): void => {
        stdout.add(chunk)
        keepPace()
      },
      onStderr: (line: string): void => {
        if (line.startsWith(ownWord)) refusal = line.slice('vethscope: '.length)
        else stderr.add(Buffer.from(`${line}\n`))
        keepPace()
      },
    },
    flowsFrom: (of: LiveRun): void => {
      run = of
    },
    end: (): void => {
      stdout.end()
      stderr.end()
    },
    refusal: (): string | null => refusal,
  }
}

/** The first word is a program's name or path, never an option of what starts it. */
function problemWith(argv: readonly string[]): Failure | null {
  const [program = ''] = argv
  const isProgram = program !== '' && !program.startsWith('-') && !argv.some((word) => word.includes('\0'))
  return isProgram ? null : { kind: 'usage', what: `"${sanitise(program)}" is no program`, subject: program }
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // It has ended meanwhile.
  }
}

/** The launcher's exit codes are docker exec's: 125 could not enter, 126 not executable, 127 not found. */
function refusedAs(argv: readonly string[], says: string, exitCode: number | null): Failure {
  const kind = exitCode === 127 ? 'not-found' : /permission denied/.test(says) ? 'permission' : 'refused'
  return { kind, what: sanitise(says), subject: argv[0] ?? '', command: argv }
}

function resultOf(
  { place, argv, timeoutMs }: ToolRequest,
  { exitCode, problem }: LiveEnd,
  timedOut: boolean,
): ToolResult {
  return {
    kind: 'tool',
    ok: exitCode === 0,
    netns: place.netns,
    command: argv,
    exitCode,
    problem: timedOut ? `stopped after ${(timeoutMs ?? 0) / 1000} s` : problem,
  }
}
