import type { Answered } from '../command/result.ts'
import type { Failure } from '../lib/failure.ts'
import { escapeJson } from '../lib/sanitise.ts'

/** One JSON document and a line end; indented for a terminal, one line for a program. */
export function printJson(value: Answered['data'] | object, indented: boolean): string {
  return `${escapeJson(JSON.stringify(value, null, indented ? 2 : 0))}\n`
}

/** How a failure looks with --json. */
export function failureJson(failure: Failure): object {
  return { error: errorOf(failure) }
}

function errorOf(failure: Failure): object {
  const { kind, what, subject, hint, command, stderr, others } = failure
  return {
    kind,
    what,
    subject: subject ?? null,
    ...(hint === undefined ? {} : { hint }),
    ...(command === undefined ? {} : { command }),
    ...(stderr === undefined ? {} : { stderr }),
    ...(others === undefined ? {} : { others: others.map(errorOf) }),
  }
}
