/** The steps of which all changes of an engine's networks are made: one request each. */
import { parsePrefix, type Family } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Container, EngineNetwork } from '../../model/engine.ts'
import type { EngineConnection } from '../../model/intent.ts'
import type { Command, EngineEndpointFacts, Fact, Step, Touch } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { atOf } from '../at.ts'
import type { NetworkWish } from './dialect.ts'
import type { AskedEngine } from './engine-of.ts'

type EndpointNames = { readonly network: string; readonly container: string }

export function createStep(asked: AskedEngine, wish: NetworkWish, touches: readonly Touch[]): Step {
  const { title, dialect, ask } = asked
  const { name, driver, internal, ipv6 } = wish
  const subnets = wish.subnets.map(({ subnet }) => subnet)
  const has = (family: Family): boolean => subnets.some((each) => parsePrefix(each)?.family === family)
  // Of a family for which none is asked the engine adds one of its own.
  const isWhole = has('inet') && has('inet6') === ipv6
  const is = { driver, internal, ...(isWhole ? { subnets } : {}) }
  return {
    title: `make network ${sanitise(name)} of ${title}`,
    command: ask(dialect.create(wish)),
    undo: [ask(dialect.remove(name))],
    before: [networkFact(asked, name, false)],
    after: [{ ...networkFact(asked, name, true), is }],
    touches: [{ path: networkPath(asked, name), how: 'add' }, ...touches],
  }
}

/** `back`: what makes it again, and what was on it; or why that cannot be. */
export function removeStep(
  world: World,
  asked: AskedEngine,
  network: EngineNetwork,
  back: readonly Command[] | { readonly irreversible: string },
): Step {
  const { title, dialect, ask } = asked
  const { name, driver, internal } = network
  const subnets = network.subnets.map(({ subnet }) => subnet)
  const is = { driver, internal, ...(subnets.length === 0 ? {} : { subnets }) }
  return {
    title: `remove network ${sanitise(name)} of ${title}`,
    command: ask(dialect.remove(name)),
    undo: back,
    before: [{ ...networkFact(asked, name, true), is }],
    after: [networkFact(asked, name, false)],
    touches: [
      { path: networkPath(asked, name), how: 'delete' },
      ...bridgeTouch(world, asked, network, 'delete'),
    ],
  }
}

export function connectStep(
  asked: AskedEngine,
  container: Container,
  connection: EngineConnection,
  is: EngineEndpointFacts,
): Step {
  const { title, dialect, ask } = asked
  const names = { network: connection.network, container: container.name }
  return {
    title: `connect ${sanitise(container.name)} to network ${sanitise(connection.network)} of ${title}`,
    command: ask(dialect.connect(container.name, connection)),
    undo: [ask(dialect.disconnect(container.name, connection.network, false))],
    before: [endpointFact(asked, names, false)],
    after: [{ ...endpointFact(asked, names, true), is }],
    touches: [{ path: endpointPath(asked, names), how: 'add' }],
  }
}

/** Of what takes something back: a container that is gone by then is not connected. */
export function connectAgain(
  { kind: engine, socket, dialect, ask }: AskedEngine,
  container: string,
  connection: EngineConnection,
): Command {
  return { ...ask(dialect.connect(container, connection)), whose: { engine, socket, container } }
}

type Disconnect = {
  readonly network: string
  readonly container: string
  readonly force: boolean
  readonly back: readonly Command[] | { readonly irreversible: string }
  /** What is true of its place before. */
  readonly is: EngineEndpointFacts
}

export function disconnectStep(
  asked: AskedEngine,
  { network, container, force, back, is }: Disconnect,
): Step {
  const { title, dialect, ask } = asked
  const names = { network, container }
  return {
    title: `take ${sanitise(container)} off network ${sanitise(network)} of ${title}`,
    command: ask(dialect.disconnect(container, network, force)),
    undo: back,
    before: [{ ...endpointFact(asked, names, true), is }],
    after: [endpointFact(asked, names, false)],
    touches: [{ path: endpointPath(asked, names), how: 'delete' }],
  }
}

/** The links that it stands on, where it is known which: whoever changes them meets it. */
export function bridgeTouch(
  world: World,
  { engine }: AskedEngine,
  { bridge }: Pick<EngineNetwork, 'bridge'>,
  how: Touch['how'],
): readonly Touch[] {
  const netns = world.netns.find(({ id }) => id === engine.netns)
  if (bridge === null || netns === undefined) return []
  return [{ path: [atOf(world, netns), `link:${bridge}`], how }]
}

type NetworkFact = Extract<Fact, { readonly kind: 'engine-network' }>
type EndpointFact = Extract<Fact, { readonly kind: 'engine-endpoint' }>

function networkFact({ kind, socket }: AskedEngine, name: string, there: boolean): NetworkFact {
  return { kind: 'engine-network', engine: kind, socket, name, there }
}

function endpointFact({ kind, socket }: AskedEngine, names: EndpointNames, there: boolean): EndpointFact {
  return { kind: 'engine-endpoint', engine: kind, socket, ...names, there }
}

function networkPath({ socket }: AskedEngine, name: string): readonly string[] {
  return [`engine:${socket}`, `network:${name}`]
}

function endpointPath(asked: AskedEngine, { network, container }: EndpointNames): readonly string[] {
  return [...networkPath(asked, network), `endpoint:${container}`]
}
