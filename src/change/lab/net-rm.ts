/** Removes networks of the lab that nobody is on. */
import type { Lab, LabNetwork } from '../../model/lab.ts'
import { hostSpot } from '../at.ts'
import { planned, refusal, refused, type Planned, type Planner, type PlanContext } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { labSteps } from './lab-steps.ts'
import { labOf, withoutNetwork } from './lab.ts'
import { noNetwork } from './network-room.ts'
import { removalSteps } from './removal-steps.ts'
import type { World } from '../../model/world.ts'
import type { Step } from '../../model/plan.ts'

export const netRm: Planner<'net-rm'> = (world, { name }, context) => {
  const lab = labOf(world)
  if (!lab.ok) return lab
  const network = lab.value.networks.find((each) => each.name === name)
  if (network === undefined) return refused(noNetwork(name, lab.value))
  const members = membersOf(lab.value, network)
  if (members.length > 0)
    return refused(
      refusal(
        name,
        `network ${name} is in use: ${members.join(', ')} ${members.length === 1 ? 'is' : 'are'} on it`,
        `vethscope net disconnect ${name} ${members[0] ?? 'NODE'}, or vethscope node rm ${members[0] ?? 'NODE'}`,
      ),
    )
  const removed = withoutThese(world, lab.value, [network], context)
  return removed.ok ? planned({ title: `remove network ${name}`, ...removed.value }) : removed
}

/** Names of the nodes that are on a network. */
export function membersOf({ nodes }: Lab, { name }: LabNetwork): readonly string[] {
  return nodes.flatMap((node) => (node.endpoints.some(({ network }) => network === name) ? [node.name] : []))
}

/** The lab without some networks, in one change. */
export function withoutThese(
  world: World,
  lab: Lab,
  networks: readonly LabNetwork[],
  context: PlanContext,
): Planned<{ readonly steps: readonly Step[]; readonly notes: readonly string[] }> {
  const spot = hostSpot(world, context)
  const host = spot.netns
  if (host === null) return refused(unreadable('host', 'the namespace of this host', null))
  const removals = networks.map((network) => removalSteps(world, { netns: host, spot }, network, context))
  const after = networks.reduce((left, { name }) => withoutNetwork(left, name), lab)
  const whole = labSteps(
    world,
    after,
    removals.flatMap(({ steps }) => steps),
    context,
  )
  if (!whole.ok) return whole
  return planned({
    steps: whole.value.steps,
    notes: [...removals.flatMap(({ notes }) => notes), ...whole.value.notes],
  })
}
