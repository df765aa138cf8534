/** An engine removes a network; who is on it is taken off first where that is asked for. */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Container, EngineNetwork } from '../../model/engine.ts'
import { planned, refusal, refused, type Planner } from '../planner.ts'
import { engineOf, type AskedEngine } from './engine-of.ts'
import { networkNamed, unaskableContainer } from './named-in-engine.ts'
import { membersOf, stoppedOn, type Members } from './network-members.ts'
import { removal } from './removal.ts'
import { isOfSwarm, isPredefined, isSwarmWide } from './own-networks.ts'
import { swarmRefusals } from './swarm-refusals.ts'

export const engineNetRm: Planner<'engine-net-rm'> = (world, { name, force, swarmWide, ...which }) => {
  const asked = engineOf(world, which)
  if (!asked.ok) return asked
  const { kind, title } = asked.value
  const found = networkNamed(asked.value, name)
  if (!found.ok) return found
  const network = found.value
  const shown = sanitise(network.name)
  if (isPredefined(kind, network.name))
    return refused(refusal(shown, `network ${shown} is ${title}’s own: it cannot be removed`))
  if (isOfSwarm(kind, network.name) && network.name !== 'ingress')
    return refused(refusal(shown, `network ${shown} is the swarm’s own: it goes when the host leaves it`))
  const members = membersOf(asked.value, network)
  const refusals = [
    ...(isSwarmWide(network) ? swarmRefusals(asked.value, `network ${shown}`, swarmWide) : []),
    ...memberRefusals(asked.value, network, members, force),
  ]
  if (refusals.length > 0) return refused(...refusals)
  const removed = removal(world, asked.value, network, members)
  return planned({ title: `remove network ${shown} of ${title}`, ...removed })
}

function memberRefusals(
  asked: AskedEngine,
  network: EngineNetwork,
  { containers, strange }: Members,
  force: boolean,
): readonly Failure[] {
  const shown = sanitise(network.name)
  const services = containers.flatMap(({ container }) => serviceOf(container))
  if (services.length > 0)
    return [
      refusal(
        shown,
        `network ${shown} is in use by ${[...new Set(services)].join(', ')}, which the swarm keeps on it`,
        'docker service update --network-rm takes a service off it',
      ),
    ]
  if (strange.length > 0)
    return [
      refusal(
        shown,
        `network ${shown} is in use by ${strange.map(sanitise).join(', ')}, which the engine does not list as a container`,
      ),
    ]
  // Where nobody is taken off Docker is asked: it knows best.
  const far = containers.length === 0 ? [] : elsewhere(asked, network)
  if (far.length > 0)
    return [
      refusal(
        shown,
        `network ${shown} is in use on other hosts of the swarm (${far.map(sanitise).join(', ')})`,
        'take what runs there off it first',
      ),
    ]
  if (containers.length === 0 || force) {
    const all = [...containers.map(({ container }) => container), ...stoppedOn(asked, network)]
    return all.flatMap((each) => unaskableContainer(asked, each) ?? [])
  }
  const names = containers.map(({ container }) => sanitise(container.name))
  const [first = ''] = names
  return [
    refusal(
      shown,
      `network ${shown} is in use: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} on it`,
      `--force takes ${names.length === 1 ? 'it' : 'them'} off first; vethscope net disconnect ${shown} ${first} --engine ${asked.kind}`,
    ),
  ]
}

/**
 * Docker would refuse it, and the members here were off and on again for nothing. Empty where this host is not among those that the
 * engine tells of: it may be known there by another address.
 */
function elsewhere(
  { engine: { swarm } }: AskedEngine,
  { made, peers = [] }: EngineNetwork,
): readonly string[] {
  const own = swarm?.address
  if (made?.ingress === true || !peers.some(({ address }) => address === own)) return []
  return peers.flatMap(({ address }) => (address === own ? [] : [address]))
}

function serviceOf({ labels }: Container): readonly string[] {
  const { 'com.docker.swarm.service.name': service } = labels
  return service === undefined ? [] : [`service ${sanitise(service)}`]
}
