/** One Podman, rootful or a user's own, by libpod's API (the Docker-compatible one does not tell the names of bridges). */
import type { Container, Engine } from '../../model/engine.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import { fieldsOf, textIn, textOrNull, type Answer } from './answer.ts'
import { createPlaceOf, type Machine } from './container-process.ts'
import { containerMemory, type ContainerMemory } from './container-memory.ts'
import type { EngineMemory } from './engine-memory.ts'
import { isRootless, netnsOf, type EngineSocket } from './engine-socket.ts'
import { engineClient, type EngineClient } from './http.ts'
import { joined } from './joined.ts'
import { podNames, withPodNames } from './podman-pods.ts'
import { podmanContainer } from './podman-container.ts'
import { podmanNetwork } from './podman-network.ts'
import { answersIn, isPodman } from './read-docker.ts'

/** The oldest version whose answers are known here; newer services answer in its shapes. */
const api = '/v4.0.0/libpod'
const maxListBytes = 64 * 1024 * 1024

/** Null: what listens there is no Podman. */
export async function readPodman(
  socket: EngineSocket,
  machine: Machine,
  memory: EngineMemory,
  signal: AbortSignal,
): Promise<Engine | null> {
  const client = engineClient(socket.path, signal, memory.silenceMs)
  try {
    const version = await client.get(`${api}/version`)
    const base = {
      engine: 'podman',
      endpoint: socket.path,
      netns: netnsOfBridges(socket, machine),
      rootless: isRootless(socket, machine.own),
      warnings: [],
    } as const
    if (isUnknown(version)) return { ...base, version: null, containers: version, networks: version }
    if (!isPodman(version.json)) return null
    const [containers, listed] = await Promise.all([
      readContainers(client, containerMemory(memory, socket.path, createPlaceOf(machine, socket))).then(
        (read) => withPods(client, read),
      ),
      client.get(`${api}/networks/json`, maxListBytes),
    ])
    const networks = answersIn(listed, 'name')
    return {
      ...base,
      version: textOrNull(fieldsOf(version.json)['Version']),
      containers:
        isUnknown(containers) || isUnknown(networks) ? containers : withNetworkIds(containers, networks),
      networks: isUnknown(networks)
        ? networks
        : isUnknown(containers)
          ? unknown(`its members are not known: ${containers.unknown}`)
          : networks.map((each) => podmanNetwork(each, containers)),
    }
  } finally {
    client.close()
  }
}

/** A pod that cannot be asked for keeps its id for a name. */
async function withPods(
  client: EngineClient,
  containers: Known<readonly Container[]>,
): Promise<Known<readonly Container[]>> {
  if (isUnknown(containers) || containers.every(({ pod }) => pod === undefined)) return containers
  const listed = answersIn(await client.get(`${api}/pods/json`, maxListBytes), 'Id')
  return isUnknown(listed) ? containers : withPodNames(containers, podNames(listed))
}

/** Inspecting a container tells its networks by name alone. */
function withNetworkIds(containers: readonly Container[], networks: readonly Answer[]): readonly Container[] {
  const ids = new Map(networks.map((each) => [textIn(each['name']), textIn(each['id'])]))
  return containers.map((container) => ({
    ...container,
    endpoints: container.endpoints.map((each) => ({
      ...each,
      networkId: ids.get(each.network) ?? each.networkId,
    })),
  }))
}

async function readContainers(
  client: EngineClient,
  memory: ContainerMemory,
): Promise<Known<readonly Container[]>> {
  const listed = answersIn(await client.get(`${api}/containers/json?all=true`, maxListBytes), 'Id')
  if (isUnknown(listed)) return listed
  const containers = await Promise.all(
    listed.map(async (each): Promise<Known<Container> | null> => {
      const id = textIn(each['Id'])
      const recalled = memory.recall(each, id)
      if (recalled !== null) return recalled
      const inspected = await client.get(`${api}/containers/${encodeURIComponent(id)}/json`)
      if (!isUnknown(inspected)) return memory.keep(each, podmanContainer(fieldsOf(inspected.json)))
      return inspected.unknown.startsWith('the engine answered 404') ? null : inspected
    }),
  )
  memory.done()
  const failed = containers.find((each) => isUnknown(each))
  if (failed !== undefined && isUnknown(failed)) return failed
  return joined(containers.flatMap((each) => (each === null || isUnknown(each) ? [] : [each])))
}

/**
 * Without root the bridges are in a namespace that Podman keeps for them (containers/common: rootless-netns), else where
 * the service runs; a service that systemd has yet to start will run where the containers' monitors do.
 */
function netnsOfBridges(socket: EngineSocket, { found, processes }: Machine): NetnsId | null {
  const own = found.find(({ holders }) =>
    holders.mounts.some(({ path }) => rootlessNetns.test(path) && path.includes(`/${socket.uid}/`)),
  )
  if (own !== undefined) return own.id
  const monitor = processes.find(({ comm, uid }) => comm === 'conmon' && uid === socket.uid)
  return netnsOf(socket.daemon ?? monitor ?? null)
}

/** Its file; in the mount namespace beside it containers' own files are below a folder of that name too. */
const rootlessNetns = /\/rootless-netns(?:-[0-9a-f]+)?$/
