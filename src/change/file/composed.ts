/** Several wishes as one plan: each planned on the World as those before it leave it. */
import type { Failure } from '../../lib/failure.ts'
import type { Intent } from '../../model/intent.ts'
import type { Command, Plan, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { planned, refused, type PlanContext, type Planned } from '../planner.ts'
import { atNamed } from '../at.ts'
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

/**
 * A namespace that the plan itself makes has no inode yet that a command could be held against; one that it takes away has another
 * when what comes before that is taken back.
 */
export function withoutUnmade(steps: readonly Step[]): readonly Step[] {
  const gone = new Set<string>()
  const told: Step[] = []
  for (const step of steps.toReversed()) {
    const back = (command: Command): Command =>
      entering(command, ({ path, id }) => !isToBeMade(id) && !gone.has(path))
    const undo: Step['undo'] = 'irreversible' in step.undo ? step.undo : step.undo.map(back)
    told.push({ ...step, command: entering(step.command, ({ id }) => !isToBeMade(id)), undo })
    for (const fact of step.after) if (fact.kind === 'netns' && !fact.there) gone.add(atNamed(fact.name))
  }
  return told.toReversed()
}

type Entered = NonNullable<Command['enters']>[number]

function entering(command: Command, isKnown: (entered: Entered) => boolean): Command {
  const { enters, ...rest } = command
  if (enters === undefined || enters.every(isKnown)) return command
  const known = enters.filter(isKnown)
  return { ...rest, ...(known.length === 0 ? {} : { enters: known }) }
}
