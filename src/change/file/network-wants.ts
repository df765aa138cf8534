/** Networks of a file: made where they are not there; what differs is refused, or made again where that is asked for. */
import { sanitise } from '../../lib/sanitise.ts'
import type { Intent } from '../../model/intent.ts'
import type { Lab } from '../../model/lab.ts'
import type { FileNetwork, NetworkFile } from '../../model/network-file.ts'
import type { World } from '../../model/world.ts'
import { engineOf, type EngineKind } from '../engine/engine-of.ts'
import { labOf } from '../lab/lab.ts'
import { publishText } from '../rules/ports.ts'
import { planned, refusal, refused, type Planned } from '../planner.ts'
import type { Want } from './composed.ts'
import type { Difference } from './differences.ts'
import { engineNetworkDifferences, engineNetworkIntent } from './engine-network-wants.ts'
import { labNetworkDifferences, labNetworkIntent } from './lab-network-wants.ts'

/** Labs first: an engine that chooses a subnet looks at what the host has by then. */
export function networkWants(file: NetworkFile, replace: boolean): readonly Want[] {
  const all = Object.entries(file.networks ?? {})
  const ofLab = all.filter(([, { engine }]) => engine === 'lab')
  const others = all.filter(([, { engine }]) => engine !== 'lab')
  return [...ofLab, ...others].map(([name, network]) => ({
    path: ['networks', name],
    stage: 0,
    intents: ({ world }) => {
      const { engine } = network
      return engine === 'lab'
        ? labIntents(world, { name, network, file, replace })
        : engineIntents(world, { name, network, file, replace }, engine)
    },
  }))
}

type Asked = {
  readonly name: string
  readonly network: FileNetwork
  readonly file: NetworkFile
  readonly replace: boolean
}

function labIntents(world: World, { name, network, file, replace }: Asked): Planned<readonly Intent[]> {
  const lab = labOf(world)
  if (!lab.ok) return lab
  const asked = labNetworkIntent(name, network)
  if (!asked.ok) return asked
  const there = lab.value.networks.find((each) => each.name === name)
  if (there === undefined) return planned([asked.value])
  const differing = labNetworkDifferences(there, asked.value, network)
  if (!differing.ok || differing.value.length === 0) return differing.ok ? planned([]) : differing
  if (!replace) return refused(otherwise(name, 'lab', differing.value))
  const members = lab.value.nodes.filter(({ endpoints }) => endpoints.some((each) => each.network === name))
  const foreign = members.filter((node) => !Object.hasOwn(file.nodes ?? {}, node.name))
  if (foreign.length > 0)
    return refused(
      inUse(
        name,
        foreign.map((node) => node.name),
      ),
    )
  return planned([
    ...members.flatMap((node) => offNetwork(lab.value, node.name, name)),
    { kind: 'net-rm', name },
    asked.value,
  ])
}

/** With what it publishes: ports need a network to lead there. They come back when the node is held against the file. */
export function offNetwork(lab: Lab, name: string, network: string): readonly Intent[] {
  const ports = lab.nodes.find((node) => node.name === name)?.ports ?? []
  return [
    ...(ports.length === 0
      ? []
      : [{ kind: 'net-unpublish', node: name, ports: ports.map(publishText) } as const]),
    { kind: 'net-disconnect', node: name, network },
  ]
}

function engineIntents(
  world: World,
  { name, network, file, replace }: Asked,
  engine: EngineKind,
): Planned<readonly Intent[]> {
  const asked = engineNetworkIntent(name, network, engine)
  const engineAsked = engineOf(world, { engine })
  if (!asked.ok || !engineAsked.ok)
    return refused(...(asked.ok ? [] : asked.refusals), ...(engineAsked.ok ? [] : engineAsked.refusals))
  const { networks, containers, title } = engineAsked.value
  const there = networks.filter((each) => each.name === name)
  const [only] = there
  if (only === undefined) return planned([asked.value])
  if (there.length > 1)
    return refused({
      kind: 'ambiguous',
      what: `${title} has ${there.length} networks called ${sanitise(name)}`,
      subject: name,
    })
  const differing = engineNetworkDifferences(only, asked.value, network)
  if (differing.length === 0) return planned([])
  if (!replace) return refused(otherwise(name, title, differing))
  const members = containers
    .filter(({ endpoints }) => endpoints.some((each) => each.network === name))
    .map((each) => each.name)
  const others = only.members.map((each) => each.name).filter((member) => !members.includes(member))
  const foreign = [...members.filter((member) => !Object.hasOwn(file.containers ?? {}, member)), ...others]
  if (foreign.length > 0) return refused(inUse(name, foreign))
  return planned([
    ...members.map(
      (container) =>
        ({ kind: 'engine-net-disconnect', engine, container, network: name, force: false }) as const,
    ),
    { kind: 'engine-net-rm', engine, name, force: false, swarmWide: asked.value.swarmWide },
    asked.value,
  ])
}

function otherwise(name: string, whose: string, differences: readonly Difference[]) {
  const of = whose === 'lab' ? '' : ` of ${whose}`
  const what = `network ${sanitise(name)}${of} is there and is not as the file says: ${differences.join('; ')}`
  return refusal(name, what, '--replace removes it and makes it again')
}

function inUse(name: string, foreign: readonly string[]) {
  const who = foreign.map(sanitise).join(', ')
  const what = `network ${sanitise(name)} cannot be made again: ${who} ${foreign.length === 1 ? 'is' : 'are'} on it, and not in the file`
  return refusal(name, what, 'take them off it first')
}
