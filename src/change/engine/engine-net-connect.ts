/** An engine connects a container to one more network, while it runs or for when it does. */
import { sanitise } from '../../lib/sanitise.ts'
import type { EngineNetwork } from '../../model/engine.ts'
import { listOf } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { planned, refused, type Planner } from '../planner.ts'
import { connectRefusals } from './connect-refusals.ts'
import { engineOf, type AskedEngine } from './engine-of.ts'
import { connectStep } from './engine-steps.ts'
import { containerNamed, networkNamed } from './named-in-engine.ts'

export const engineNetConnect: Planner<'engine-net-connect'> = (
  world,
  { container: text, connection, ...which },
) => {
  const asked = engineOf(world, which)
  if (!asked.ok) return asked
  const network = networkNamed(asked.value, connection.network)
  const container = containerNamed(asked.value, text)
  if (!network.ok || !container.ok)
    return refused(...(network.ok ? [] : network.refusals), ...(container.ok ? [] : container.refusals))
  const connecting = {
    asked: asked.value,
    network: network.value,
    container: container.value,
    connection,
    bridgeAddresses: addressesOf(world, asked.value, network.value),
  }
  const refusals = connectRefusals(connecting)
  if (refusals.length > 0) return refused(...refusals)
  const [net, who] = [sanitise(network.value.name), sanitise(container.value.name)]
  const isRunning = container.value.pid !== null
  const { ip, ip6 } = connection
  // One that does not run is told to be on it, and has no address there yet.
  const is = isRunning
    ? { ...(ip === undefined ? {} : { ipv4: ip }), ...(ip6 === undefined ? {} : { ipv6: ip6 }) }
    : {}
  const named = { ...connection, network: network.value.name }
  return planned({
    title: `connect ${who} to network ${net} of ${asked.value.title}`,
    steps: [connectStep(asked.value, container.value, named, is)],
    notes: isRunning
      ? []
      : [`${who} does not run (${container.value.state}): it has an address there when it starts`],
  })
}

function addressesOf(world: World, { engine }: AskedEngine, { bridge }: EngineNetwork): readonly string[] {
  const netns = world.netns.find(({ id }) => id === engine.netns)
  const link = listOf(netns?.links ?? []).find(({ name }) => name === bridge)
  return link === undefined
    ? []
    : listOf(netns?.addresses ?? []).flatMap(({ ifindex, local }) =>
        ifindex === link.ifindex ? [local] : [],
      )
}
