/** An engine removes every network that nobody is on, and that is not its own: one by one, so that each can come back. */
import { sanitise } from '../../lib/sanitise.ts'
import type { EngineNetwork } from '../../model/engine.ts'
import { planned, type Planner } from '../planner.ts'
import { whyNotByName } from './askable-name.ts'
import { engineOf, type AskedEngine } from './engine-of.ts'
import { membersOf, stoppedOn } from './network-members.ts'
import { removal } from './removal.ts'
import { isOfSwarm, isPredefined, isSwarmWide } from './own-networks.ts'

export const engineNetPrune: Planner<'engine-net-prune'> = (world, which) => {
  const asked = engineOf(world, which)
  if (!asked.ok) return asked
  const { title } = asked.value
  const standing = asked.value.networks.map((network) => ({ network, stays: whyStays(asked.value, network) }))
  const unused = standing.flatMap(({ network, stays }) => (stays === null ? [network] : []))
  const notes = standing.flatMap(({ network, stays }) =>
    stays === null || stays === 'in use' ? [] : [`network ${sanitise(network.name)} stays: ${stays}`],
  )
  if (unused.length === 0)
    return planned({
      title: `remove no network of ${title}`,
      steps: [],
      notes: [`${title} has no network that nobody is on`, ...notes],
    })
  const removed = unused.map((network) => removal(world, asked.value, network, { containers: [] }))
  const names = unused.map(({ name }) => sanitise(name)).join(', ')
  return planned({
    title: `remove ${unused.length === 1 ? 'network' : 'networks'} ${names} of ${title}`,
    steps: removed.flatMap(({ steps }) => steps),
    notes: [...new Set([...removed.flatMap((each) => each.notes), ...notes])],
  })
}

/** null: it goes. `in use`: what everybody expects to stay, and needs no word. */
function whyStays(asked: AskedEngine, network: EngineNetwork): string | null {
  const { kind, networks } = asked
  if (isPredefined(kind, network.name) || isOfSwarm(kind, network.name)) return 'in use'
  const { containers, strange } = membersOf(asked, network)
  if (containers.length > 0 || strange.length > 0) return 'in use'
  if (isSwarmWide(network)) return 'it is of the whole swarm; net rm --swarm-wide removes it'
  if (network.made?.configOnly === true) return 'it is a configuration that others are made from'
  if (networks.filter(({ name }) => name === network.name).length > 1) return 'several have this name'
  const unaskable = whyNotByName(network, 'network', networks)
  if (unaskable !== null) return `it cannot be asked for by its name: ${unaskable}`
  const stopped = stoppedOn(asked, network).map(({ name }) => sanitise(name))
  return stopped.length === 0 ? null : `${stopped.join(', ')} would not start without it; net rm removes it`
}
