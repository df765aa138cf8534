/** A change of the lab: what its planner does to links and namespaces, in the middle of what follows from it for rules, names and records. */
import type { Lab } from '../../model/lab.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { planned, type PlanContext, type Planned } from '../planner.ts'
import { ruleSteps } from '../rules/rule-steps.ts'
import { withKept } from '../rules/setting-steps.ts'
import { hostSpot } from '../at.ts'
import { labOf } from './lab.ts'
import { nameSteps } from './name-steps.ts'
import { recordSteps } from './record-steps.ts'

/** `asked`: the lab as it will be. `kernel`: steps that make or remove links, namespaces, addresses, routes. `notes`: what the rules have to say. */
export function labSteps(
  world: World,
  asked: Lab,
  kernel: readonly Step[],
  context: PlanContext,
): Planned<{ readonly steps: readonly Step[]; readonly notes: readonly string[] }> {
  const before = labOf(world)
  if (!before.ok) return before
  const after = withKept(hostSpot(world, context), { before: before.value, after: asked })
  const rules = ruleSteps(world, before.value, after, context)
  if (!rules.ok) return rules
  const names = nameSteps(world, before.value, after, context)
  if (!names.ok) return names
  const { first, last, notes } = rules.value
  return planned({
    steps: [...first, ...kernel, ...names.value.steps, ...last, ...recordSteps(before.value, after, context)],
    notes: [...notes, ...names.value.notes],
  })
}
