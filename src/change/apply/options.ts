/** What whoever asks for a change may say, and what is told meanwhile. */
import type { ChangeStep } from '../../model/change-result.ts'

export type PlanOptions = {
  /** A change that cuts the way in is allowed: it is taken back after so many seconds unless confirmed. */
  readonly confirmWithin?: number
}

/** A step began or ended. */
export type StepTold = { readonly number: number; readonly of: number; readonly step: ChangeStep }

export type ApplyOptions = PlanOptions & {
  readonly onStep?: (told: StepTold) => void
  /** Somebody else is changing this host: wait for them. Told once. */
  readonly onWait?: (what: string) => void
}
