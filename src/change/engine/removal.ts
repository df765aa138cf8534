/** The steps that remove a network, and what brings it back with who was on it. */
import { sanitise } from '../../lib/sanitise.ts'
import type { Container, Endpoint, EngineNetwork } from '../../model/engine.ts'
import type { Command, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { connectionAgain, type Again } from './connection-again.ts'
import type { AskedEngine } from './engine-of.ts'
import { connectAgain, disconnectStep, removeStep } from './engine-steps.ts'
import { endpointOn, stoppedOn, type Members } from './network-members.ts'
import { wishAgain } from './network-wish.ts'

/** Members first, then the network. What undoes it makes the network again and then connects who was on it. */
export function removal(
  world: World,
  asked: AskedEngine,
  network: EngineNetwork,
  { containers }: Pick<Members, 'containers'>,
): { readonly steps: readonly Step[]; readonly notes: readonly string[] } {
  const places = containers.map((place) => ({ ...place, again: placeAgain(asked, network, place) }))
  const again = wishAgain(asked, network)
  const stopped = stoppedOn(asked, network)
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
    removeStep(
      world,
      asked,
      network,
      wayBack(asked, again, [...places, ...stoppedPlaces(asked, network, stopped)]),
    ),
  ]
  const names = places.flatMap(({ again: { nameNotes } }) => nameNotes)
  return { steps, notes: [...notesAgain(again), ...names, ...stoppedNotes(stopped)] }
}

type Place = { readonly container: Container; readonly endpoint: Endpoint }
type PlaceAgain = Place & { readonly again: Again }

function placeAgain(asked: AskedEngine, network: EngineNetwork, { container, endpoint }: Place): Again {
  return connectionAgain(asked, network, container, endpoint)
}

/** Docker remembers the network of one that does not run by its id, which is another one then: it would not start any more. */
function stoppedPlaces(
  asked: AskedEngine,
  network: EngineNetwork,
  stopped: readonly Container[],
): readonly PlaceAgain[] {
  return stopped.flatMap((container) => {
    const endpoint = endpointOn(container, network)
    // One that never ran has no ids yet.
    if (endpoint === null || endpoint.networkId === '') return []
    const again = placeAgain(asked, network, { container, endpoint })
    return [{ container, endpoint, again: { ...again, withAddress: again.withAddress ?? again.connection } }]
  })
}

/** Its own subnet is asked for when it is made again: then addresses can be, too, before a member's own way back asks without one. */
function wayBack(
  asked: AskedEngine,
  again: ReturnType<typeof wishAgain>,
  places: readonly PlaceAgain[],
): readonly Command[] | { readonly irreversible: string } {
  if (!again.ok) return { irreversible: again.refusals.map(({ what }) => what).join('; ') }
  return [
    asked.ask(asked.dialect.create(again.value)),
    ...places
      .toReversed()
      .flatMap(({ container, again: { withAddress } }) =>
        withAddress === null ? [] : [connectAgain(asked, container.name, withAddress)],
      ),
  ]
}

/** The code of a refusal, which curl and our own asking share: it is on the network already, with its address. */
const refusedCode = 22

function connected(
  asked: AskedEngine,
  { name }: Container,
  connection: Again['connection'],
  mayBeThere: boolean,
): Command {
  const command = connectAgain(asked, name, connection)
  return mayBeThere ? { ...command, also: [refusedCode] } : command
}

function notesAgain(again: ReturnType<typeof wishAgain>): readonly string[] {
  return again.ok ? ['undone, it comes back with another id'] : []
}

function stoppedNotes(stopped: readonly Container[]): readonly string[] {
  return stopped.map(
    ({ name, state }) =>
      `${sanitise(name)} (${state}) is to be on it when it starts, and does not start without it`,
  )
}
