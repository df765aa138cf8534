/** Runs one command of a plan. */
import { statSync } from 'node:fs'
import type { RunResult } from '../../lib/run.ts'
import type { Command } from '../../model/plan.ts'
import { reasonOf } from '../../lib/failure.ts'
import { askEngine, type Ran } from './ask-engine.ts'
import { withHandle } from './rule-handle.ts'
import type { Runner } from './runner.ts'

/** iptables waits for others that change rules; nothing of a plan works for long by itself. */
const timeoutMs = 60_000

/** `lock` stays taken until the command has ended, however this program ends. */
export async function runCommand(
  { lock, runner }: { readonly lock: number; readonly runner: Runner },
  command: Command,
  onStart: () => void,
): Promise<Ran> {
  const { argv, input, request, enters = [] } = command
  for (const { path, id } of enters) {
    const wrong = wrongAt(path, id)
    if (wrong !== null) return { command: argv, exitCode: null, stdout: '', stderr: '', problem: wrong }
  }
  if (request !== undefined) return askEngine(lock, command, request, onStart)
  const whole = command.handleOf === undefined ? argv : await withHandle(argv, command.handleOf)
  // It went away already.
  if (whole === null) return { command: argv, exitCode: 0, stdout: '', stderr: '', problem: null }
  return runner.run({ argv: whole, timeoutMs, ...(input === undefined ? {} : { input }) }, onStart)
}

/** A name or a pid may lead to another namespace than when this was planned. */
function wrongAt(path: string, id: string): string | null {
  try {
    const { ino } = statSync(path, { bigint: true })
    return String(ino) === id ? null : `${path} leads to another netns now (net:[${ino}], not net:[${id}])`
  } catch (error) {
    return `${path} does not lead to netns net:[${id}] any more: ${reasonOf(error)}`
  }
}

export function isDone(command: Command, { exitCode }: RunResult): boolean {
  return exitCode === 0 || (exitCode !== null && (command.also ?? []).includes(exitCode))
}

/** `exit 2: RTNETLINK answers: File exists`. */
export function endOf({ exitCode, problem, stderr }: RunResult): string {
  const end = problem ?? `exit ${exitCode}`
  const said = stderr.trim()
  return said === '' ? end : `${end}: ${said}`
}
