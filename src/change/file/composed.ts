/** Several wishes as one plan: each planned on the World as those before it leave it. */
import type { Failure } from '../../lib/failure.ts'
import type { Intent } from '../../model/intent.ts'
import type { Command, Plan, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { planned, refused, type PlanContext, type Planned } from '../planner.ts'
import { isToBeMade } from './names-after.ts'
import { worldAfter, type Moment } from './world-after.ts'

export type PlanOf = (world: World, intent: Intent, context: PlanContext) => Planned

/** What is wanted, asked when all before it is as it will be. */
export type Want = {
  /** Which part of a file it is. */
  readonly path: readonly (string | number)[]
  readonly intents: (moment: Moment) => Planned<readonly Intent[]>
  /** Where something before this is refused, this is not asked: it would be refused for that. */
  readonly stage: number
}

export type Composed = {
  /** In their order, without those that need nothing. */
  readonly plans: readonly Plan[]
  readonly after: Moment
}

/** Every reason why not, of the first stage in which there is one. */
export function composed(start: Moment, wants: readonly Want[], planOf: PlanOf): Planned<Composed> {
  const plans: Plan[] = []
  const refusals: Failure[] = []
  let now = start
  let stage: number | null = null
  for (const want of wants) {
    if (refusals.length > 0 && want.stage !== stage) break
    stage = want.stage
    const done = composedOf(now, want, planOf)
    if (done.ok) {
      plans.push(...done.value.plans)
      now = done.value.after
    } else refusals.push(...done.refusals.map((failure) => ({ path: want.path, ...failure })))
  }
  return refusals.length > 0 ? refused(...refusals) : planned({ plans, after: now })
}

function composedOf(start: Moment, { intents }: Want, planOf: PlanOf): Planned<Composed> {
  const asked = intents(start)
  if (!asked.ok) return asked
  const plans: Plan[] = []
  let now = start
  for (const intent of asked.value) {
    const plan = planOf(now.world, intent, now.context)
    if (!plan.ok) return plan
    plans.push(plan.value)
    now = worldAfter(now, plan.value)
  }
  return planned({ plans, after: now })
}

/** A namespace that the plan itself makes has no inode yet that a command could be held against. */
export function withoutUnmade(step: Step): Step {
  const of = (command: Command): Command => {
    const { enters, ...rest } = command
    const known = enters?.filter(({ id }) => !isToBeMade(id)) ?? []
    return enters === undefined || known.length === enters.length
      ? command
      : { ...rest, ...(known.length === 0 ? {} : { enters: known }) }
  }
  const undo: Step['undo'] = 'irreversible' in step.undo ? step.undo : step.undo.map(of)
  return { ...step, command: of(step.command), undo }
}
