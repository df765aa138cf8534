/** An engine removes a network; who is on it is taken off first where that is asked for. */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Container, Endpoint, EngineNetwork } from '../../model/engine.ts'
import type { Command, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { planned, refusal, refused, type Planner } from '../planner.ts'
import { connectionAgain, type Again } from './connection-again.ts'
import { engineOf, type AskedEngine } from './engine-of.ts'
import { disconnectStep, removeStep } from './engine-steps.ts'
import { networkNamed, unaskableContainer } from './named-in-engine.ts'
import { membersOf, stoppedOn, type Members } from './network-members.ts'
import { wishAgain } from './network-wish.ts'
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
  if (containers.length === 0 || force)
    return containers.flatMap(({ container }) => unaskableContainer(asked, container) ?? [])
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

function serviceOf({ labels }: Container): readonly string[] {
  const { 'com.docker.swarm.service.name': service } = labels
  return service === undefined ? [] : [`service ${sanitise(service)}`]
}

/** Members first, then the network. What undoes it makes the network again and then connects who was on it. */
export function removal(
  world: World,
  asked: AskedEngine,
  network: EngineNetwork,
  { containers }: Pick<Members, 'containers'>,
): { readonly steps: readonly Step[]; readonly notes: readonly string[] } {
  const places = containers.map((place) => ({ ...place, again: placeAgain(asked, network, place) }))
  const again = wishAgain(asked, network)
  const steps = [
    ...places.map(({ container, again: place }) =>
      disconnectStep(asked, {
        network: network.name,
        container: container.name,
        force: false,
        back: [connected(asked, container, place.connection, place.withAddress !== null)],
        is: place.is,
      }),
    ),
    removeStep(world, asked, network, wayBack(asked, again, places)),
  ]
  const names = places.flatMap(({ again: { nameNotes } }) => nameNotes)
  return { steps, notes: [...notesAgain(again), ...names, ...stoppedNotes(asked, network)] }
}

type Place = { readonly container: Container; readonly endpoint: Endpoint }

function placeAgain(asked: AskedEngine, network: EngineNetwork, { container, endpoint }: Place): Again {
  return connectionAgain(asked, network, container, endpoint)
}

/** Its own subnet is asked for when it is made again: then addresses can be, too, before a member's own way back asks without one. */
function wayBack(
  { ask, dialect }: AskedEngine,
  again: ReturnType<typeof wishAgain>,
  places: readonly (Place & { readonly again: Again })[],
): readonly Command[] | { readonly irreversible: string } {
  if (!again.ok) return { irreversible: again.refusals.map(({ what }) => what).join('; ') }
  return [
    ask(dialect.create(again.value)),
    ...places
      .toReversed()
      .flatMap(({ container, again: { withAddress } }) =>
        withAddress === null ? [] : [ask(dialect.connect(container.name, withAddress))],
      ),
  ]
}

/** The code of a refusal, which curl and our own asking share: it is on the network already, with its address. */
const refusedCode = 22

function connected(
  { ask, dialect }: AskedEngine,
  { name }: Container,
  connection: Again['connection'],
  mayBeThere: boolean,
): Command {
  const command = ask(dialect.connect(name, connection))
  return mayBeThere ? { ...command, also: [refusedCode] } : command
}

function notesAgain(again: ReturnType<typeof wishAgain>): readonly string[] {
  return again.ok ? ['undone, it comes back with another id'] : []
}

function stoppedNotes(asked: AskedEngine, network: EngineNetwork): readonly string[] {
  return stoppedOn(asked, network).map(
    ({ name, state }) =>
      `${sanitise(name)} (${state}) is to be on it when it starts, and does not start without it`,
  )
}
