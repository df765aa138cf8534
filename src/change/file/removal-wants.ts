/** Everything that a file names and that is there, taken away: in reverse, and without a word about what is missing. */
import type { Intent } from '../../model/intent.ts'
import type { NetworkFile } from '../../model/network-file.ts'
import { engineOf, type AskedEngine, type EngineKind } from '../engine/engine-of.ts'
import { labOf } from '../lab/lab.ts'
import type { World } from '../../model/world.ts'
import { planned, type Planned } from '../planner.ts'
import type { Want } from './composed.ts'
import { endThere, isPair } from './link-wants.ts'
import { inOrder } from './order.ts'

export function removalWants(file: NetworkFile): readonly Want[] {
  return [...linksGone(file), ...containersOff(file), ...nodesGone(file), ...networksGone(file)]
}

/** null: there is none on this host, and so nothing of it. Of one that cannot be asked nobody knows what there is. */
function engineHere(world: World, engine: EngineKind): Planned<AskedEngine | null> {
  const asked = engineOf(world, { engine })
  return asked.ok || asked.refusals.some(({ kind }) => kind !== 'not-found') ? asked : planned(null)
}

/** What of the file is passed over because its engine is not there: it may only be stopped. */
export function enginesMissing(
  world: World,
  { networks = {}, containers = {} }: NetworkFile,
): readonly string[] {
  const named = [...Object.values(networks), ...Object.values(containers)].map(({ engine }) => engine)
  return [...new Set(named)].flatMap((engine) => {
    if (engine === 'lab') return []
    const asked = engineOf(world, { engine })
    const why = asked.ok ? [] : asked.refusals.filter(({ kind }) => kind === 'not-found')
    return why.map(({ what }) => `what the file names of ${engine} is passed over: ${what}`)
  })
}

function linksGone({ links = [] }: NetworkFile): readonly Want[] {
  return links
    .map(({ ends: [one, two] }, at): Want => ({
      path: ['links', at],
      stage: 0,
      intents: ({ world }) => {
        const [first, second] = [endThere(world, one), endThere(world, two)]
        if (!first.ok || !second.ok || !isPair(world, first.value, second.value)) return planned([])
        return planned([{ kind: 'link-rm', netns: one.in, link: one.name }])
      },
    }))
    .toReversed()
}

function containersOff({ containers = {} }: NetworkFile): readonly Want[] {
  return Object.entries(containers)
    .flatMap(([name, { engine, networks }]) =>
      networks.map((connection, at): Want => ({
        path: ['containers', name, 'networks', at],
        stage: 1,
        intents: ({ world }) => {
          const asked = engineHere(world, engine)
          if (!asked.ok) return asked
          const container = asked.value?.containers.find((each) => each.name === name)
          const isOn = container?.endpoints.some(({ network }) => network === connection.name) === true
          const off: Intent = {
            kind: 'engine-net-disconnect',
            engine,
            container: name,
            network: connection.name,
            force: false,
          }
          return planned(isOn ? [off] : [])
        },
      })),
    )
    .toReversed()
}

function nodesGone(file: NetworkFile): readonly Want[] {
  return inOrder(file)
    .map(([name]): Want => ({
      path: ['nodes', name],
      stage: 2,
      intents: ({ world }) => {
        const lab = labOf(world)
        if (!lab.ok) return lab
        return planned(lab.value.nodes.some((node) => node.name === name) ? [{ kind: 'node-rm', name }] : [])
      },
    }))
    .toReversed()
}

function networksGone({ networks = {} }: NetworkFile): readonly Want[] {
  return Object.entries(networks)
    .map(([name, { engine, swarm_wide: swarmWide = false }]): Want => ({
      path: ['networks', name],
      stage: 3,
      intents: ({ world }) => {
        if (engine !== 'lab') {
          const asked = engineHere(world, engine)
          if (!asked.ok) return asked
          const gone: Intent = { kind: 'engine-net-rm', engine, name, force: false, swarmWide }
          return planned(asked.value?.networks.some((each) => each.name === name) === true ? [gone] : [])
        }
        const lab = labOf(world)
        if (!lab.ok) return lab
        const isThere = lab.value.networks.some((network) => network.name === name)
        return planned(isThere ? [{ kind: 'net-rm', name }] : [])
      },
    }))
    .toReversed()
}
