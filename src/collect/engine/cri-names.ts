/** Names of Kubernetes' containers, which processes do not tell: asked of `crictl`, where that is installed. */
import type { Container, Engine } from '../../model/engine.ts'
import { isUnknown } from '../../model/known.ts'
import { run } from '../../lib/run.ts'
import { which } from '../../lib/which.ts'
import { fieldsOf, listIn, textByName, textIn } from './answer.ts'

const timeoutMs = 2000
const maxBytes = 32 * 1024 * 1024

type Named = Pick<Container, 'name' | 'labels' | 'image'>

/** The same engines; what has no name yet gets it. A tool that fails or hangs costs two seconds and leaves the ids. */
export async function withCriNames(
  engines: readonly Engine[],
  signal: AbortSignal,
): Promise<readonly Engine[]> {
  const tool = engines.some(({ engine }) => engine === 'cri') ? which('crictl') : null
  if (tool === null) return engines
  const [containers, pods] = await Promise.all([
    jsonOf([tool, 'ps', '-a', '-o', 'json'], signal),
    jsonOf([tool, 'pods', '-o', 'json'], signal),
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

async function jsonOf(command: readonly string[], signal: AbortSignal): Promise<unknown> {
  const { exitCode, stdout } = await run(command, { timeoutMs, maxBytes, signal })
  if (exitCode !== 0) return null
  try {
    return JSON.parse(stdout) as unknown
  } catch {
    return null
  }
}

/** An element of `crictl ps`: `{ id, metadata: { name }, image: { image }, labels: { io.kubernetes.pod.name … } }`. */
export function namedContainer(value: unknown): readonly [string, Named] {
  const each = fieldsOf(value)
  const labels = textByName(each['labels'])
  const name = textIn(fieldsOf(each['metadata'])['name'])
  const pod = labels['io.kubernetes.pod.name']
  const image = textIn(fieldsOf(each['image'])['image'])
  return [textIn(each['id']), { name: pod === undefined ? name : `${pod}/${name}`, labels, image }]
}

/** An element of `crictl pods`: the container that holds the pod's namespaces has the pod's id. */
export function namedPod(value: unknown): readonly [string, Named] {
  const each = fieldsOf(value)
  const { name } = fieldsOf(each['metadata'])
  return [textIn(each['id']), { name: textIn(name), labels: textByName(each['labels']), image: '' }]
}
