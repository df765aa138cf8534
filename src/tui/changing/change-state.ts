/** Changes of the host as the screen knows them: what a form would do, what is being done, what came of it. */
import type { ChangeResult, ChangeStep } from '../../model/change-result.ts'

export type ChangeFailure = {
  readonly what: string
  readonly hint: string | null
  /** Further reasons of the same refusal. */
  readonly others: readonly { readonly what: string; readonly hint: string | null }[]
}

/** What the change command printed with --json. */
export type ChangeAnswer =
  | { readonly ok: true; readonly result: ChangeResult }
  | { readonly ok: false; readonly failure: ChangeFailure }

/** A step began or ended, or somebody else is waited for. */
export type ChangeTold =
  | { readonly type: 'step'; readonly number: number; readonly of: number; readonly step: ChangeStep }
  | { readonly type: 'waits'; readonly what: string }

/** What a command line would do. */
export type ChangePlan = {
  readonly id: number
  readonly argv: readonly string[]
  /** null: it is still being made. */
  readonly answer: ChangeAnswer | null
  /** Of what the form said before: shown until the new one is there. */
  readonly before: ChangeAnswer | null
}

export type ChangeRun = {
  readonly id: number
  /** Without what the screen adds. */
  readonly argv: readonly string[]
  readonly title: string
  readonly began: number
  readonly steps: readonly ChangeStep[]
  /** Counts from 0; null: none has begun. */
  readonly current: number | null
  readonly waits: string | null
  readonly ended: { readonly answer: ChangeAnswer; readonly at: number } | null
  /** Of one that is taken back unless it is confirmed. */
  readonly confirm: 'asked' | 'confirmed' | ChangeFailure | null
}

export type ChangesState = {
  /** Of plans and runs. */
  readonly asked: number
  readonly plan: ChangePlan | null
  /** Oldest first. */
  readonly runs: readonly ChangeRun[]
}

export const noChanges: ChangesState = { asked: 0, plan: null, runs: [] }

/** Of what is over, only so many are kept. */
export const mostRuns = 20

export function isRunning({ ended }: ChangeRun): boolean {
  return ended === null
}

export function resultOf({ ended }: ChangeRun): ChangeResult | null {
  return ended?.answer.ok === true ? ended.answer.result : null
}

/** Milliseconds until it is taken back; null: it waits for nobody. */
export function confirmsIn(run: ChangeRun, now: number): number | null {
  const before = resultOf(run)?.confirmBefore
  if (before === undefined || run.confirm === 'confirmed') return null
  const left = Date.parse(before) - now
  return Number.isNaN(left) ? null : Math.max(0, left)
}
