/** Podman's pods: the container that holds a pod's namespace, and those that share it. Pure. */
import type { Container } from '../../model/engine.ts'
import { isUnknown } from '../../model/known.ts'
import { textIn, type Answer } from './answer.ts'

/** `GET /libpod/pods/json`, by id. */
export function podNames(listed: readonly Answer[]): ReadonlyMap<string, string> {
  return new Map(listed.map((each) => [textIn(each['Id']), textIn(each['Name'])] as const))
}

/** Inspecting a container tells its pod by id alone; one that is not listed keeps it. */
export function withPodNames(
  containers: readonly Container[],
  names: ReadonlyMap<string, string>,
): readonly Container[] {
  return containers.map((each) =>
    each.pod === undefined ? each : { ...each, pod: names.get(each.pod) ?? each.pod },
  )
}

/** Podman's own name for the container that holds a pod's namespaces: the beginning of the pod's id. */
const infraName = /^[0-9a-f]{12}-infra$/

/** Where only processes tell: who is in the namespace of such a container is in its pod. */
export function podByInfra(containers: readonly Container[]): readonly Container[] {
  const infras = new Map(
    containers.flatMap((each) =>
      infraName.test(each.name) && !isUnknown(each.netns) && each.modeKind !== 'host'
        ? [[each.netns, each] as const]
        : [],
    ),
  )
  return containers.map((each) => {
    const infra = isUnknown(each.netns) ? undefined : infras.get(each.netns)
    if (infra === undefined) return each
    return { ...each, modeKind: 'pod', joins: each === infra ? null : infra.id }
  })
}

/** Of an inspected container. */
export function podOf(inspected: Answer): { readonly pod?: string } {
  const pod = textIn(inspected['Pod'])
  return pod === '' ? {} : { pod }
}
