/** One Docker engine: what its API tells, joined to what the kernel tells of the same containers. */
import type { Container, Engine, EngineNetwork } from '../../model/engine.ts'
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import { fieldsOf, isAnswer, textIn, textOrNull, textsIn, type Answer } from './answer.ts'
import { createPlaceOf, type Machine } from './container-process.ts'
import { inspectedContainer, listedContainer } from './docker-container.ts'
import { dockerNetwork } from './docker-network.ts'
import { containerMemory, type ContainerMemory } from './container-memory.ts'
import type { EngineMemory } from './engine-memory.ts'
import { isRootless, netnsOf, type EngineSocket } from './engine-socket.ts'
import { engineClient, type EngineClient } from './http.ts'
import { joined } from './joined.ts'

/** The list of 5,000 containers with long labels is some 20 MiB. */
const maxListBytes = 64 * 1024 * 1024

/** Null: what listens there is no Docker engine. */
export async function readDocker(
  socket: EngineSocket,
  machine: Machine,
  memory: EngineMemory,
  signal: AbortSignal,
): Promise<Engine | null> {
  const client = engineClient(socket.path, signal, memory.silenceMs)
  try {
    const version = await client.get('/version')
    const base = {
      engine: 'docker',
      endpoint: socket.path,
      netns: netnsOf(socket.daemon),
      rootless: isRootless(socket, machine.own),
    } as const
    if (isUnknown(version)) {
      return { ...base, version: null, containers: version, networks: version, warnings: [] }
    }
    // Podman answers Docker's questions too; read-podman.ts asks it in its own words.
    if (isPodman(version.json)) return null
    const [containers, networks, info] = await Promise.all([
      readContainers(client, containerMemory(memory, socket.path, createPlaceOf(machine, socket))),
      readNetworks(client),
      client.get('/info'),
    ])
    return {
      ...base,
      version: textOrNull(fieldsOf(version.json)['Version']),
      containers: isUnknown(containers) ? containers : containers.list,
      networks,
      ...(isUnknown(info) ? {} : { swarm: swarmOf(fieldsOf(fieldsOf(info.json)['Swarm'])) }),
      ...(isUnknown(info) ? {} : rulesByOf(fieldsOf(fieldsOf(info.json)['FirewallBackend']))),
      warnings: [
        ...(isUnknown(info) ? [] : textsIn(fieldsOf(info.json)['Warnings'])),
        ...(isUnknown(containers) ? [] : containers.warnings),
      ],
    }
  } finally {
    client.close()
  }
}

/** null: it is in none, or does not take part (pending, locked …). */
function swarmOf(swarm: Answer): Engine['swarm'] {
  if (swarm['LocalNodeState'] !== 'active') return null
  return {
    nodeId: textIn(swarm['NodeID']),
    address: textIn(swarm['NodeAddr']),
    isManager: swarm['ControlAvailable'] === true,
  }
}

/** `iptables`, `nftables+firewalld`; older engines do not say it. */
function rulesByOf(backend: Answer): Pick<Engine, 'rulesBy'> {
  const found = /^(iptables|nftables)\b/.exec(textIn(backend['Driver']))?.[1]
  return found === 'iptables' || found === 'nftables' ? { rulesBy: found } : {}
}

export function isPodman(version: unknown): boolean {
  const components = fieldsOf(version)['Components']
  return (
    Array.isArray(components) && components.some((each) => textIn(fieldsOf(each)['Name']) === 'Podman Engine')
  )
}

type Containers = { readonly list: readonly Container[]; readonly warnings: readonly string[] }

async function readContainers(client: EngineClient, memory: ContainerMemory): Promise<Known<Containers>> {
  const listed = answersIn(await client.get('/containers/json?all=1', maxListBytes), 'Id')
  if (isUnknown(listed)) return listed
  const failures = new Map<string, number>()
  const list = await Promise.all(
    listed.map(async (each): Promise<Container | null> => {
      const id = textIn(each['Id'])
      const recalled = memory.recall(each, id)
      if (recalled !== null) return recalled
      const inspected = await client.get(`/containers/${encodeURIComponent(id)}/json`)
      if (!isUnknown(inspected)) return memory.keep(each, inspectedContainer(fieldsOf(inspected.json)))
      // Removed since it was listed.
      if (inspected.unknown.startsWith('the engine answered 404')) return null
      failures.set(inspected.unknown, (failures.get(inspected.unknown) ?? 0) + 1)
      return { ...listedContainer(each), pid: null, netns: unknown(inspected.unknown) }
    }),
  )
  memory.done()
  return {
    list: joined(list.filter((each) => each !== null)),
    warnings: [...failures].map(
      ([reason, count]) =>
        `aliases, process and namespace of ${count} of ${listed.length} containers are not known: ${reason}`,
    ),
  }
}

async function readNetworks(client: EngineClient): Promise<Known<readonly EngineNetwork[]>> {
  const listed = answersIn(await client.get('/networks', maxListBytes), 'Id')
  if (isUnknown(listed)) return listed
  const networks = await Promise.all(
    listed.map(async (each): Promise<Known<EngineNetwork> | null> => {
      const inspected = await client.get(`/networks/${encodeURIComponent(textIn(each['Id']))}`, maxListBytes)
      if (!isUnknown(inspected)) return dockerNetwork(fieldsOf(inspected.json))
      return inspected.unknown.startsWith('the engine answered 404') ? null : inspected
    }),
  )
  // A list without members would say that nobody is on those networks.
  const failed = networks.find((each) => isUnknown(each))
  return failed ?? networks.flatMap((each) => (each === null || isUnknown(each) ? [] : [each]))
}

/** A list of things with an id; anything else is no answer of an engine. */
export function answersIn(
  answer: Known<{ readonly json: unknown }>,
  idField: string,
): Known<readonly Answer[]> {
  if (isUnknown(answer)) return answer
  const { json } = answer
  if (Array.isArray(json) && json.every((each) => isAnswer(each) && textIn(each[idField]) !== '')) return json
  return unknown('the engine answered with something else than a list')
}
