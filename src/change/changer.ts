/**
 * All that changes a host goes through here: plan → journal → steps → read again and compare; and the way back. Nothing is
 * changed by planning.
 */
import type { Failure, Outcome } from '../lib/failure.ts'
import type { ChangeResult, ChangeStep, CleanupResult, JournalChange } from '../model/change-result.ts'
import type { Intent } from '../model/intent.ts'
import type { Plan } from '../model/plan.ts'
import type { World } from '../model/world.ts'
import type { Planned } from './planner.ts'

export type ChangerDeps = {
  /** The host as it is now, with the dear parts and rules of its own namespace and of these (as NETNS texts; what is not there is left out). */
  readonly read: (netns: readonly string[]) => Promise<Outcome<World>>
  /** The file of the host's namespace where that is not the one this program is in. */
  readonly hostPath: string | null
  /** SSH_CONNECTION is looked at. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** argv that starts this program once more, for the watcher. */
  readonly self: readonly string[]
  readonly signal: AbortSignal
}

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

export type Changer = {
  readonly plan: (intent: Intent, options?: PlanOptions) => Promise<Planned>
  /** Of the last change that is in effect, or of that one. */
  readonly undoPlan: (id: number | null, options?: PlanOptions) => Promise<Planned>
  /** A failure where nothing was begun; a result also where a step failed and what was done was taken back. */
  readonly apply: (plan: Plan, options?: ApplyOptions) => Promise<Outcome<ChangeResult>>
  /** The plan as it would be printed: outcome `not run`. */
  readonly preview: (plan: Plan) => ChangeResult
  readonly script: (plan: Plan) => string
  /** Oldest first. */
  readonly journal: () => Promise<Outcome<readonly JournalChange[]>>
  readonly cleanup: (options?: ApplyOptions) => Promise<Outcome<CleanupResult>>
  /** Keeps a change that waits for it; null: the only one. */
  readonly confirm: (id: number | null) => Promise<Outcome<JournalChange>>
  /** What the detached watcher does: waits, and takes the change back unless it was confirmed. */
  readonly watch: (id: number, seconds: number) => Promise<Outcome<ChangeResult | null>>
}

const notYet: Failure = { kind: 'refused', what: 'changes are not made yet' }

export function openChanger(_deps: ChangerDeps): Changer {
  const no = async () => ({ ok: false, failure: notYet }) as const
  const none = async () => ({ ok: false, refusals: [notYet] }) as const
  return {
    plan: none,
    undoPlan: none,
    apply: no,
    preview: (plan) => ({
      id: null,
      title: plan.title,
      applied: false,
      verified: false,
      steps: [],
      left: [],
      differences: [],
      notes: plan.notes,
    }),
    script: () => '',
    journal: no,
    cleanup: no,
    confirm: no,
    watch: no,
  }
}
