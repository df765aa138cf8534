/** What the change command prints with --json, as the screen takes it: from this very program, and still only read with care. */
import type { ChangeResult, ChangeStep } from '../../model/change-result.ts'
import type { ChangeAnswer, ChangeFailure, ChangeTold } from './change-state.ts'

export type RunEnd = {
  readonly exitCode: number | null
  readonly problem: string | null
  readonly stdout: string
  readonly stderr: string
}

export function changeAnswer({ exitCode, problem, stdout, stderr }: RunEnd): ChangeAnswer {
  const told = parsed(stdout)
  const failure = failureIn(told)
  if (failure !== null) return { ok: false, failure }
  const result = resultIn(told)
  return result === null
    ? { ok: false, failure: unexpected(exitCode, problem, stderr) }
    : { ok: true, result }
}

/** null: it went well. */
export function changeFailure({ exitCode, problem, stdout, stderr }: RunEnd): ChangeFailure | null {
  const failure = failureIn(parsed(stdout))
  return failure ?? (exitCode === 0 ? null : unexpected(exitCode, problem, stderr))
}

/** A line of --tell-steps; null: another that was said on standard error. */
export function changeTold(line: string): ChangeTold | null {
  const told = parsed(line)
  if (typeof told !== 'object' || told === null) return null
  if ('waits' in told && typeof told.waits === 'string') return { type: 'waits', what: told.waits }
  const isStep = 'step' in told && 'number' in told && 'of' in told
  if (!isStep || typeof told.number !== 'number' || typeof told.of !== 'number' || !isChangeStep(told.step))
    return null
  return { type: 'step', number: told.number, of: told.of, step: told.step }
}

function unexpected(exitCode: number | null, problem: string | null, stderr: string): ChangeFailure {
  const last = stderr.trim().split('\n').at(-1) ?? ''
  const what = problem ?? (last === '' ? `it ended with exit ${exitCode ?? '?'} and told nothing` : last)
  return { what, hint: null, others: [] }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

function failureIn(told: unknown): ChangeFailure | null {
  if (typeof told !== 'object' || told === null || !('error' in told) || 'steps' in told) return null
  const { error } = told
  const first = reasonIn(error)
  if (first === null) return null
  const others = typeof error === 'object' && error !== null && 'others' in error ? error.others : []
  const list: readonly unknown[] = Array.isArray(others) ? others : []
  return { ...first, others: list.flatMap((each) => reasonIn(each) ?? []) }
}

function reasonIn(error: unknown): { readonly what: string; readonly hint: string | null } | null {
  if (typeof error !== 'object' || error === null || !('what' in error) || typeof error.what !== 'string')
    return null
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : null
  return { what: error.what, hint }
}

/** `cleanup` tells of several, as does a command that was given several names. */
function resultIn(told: unknown): ChangeResult | null {
  if (isResult(told)) return told
  const list: unknown = typeof told === 'object' && told !== null && 'cleaned' in told ? told.cleaned : told
  if (!Array.isArray(list) || !list.every(isResult)) return null
  const [first] = list
  if (list.length === 1 && first !== undefined) return first
  const host = list.find((each) => each.host !== undefined)?.host
  return {
    id: list.at(-1)?.id ?? null,
    ...(host === undefined ? {} : { host }),
    title: list.map(({ title }) => title).join(', ') || 'nothing was begun and not ended',
    applied: list.every(({ applied }) => applied),
    verified: list.every(({ verified }) => verified),
    steps: list.flatMap(({ steps }) => steps),
    left: list.flatMap(({ left }) => left),
    differences: list.flatMap(({ differences }) => differences),
    notes: list.flatMap(({ notes }) => notes),
  }
}

function isResult(told: unknown): told is ChangeResult {
  if (typeof told !== 'object' || told === null) return false
  const lists: readonly unknown[] = ['steps', 'left', 'differences', 'notes'].map((key) =>
    Reflect.get(told, key),
  )
  const steps: unknown = Reflect.get(told, 'steps')
  return lists.every(Array.isArray) && Array.isArray(steps) && steps.every(isChangeStep) && 'applied' in told
}

function isChangeStep(told: unknown): told is ChangeStep {
  if (typeof told !== 'object' || told === null) return false
  return (
    ['title', 'command', 'outcome'].every((key) => typeof Reflect.get(told, key) === 'string') &&
    'undo' in told
  )
}
