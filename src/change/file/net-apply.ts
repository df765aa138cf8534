/** A file of networks held against the host: one plan of all that it asks for and is not there, or that takes away all that it names. */
import type { IntentOf } from '../../model/intent.ts'
import type { NetworkFile } from '../../model/network-file.ts'
import type { Plan } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { planned, type Drafted, type PlanContext, type Planned } from '../planner.ts'
import { composed, withoutUnmade, type PlanOf, type Want } from './composed.ts'
import { containerWants } from './container-wants.ts'
import { linkWants, routeWants } from './link-wants.ts'
import { mergedSteps } from './merged-steps.ts'
import { networkWants } from './network-wants.ts'
import { nodeWants } from './node-wants.ts'
import { enginesMissing, removalWants } from './removal-wants.ts'

/** `planOf`: of each part; handed in, because it knows this planner, too. */
export function netApply(
  world: World,
  intent: IntentOf<'net-apply'>,
  context: PlanContext,
  planOf: PlanOf,
): Planned<Drafted> {
  const { file, remove } = intent
  const whole = composed({ world, context }, wantsOf(intent), planOf)
  if (!whole.ok) return whole
  const { plans } = whole.value
  return planned({
    title: `${remove ? 'remove what a networks file names' : 'apply networks file'}: ${countsOf(file)}`,
    steps: withoutUnmade(mergedSteps(plans)),
    notes: [
      ...partsOf(plans, remove),
      ...(remove ? enginesMissing(world, file) : []),
      ...new Set(plans.flatMap(({ notes }) => notes)),
    ],
  })
}

/** In the order in which they are made. */
export function wantsOf({ file, remove, replace = false }: IntentOf<'net-apply'>): readonly Want[] {
  if (remove) return removalWants(file)
  return [
    ...networkWants(file, replace),
    ...nodeWants(file, replace),
    ...containerWants(file),
    ...linkWants(file),
    ...routeWants(file),
  ]
}

/** The difference in words; a hundred nodes need not be told one by one. */
function partsOf(plans: readonly Plan[], remove: boolean): readonly string[] {
  if (plans.length === 0) return [remove ? 'nothing of it is there' : 'all of it is there']
  const titles = plans.map(({ title }) => title)
  const shown =
    titles.length > mostTold
      ? [...titles.slice(0, mostTold - 1), `and ${titles.length - mostTold + 1} more`]
      : titles
  return shown
}

const mostTold = 40

function countsOf({ networks = {}, nodes = {}, containers = {}, links = [] }: NetworkFile): string {
  const count = (number: number, one: string): readonly string[] =>
    number === 0 ? [] : [`${number} ${one}${number === 1 ? '' : 's'}`]
  const all = [
    ...count(Object.keys(networks).length, 'network'),
    ...count(Object.keys(nodes).length, 'node'),
    ...count(Object.keys(containers).length, 'container'),
    ...count(links.length, 'link'),
  ]
  return all.length === 0 ? 'nothing is in it' : all.join(', ')
}
