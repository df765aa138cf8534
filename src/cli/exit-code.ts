/** The one place where exit codes are decided (cli.md). */
import { constants } from 'node:os'
import type { Failure } from '../lib/failure.ts'
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

export function exitCodeOfFailure(failure: Failure): number {
  switch (failure.kind) {
    case 'usage':
      return exitCode.usage
    case 'permission':
      return exitCode.permission
    case 'not-found':
    case 'ambiguous':
      return exitCode.notFound
    case 'refused':
      return exitCode.refused
  }
}

export function exitCodeOfResult(result: Pick<Answered, 'answer' | 'gaps'>, strict: boolean): number {
  if (result.answer === 'unknown' || (strict && result.gaps.length > 0)) return exitCode.permission
  return result.answer === 'no' ? exitCode.no : exitCode.done
}

export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
