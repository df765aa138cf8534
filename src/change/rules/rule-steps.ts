/** Rules of the host, and what goes with them (forwarding, route_localnet, hairpin, conntrack), from one lab to another. */
import type { Lab } from '../../model/lab.ts'
import type { Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { planned, type PlanContext, type Planned } from '../planner.ts'

export type RuleSteps = {
  /** Before links are made or removed: what guards must be there before there is anything to guard. */
  readonly first: readonly Step[]
  /** After that: what needs the links, and the removal of guards whose links are gone. */
  readonly last: readonly Step[]
  readonly notes: readonly string[]
}

export function ruleSteps(
  _world: World,
  _before: Lab,
  _after: Lab,
  _context: PlanContext,
): Planned<RuleSteps> {
  return planned({ first: [], last: [], notes: [] })
}
