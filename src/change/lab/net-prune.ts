/** Removes every network of the lab that nobody is on, in one change. */
import { planned, type Planner } from '../planner.ts'
import { labOf } from './lab.ts'
import { membersOf, withoutThese } from './net-rm.ts'

export const netPrune: Planner<'net-prune'> = (world, _intent, context) => {
  const lab = labOf(world)
  if (!lab.ok) return lab
  const unused = lab.value.networks.filter((network) => membersOf(lab.value, network).length === 0)
  if (unused.length === 0)
    return planned({ title: 'remove no network', steps: [], notes: ['there is no network without nodes'] })
  const names = unused.map(({ name }) => name).join(', ')
  const removed = withoutThese(world, lab.value, unused, context)
  return removed.ok
    ? planned({ title: `remove ${unused.length === 1 ? 'network' : 'networks'} ${names}`, ...removed.value })
    : removed
}
