/**
 * Asks an engine for what a plan's command says. By a process of its own, as every command is: it holds the lock until
 * the engine answered, also where this program is killed meanwhile, so that whoever cleans up after it does not look while the
 * engine is still at work.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run, type RunResult } from '../../lib/run.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Command } from '../../model/plan.ts'
import { errorSaid, worthKnowing } from './engine-says.ts'
import type { EngineAnswer, EngineRequest } from './send-request.ts'

/** `says`: what the answer tells that is worth knowing. */
export type Ran = RunResult & { readonly says?: string }

/** An overlay is made on a whole swarm, and a driver may wait for links of the host. */
const withinMs = 60_000
/** For Node to start and to end. */
const graceMs = 10_000

/** As curl ends where the server answered with 400 or more (--fail-with-body, curl(1)). */
const refusedExit = 22

/** The bundle's own program for that, beside whatever chunk this lands in. */
const askerFile = new URL('./ask.js', import.meta.url)

/** What a command asks of an engine, where it does. */
type Asked = NonNullable<Command['request']>

export async function askEngine(
  lock: number,
  { argv, input }: Command,
  request: Asked,
  onStart: () => void,
): Promise<Ran> {
  const failed = (problem: string): Ran => ({
    command: argv,
    exitCode: null,
    stdout: '',
    stderr: '',
    problem,
  })
  const { socket } = request
  // The request, once begun, tells the same; but nothing has to be begun.
  if (!existsSync(socket)) return failed(`no engine is at ${sanitise(socket)}: the socket is gone`)
  const question: EngineRequest = { ...request, withinMs, ...(input === undefined ? {} : { body: input }) }
  const ran = await run([process.execPath, fileURLToPath(askerFile)], {
    holding: lock,
    timeoutMs: withinMs + graceMs,
    input: JSON.stringify(question),
    onStart,
  })
  const answer = answerIn(ran)
  if ('error' in answer) return failed(`cannot ask the engine at ${sanitise(socket)}: ${answer.error}`)
  const { status, body } = answer
  if (status < 200 || status > 299) {
    return {
      command: argv,
      exitCode: refusedExit,
      stdout: body,
      stderr: errorSaid(status, body),
      problem: null,
    }
  }
  const says = worthKnowing(body)
  return {
    command: argv,
    exitCode: 0,
    stdout: body,
    stderr: '',
    problem: null,
    ...(says === null ? {} : { says }),
  }
}

function answerIn({ exitCode, problem, stdout, stderr }: RunResult): EngineAnswer {
  if (exitCode === 0) return JSON.parse(stdout) as EngineAnswer
  const why = problem ?? `exit ${exitCode}: ${sanitise(stderr.trim().split('\n')[0] ?? '')}`
  return { error: `what asks it did not come to an end: ${why}` }
}
