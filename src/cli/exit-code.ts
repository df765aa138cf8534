/** The one place where exit codes are decided (cli.md). */
import { constants } from 'node:os'
import type { Failure, FailureKind } from '../lib/failure.ts'
import type { Answered } from '../command/result.ts'

export const exitCode = {
  done: 0,
  /** Done, and the answer is no. */
  no: 1,
  usage: 2,
  /** Not permitted, or something that decides could not be read. */
  permission: 3,
  /** Not there, or several could be meant. */
  notFound: 4,
  /** The host refused, a step failed, or the program has a bug. */
  refused: 5,
} as const

const ofFailure: { readonly [K in FailureKind]: number } = {
  usage: exitCode.usage,
  permission: exitCode.permission,
  'not-found': exitCode.notFound,
  ambiguous: exitCode.notFound,
  refused: exitCode.refused,
}

export function exitCodeOfFailure(failure: Failure): number {
  return ofFailure[failure.kind]
}

/** A usage error is ours in any case: nothing was tried. */
export function exitCodeBefore(failure: Failure, failsWith: number | undefined): number {
  return failsWith === undefined || failure.kind === 'usage' ? exitCodeOfFailure(failure) : failsWith
}

export function exitCodeOfResult(result: Pick<Answered, 'answer' | 'gaps'>, strict: boolean): number {
  if (result.answer === 'failed') return exitCode.refused
  if (result.answer === 'unknown' || (strict && result.gaps.length > 0)) return exitCode.permission
  return result.answer === 'no' ? exitCode.no : exitCode.done
}

export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
