/** Names of Kubernetes' containers, which processes do not tell: asked of `crictl`, where that is installed. */
import type { Container, Engine } from '../../model/engine.ts'
import { isUnknown } from '../../model/known.ts'
import { which } from '../../lib/which.ts'
import { fieldsOf, listIn, textByName, textIn } from './answer.ts'
import type { EngineMemory } from './engine-memory.ts'
import { askTool } from './tool-answer.ts'

type Named = Partial<Pick<Container, 'name' | 'labels' | 'image' | 'pod' | 'joins'>>

/** The same engines; what has no name yet gets it. A tool that fails or hangs costs two seconds and leaves the ids. */
export async function withCriNames(
  engines: readonly Engine[],
  memory: EngineMemory,
  signal: AbortSignal,
): Promise<readonly Engine[]> {
  const tool = engines.some(({ engine }) => engine === 'cri') ? which('crictl') : null
  if (tool === null) return engines
  const [containers, pods] = await Promise.all([
    jsonOf([tool, 'ps', '-a', '-o', 'json'], memory, signal),
    jsonOf([tool, 'pods', '-o', 'json'], memory, signal),
  ])
  const names = new Map([
    ...listIn(fieldsOf(containers)['containers']).map(namedContainer),
    ...listIn(fieldsOf(pods)['items']).map(namedPod),
  ])
  return engines.map((engine) =>
    engine.engine !== 'cri' || isUnknown(engine.containers)
      ? engine
      : { ...engine, containers: engine.containers.map((each) => ({ ...each, ...names.get(each.id) })) },
  )
}

async function jsonOf(
  command: readonly string[],
  memory: EngineMemory,
  signal: AbortSignal,
): Promise<unknown> {
  const answer = await askTool(command, memory, signal)
  try {
    return answer === null ? null : (JSON.parse(answer) as unknown)
  } catch {
    return null
  }
}

/**
 * An element of `crictl ps`: `{ id, podSandboxId, metadata: { name }, image: { image }, labels: { io.kubernetes.pod.name … } }`.
 * What it does not say is not there, so that it does not replace what is known already.
 */
export function namedContainer(value: unknown): readonly [string, Named] {
  const each = fieldsOf(value)
  const labels = textByName(each['labels'])
  const name = textIn(fieldsOf(each['metadata'])['name'])
  const pod = labels['io.kubernetes.pod.name'] ?? ''
  const image = textIn(fieldsOf(each['image'])['image'])
  const joins = textIn(each['podSandboxId'])
  return [
    textIn(each['id']),
    {
      ...(name === '' ? {} : { name: pod === '' ? name : `${pod}/${name}` }),
      ...(pod === '' ? {} : { pod }),
      ...(image === '' ? {} : { image }),
      ...(joins === '' ? {} : { joins }),
      labels,
    },
  ]
}

/** An element of `crictl pods`: the container that holds the pod's namespaces has the pod's id. */
export function namedPod(value: unknown): readonly [string, Named] {
  const each = fieldsOf(value)
  const name = textIn(fieldsOf(each['metadata'])['name'])
  return [
    textIn(each['id']),
    { ...(name === '' ? {} : { name, pod: name }), labels: textByName(each['labels']) },
  ]
}
