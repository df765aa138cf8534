/**
 * What a containerd knows that processes do not show: containers without a task, states and images, asked of `ctr`, which
 * comes with it. (`nerdctl` is not asked: it makes folders of its own wherever it runs.)
 */
import type { Container, Engine } from '../../model/engine.ts'
import { isUnknown } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import { which } from '../../lib/which.ts'
import { textIn } from './answer.ts'
import { runningOnly } from './by-process.ts'
import type { Machine } from './container-process.ts'
import { monitorsAmong } from './containers-seen.ts'
import type { EngineMemory } from './engine-memory.ts'
import { namespaceOf, rootOf, socketAt } from './engine-socket.ts'
import { askTool, wasSilent } from './tool-answer.ts'

/** One containerd, by a shim of its: the socket's address as the shim has it, and the namespaces that hold something. */
type Containerd = { readonly shim: Process; readonly address: string; readonly namespaces: Set<string> }

/** The same engines; a containerd that answers has all its containers. */
export async function withCtrContainers(
  engines: readonly Engine[],
  machine: Machine,
  memory: EngineMemory,
  signal: AbortSignal,
): Promise<readonly Engine[]> {
  const isContainerd = ({ engine, endpoint }: Engine): boolean =>
    (engine === 'containerd' || engine === 'cri') && endpoint.startsWith('/')
  const tool = engines.some(isContainerd) ? which('ctr') : null
  if (tool === null) return engines
  const containerds = containerdsOf(machine)
  return Promise.all(
    engines.map(async (engine) => {
      const of = isContainerd(engine) ? containerds.get(engine.endpoint) : undefined
      const socket =
        of === undefined ? null : socketAt(rootOf(machine.proc, of.shim, machine.own), of.address, of.shim)
      if (of === undefined || socket === null || isUnknown(engine.containers)) return engine
      const namespaces = [...of.namespaces].filter(
        (each) => (each === 'k8s.io') === (engine.engine === 'cri'),
      )
      const listed = await Promise.all(
        namespaces.map(async (namespace) => {
          const ctr = [tool, '--address', socket.path, '--namespace', namespace]
          const answers = await Promise.all([
            askTool([...ctr, 'containers', 'ls'], memory, signal),
            askTool([...ctr, 'tasks', 'ls'], memory, signal),
          ])
          return answers.some((each) => each === null)
            ? null
            : listedContainers(answers[0] ?? '', answers[1] ?? '')
        }),
      )
      const read = listed.flatMap((each) => each ?? [])
      if (listed.some((each) => each === null)) {
        return { ...engine, warnings: [...engine.warnings, wasSilent('ctr')] }
      }
      return {
        ...engine,
        containers: withListed(engine.containers, read, engine.engine === 'cri' ? 'pod' : 'unknown'),
        warnings: engine.warnings.filter((each) => each !== runningOnly),
      }
    }),
  )
}

/** Only root's: to ask another user's is to talk to whoever listens at a socket of that user's choice. */
function containerdsOf({ proc, processes, own }: Machine): ReadonlyMap<string, Containerd> {
  const found = new Map<string, Containerd>()
  const byPid = new Map(processes.map((process) => [process.pid, process]))
  for (const [pid, monitored] of monitorsAmong(proc, processes)) {
    const shim = byPid.get(pid)
    const told = monitored?.containerd
    if (told === undefined || shim === undefined || shim.uid !== 0) continue
    if (namespaceOf(shim, 'user') !== own.user || !plainNamespace.test(told.namespace)) continue
    const before = found.get(told.address)
    if (before === undefined)
      found.set(told.address, { shim, address: told.address, namespaces: new Set([told.namespace]) })
    else before.namespaces.add(told.namespace)
  }
  return found
}

/** containerd's own rule (identifiers.Validate); nothing that a tool could take for an option. */
const plainNamespace = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/

export type Listed = Pick<Container, 'id' | 'image' | 'state'>

/** Two tables: `CONTAINER IMAGE RUNTIME` and `TASK PID STATUS`; `-` is no image. */
export function listedContainers(containers: string, tasks: string): readonly Listed[] {
  const states = new Map(
    rowsOf(tasks, 'TASK').map(([id = '', , status = '']) => [id, status.toLowerCase()] as const),
  )
  return rowsOf(containers, 'CONTAINER').map(([id = '', image = '']) => ({
    id: textIn(id),
    image: image === '-' ? '' : textIn(image),
    state: textIn(states.get(id) ?? 'no task'),
  }))
}

function rowsOf(table: string, heading: string): readonly (readonly string[])[] {
  const [first = '', ...rows] = table.split('\n')
  if (!first.startsWith(heading)) return []
  return rows.map((row) => row.split(/\s+/)).filter(([id]) => id !== undefined && id !== '')
}

function withListed(
  seen: readonly Container[],
  listed: readonly Listed[],
  modeKind: Container['modeKind'],
): readonly Container[] {
  const byId = new Map(listed.map((each) => [each.id, each]))
  const known = new Set(seen.map(({ id }) => id))
  return [
    ...seen.map((each) => {
      const told = byId.get(each.id)
      return told === undefined
        ? each
        : {
            ...each,
            state: told.state === 'no task' ? each.state : told.state,
            image: each.image || told.image,
          }
    }),
    ...listed.flatMap((each) =>
      known.has(each.id) || each.state === 'running' ? [] : [withoutTask(each, modeKind)],
    ),
  ]
}

function withoutTask({ id, image, state }: Listed, modeKind: Container['modeKind']): Container {
  return {
    id,
    name: /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id,
    image,
    state,
    pid: null,
    mode: '',
    modeKind,
    joins: null,
    netns: null,
    hostName: null,
    endpoints: [],
    ports: [],
    labels: {},
    error: null,
  }
}
