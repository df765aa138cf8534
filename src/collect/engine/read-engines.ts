/**
 * Every container engine of this machine. Each is asked by itself and all at once: one that hangs or speaks nonsense is in
 * the result with the reason, and costs the others nothing.
 */
import { setMaxListeners } from 'node:events'
import type { Engine, EngineName } from '../../model/engine.ts'
import { isUnknown, listOf, unknown } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import { labEngine } from '../lab/lab-engine.ts'
import { labsFolder, netnsNamed, readLabs } from '../lab/read-labs.ts'
import type { FoundNetns } from '../reader.ts'
import { enginesByProcess } from './by-process.ts'
import type { Machine } from './container-process.ts'
import { withCriNames } from './cri-names.ts'
import { withCtrContainers } from './ctr-containers.ts'
import type { ExtraSockets } from './extra-sockets.ts'
import { dockerSockets } from './docker-sockets.ts'
import { engineMemory, type EngineMemory } from './engine-memory.ts'
import { ownNamespaces, type EngineSocket } from './engine-socket.ts'
import { isNoAnswer } from './silence.ts'
import { podmanSockets } from './podman-sockets.ts'

export type ReadEnginesInput = {
  readonly processes: readonly Process[]
  readonly found: readonly FoundNetns[]
  readonly signal: AbortSignal
  /** The same one for each look: what did not change is not asked again. None: a single look. */
  readonly memory?: EngineMemory
  /** Beside those that are found. */
  readonly sockets?: ExtraSockets | undefined
  /** Where to look; tests give their own. */
  readonly proc?: string
  readonly env?: NodeJS.ProcessEnv
}

/** An engine that goes on answering for longer is cut off: a look at the host must end. */
const mostMs = 15_000

export async function readEngines(input: ReadEnginesInput): Promise<readonly Engine[]> {
  const { processes, found, sockets, memory = engineMemory(), proc = '/proc', env = process.env } = input
  const own = ownNamespaces(proc)
  const machine: Machine = { proc, processes, found, own }
  const signal = AbortSignal.any([input.signal, AbortSignal.timeout(mostMs)])
  // Every tool that is asked listens to it; Node takes more than ten for a leak.
  setMaxListeners(0, signal)
  const docker = await dockerSockets(proc, processes, own, env, sockets?.docker)
  const podman = podmanSockets(proc, processes, own, sockets?.podman)
  // What speaks HTTP is loaded where there is somebody to speak to.
  const engines = await Promise.all([
    ...docker.engines.map((sockets) =>
      firstThatAnswers(
        sockets.map((socket) =>
          unlessSilent(memory, 'docker', socket, async () => {
            const { readDocker } = await import('./read-docker.ts')
            return readDocker(socket, machine, memory, signal)
          }),
        ),
      ),
    ),
    ...podman.engines.map((socket) =>
      unlessSilent(memory, 'podman', socket, async () => {
        const { readPodman } = await import('./read-podman.ts')
        return readPodman(socket, machine, memory, signal)
      }),
    ),
  ])
  const answered = engines.filter((each) => each !== null)
  const told = new Set(answered.flatMap((each) => listOf(each.containers).map(({ id }) => id)))
  const byProcess = enginesByProcess(machine, told, memory)
  const seen = await withCriNames(await withCtrContainers(byProcess, machine, memory, signal), memory, signal)
  return [
    ...answered,
    ...seen,
    ...labsSeen(found),
    ...docker.elsewhere.map(({ endpoint, reason }) => notAsked('docker', endpoint, reason)),
    ...podman.elsewhere.map(({ endpoint, reason }) => notAsked('podman', endpoint, reason)),
  ]
}

/** Of hosts that are still there. */
function labsSeen(found: readonly FoundNetns[]): readonly Engine[] {
  const labs = readLabs()
  if (isUnknown(labs)) return [notAsked('lab', labsFolder, labs.unknown)]
  return labs
    .filter(({ host }) => found.some(({ id }) => id === host))
    .map((lab) => labEngine(lab, (name) => netnsNamed(name, found)))
}

/** An engine may listen at several sockets, and not all of them are its API. */
async function firstThatAnswers(asked: readonly Promise<Engine | null>[]): Promise<Engine | null> {
  const answers = await Promise.all(asked)
  return answers.find((each) => each !== null && each.version !== null) ?? answers[0] ?? null
}

const silenceCountsMs = 20_000

async function unlessSilent(
  { silent }: EngineMemory,
  name: EngineName,
  { path }: EngineSocket,
  read: () => Promise<Engine | null>,
): Promise<Engine | null> {
  const before = silent.get(path)
  if (before !== undefined && performance.now() < before.until) return before.engine
  silent.delete(path)
  // Whatever it says: a mistake of ours about one must not cost the others.
  const engine = await read().catch((error: unknown) =>
    notAsked(name, path, `cannot be read: ${String(error)}`),
  )
  if (engine !== null && fellSilent(engine)) {
    silent.set(path, { engine, until: performance.now() + silenceCountsMs })
  }
  return engine
}

function fellSilent({ containers, networks, warnings }: Engine): boolean {
  return (
    [containers, networks].some((each) => isUnknown(each) && isNoAnswer(each.unknown)) ||
    warnings.some(isNoAnswer)
  )
}

function notAsked(engine: EngineName, endpoint: string, reason: string): Engine {
  return {
    engine,
    endpoint,
    version: null,
    netns: null,
    rootless: false,
    containers: unknown(reason),
    networks: unknown(reason),
    warnings: [],
  }
}
