/** Makes a network of the lab. */
import type { Failure } from '../../lib/failure.ts'
import type { Lab } from '../../model/lab.ts'
import { hostSpot } from '../at.ts'
import { checkPlainName } from '../names.ts'
import { misuse, planned, refusal, refused, type Planner } from '../planner.ts'
import { unreadable } from '../unreadable.ts'
import { bridgeNetwork } from './bridge-network.ts'
import { labSteps } from './lab-steps.ts'
import { labOf, withNetwork } from './lab.ts'
import { misplaced, withOptions } from './network-options.ts'
import type { NetworkPlanner } from './network-plan.ts'
import { parentNetwork } from './parent-network.ts'
import { takenRanges } from './taken-ranges.ts'
import { vxlanNetwork } from './vxlan-network.ts'

const drivers: Readonly<Record<string, NetworkPlanner>> = {
  bridge: bridgeNetwork,
  vxlan: vxlanNetwork,
  macvlan: parentNetwork,
  ipvlan: parentNetwork,
}

export const netCreate: Planner<'net-create'> = (world, intent, context) => {
  const lab = labOf(world)
  if (!lab.ok) return lab
  const wrongName = badName(intent.name, lab.value)
  if (wrongName !== null) return refused(wrongName)
  const wish = withOptions(intent)
  if (!wish.ok) return wish
  const unfit = misplaced(wish.value)
  if (unfit.length > 0) return refused(...unfit)
  const spot = hostSpot(world, context)
  const host = spot.netns
  if (host === null) return refused(unreadable('host', 'the namespace of this host', null))
  const taken = takenRanges(world, host, lab.value)
  if (!taken.ok) return taken
  const draw = drivers[wish.value.driver]
  if (draw === undefined) return refused(refusal(intent.name, `there is no driver ${intent.driver}`))
  const drawn = draw(wish.value, { world, lab: lab.value, spot, host, ranges: taken.value.ranges, context })
  if (!drawn.ok) return drawn
  const { network, kernel, notes } = drawn.value
  const whole = labSteps(world, withNetwork(lab.value, network), kernel, context)
  if (!whole.ok) return whole
  return planned({
    title: `make network ${network.name} (${subnetText(network.subnets)})`,
    steps: whole.value.steps,
    notes: [...notes, ...taken.value.notes, ...whole.value.notes],
  })
}

/** Nodes are called NODE.NETWORK, and nft keeps 128 bytes of a comment, in which a node's name (63) stands behind it, or an address and a port. */
const longestName = 48

function badName(name: string, { networks }: Lab): Failure | null {
  const bad = checkPlainName(name, 'network')
  if (bad !== null) return bad
  if (name.length > longestName)
    return misuse(name, `"${name}" is no network name: at most ${longestName} letters are allowed`)
  // Where a node's network is asked for these are Docker's words for its modes.
  if (name === 'host' || name === 'none')
    return misuse(name, `a network cannot be called ${name}: it is a mode`)
  return networks.some((each) => each.name === name)
    ? refusal(name, `network ${name} exists already`, `vethscope net rm ${name} removes it`)
    : null
}

function subnetText(subnets: readonly { readonly subnet: string }[]): string {
  return subnets.map(({ subnet }) => subnet).join(', ')
}
