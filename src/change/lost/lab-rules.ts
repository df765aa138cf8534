/** Rules of a lab that are gone. They follow from the lab, so they are written as a change of it would write them. */
import type { World } from '../../model/world.ts'
import { labOf } from '../lab/lab.ts'
import { planned, refused, type Drafted, type PlanContext, type Planned } from '../planner.ts'
import { bridged } from '../rules/reach.ts'
import { ruleSteps } from '../rules/rule-steps.ts'

export function labRules(world: World, context: PlanContext): Planned<Drafted> {
  const lab = labOf(world)
  if (!lab.ok) return lab
  const { value } = lab
  if (bridged(value).length + value.masquerades.length === 0)
    return refused({
      kind: 'not-found',
      subject: 'lab',
      what: 'no lab of this host has rules',
      hint: 'what there is: vethscope net ls',
    })
  const rules = ruleSteps(world, value, value, context)
  if (!rules.ok) return rules
  const steps = [...rules.value.first, ...rules.value.last]
  const title = steps.length === 0 ? 'nothing of the lab’s rules is lost' : 'write back rules of the lab'
  return planned({ title, steps, notes: rules.value.notes })
}
