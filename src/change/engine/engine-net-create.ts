/** An engine makes a network. */
import { dockerOptions } from '../../model/docker-options.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Touch } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { atOf } from '../at.ts'
import { labOf } from '../lab/lab.ts'
import { takenRanges, type Taken } from '../lab/taken-ranges.ts'
import { planned, refused, type Planned, type Planner } from '../planner.ts'
import { createRefusals, isSwarmDriver } from './create-refusals.ts'
import type { NetworkWish } from './dialect.ts'
import { unheardOf } from './docker-options.ts'
import { engineOf, type AskedEngine } from './engine-of.ts'
import { createStep } from './engine-steps.ts'
import { wishOf } from './network-wish.ts'
import { subnetRefusals } from './subnet-refusals.ts'

export const engineNetCreate: Planner<'engine-net-create'> = (world, intent) => {
  const asked = engineOf(world, intent)
  if (!asked.ok) return asked
  const wish = wishOf(intent)
  const netns = world.netns.find(({ id }) => id === asked.value.engine.netns) ?? null
  const taken = inUse(world, asked.value, wish)
  if (!taken.ok) return taken
  const refusals = [
    ...createRefusals(asked.value, wish, { netns, swarmWide: intent.swarmWide }),
    ...subnetRefusals(wish, taken.value.ranges),
  ]
  if (refusals.length > 0) return refused(...refusals)
  const { title } = asked.value
  const subnets = wish.subnets.map(({ subnet }) => subnet).join(', ')
  return planned({
    title: `make network ${wish.name} of ${title}${subnets === '' ? '' : ` (${subnets})`}`,
    steps: [createStep(asked.value, wish, linkTouches(world, asked.value, wish))],
    notes: [...notesOf(asked.value, wish), ...taken.value.notes],
  })
}

/**
 * What a subnet must not overlap. Members of macvlan and ipvlan are in the parent's own network, so only what the engine itself gave away
 * counts there; it has one pool for all of its networks on this host.
 */
function inUse(world: World, { engine, networks, title }: AskedEngine, wish: NetworkWish): Planned<Taken> {
  const none = planned<Taken>({ ranges: [], notes: [] })
  if (wish.subnets.length === 0) return none
  const host = world.netns.find(({ id }) => id === (engine.netns ?? world.host))
  const lab = labOf(world)
  if (host === undefined || !lab.ok) return lab.ok ? none : lab
  const taken = takenRanges(world, host, lab.value)
  if (!taken.ok) return taken
  if (wish.driver !== 'macvlan' && wish.driver !== 'ipvlan') return taken
  const own = networks.map(({ name }) => `network ${sanitise(name)} of ${title.toLowerCase()} (`)
  return planned({
    ranges: taken.value.ranges.filter(({ what }) => own.some((each) => what.startsWith(each))),
    notes: taken.value.notes,
  })
}

function linkTouches(
  world: World,
  { engine }: AskedEngine,
  { driver, options }: NetworkWish,
): readonly Touch[] {
  const netns = world.netns.find(({ id }) => id === engine.netns)
  if (netns === undefined) return []
  const at = atOf(world, netns)
  const { [dockerOptions.bridge]: bridge, [dockerOptions.parent]: parent } = options
  return [
    ...(driver === 'bridge' && bridge !== undefined
      ? [{ path: [at, `link:${bridge}`], how: 'add' } as const]
      : []),
    ...(driver !== 'bridge' && parent !== undefined
      ? [{ path: [at, `link:${parent}`], how: 'use' } as const]
      : []),
  ]
}

function notesOf({ title, engine }: AskedEngine, wish: NetworkWish): readonly string[] {
  const { driver, subnets, options } = wish
  const isOnParent = driver === 'macvlan' || driver === 'ipvlan'
  return [
    ...(subnets.length === 0 && !isSwarmDriver(wish) ? [`${title} takes the next free subnet`] : []),
    ...(isOnParent ? [`the host itself does not reach members of a ${driver} network, nor they it`] : []),
    ...(isOnParent && subnets.length === 0
      ? [`without --subnet ${title} chooses one that the network below knows nothing of`]
      : []),
    ...(isOnParent && options[dockerOptions.parent] === undefined
      ? ['without --parent it stands on a link of its own, and members reach each other alone']
      : []),
    ...(title === 'Docker'
      ? unheardOf(wish).map(
          (name) =>
            `option ${sanitise(name)} is not known here; Docker ${engine.version ?? ''} may do nothing with it`,
        )
      : []),
  ]
}
