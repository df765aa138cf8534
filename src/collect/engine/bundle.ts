/**
 * What a container's own bundle says: the folder of its OCI runtime, whose config.json has annotations in which
 * containerd's CRI, CRI-O, nerdctl and `ctr` leave names (opencontainers/runtime-spec). The monitor knows where it is.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { EnginePort } from '../../model/engine.ts'
import type { Process } from '../../model/process.ts'
import { fieldsOf, listIn, textByName, textIn } from './answer.ts'
import { pathBelow } from './below-root.ts'
import { portOf } from './docker-container.ts'

export type Bundle = {
  readonly name: string | null
  /** The pod's name, and the id of the container that holds its namespaces; null: it is in none, or is that one. */
  readonly pod: string | null
  readonly sandboxId: string | null
  readonly image: string
  readonly hostName: string | null
  readonly ports: readonly EnginePort[]
  readonly labels: Readonly<Record<string, string>>
}

/** Containers have an id of 64 digits, or a name: what a folder may be called without leading elsewhere. */
const plainId = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/

/**
 * `monitor`: conmon, whose command line names the folder (`-b`), or a shim of containerd, whose working folder is one
 * container's bundle and has those of the others that it watches beside it (a pod's containers share a shim).
 */
export function readBundle(proc: string, monitor: Process, folder: string | null, id: string): Bundle | null {
  if (!plainId.test(id)) return null
  const { pid, uid } = monitor
  const path = folder === null ? `${proc}/${pid}/cwd/../${id}` : pathBelow(`${proc}/${pid}/root`, folder)
  const config = path === null ? undefined : ownJson(`${path}/config.json`, uid)
  return config === undefined ? null : bundleFrom(config)
}

/** A config.json that was parsed; any field may be missing or odd. */
export function bundleFrom(config: unknown): Bundle {
  const { hostname, annotations } = fieldsOf(config)
  const labels = textByName(annotations)
  const of = (...keys: readonly string[]): string | null => {
    const key = keys.find((each) => Object.hasOwn(labels, each) && labels[each] !== '')
    return key === undefined ? null : (labels[key] ?? null)
  }
  const kind = of('io.kubernetes.cri.container-type', 'io.kubernetes.cri-o.ContainerType')
  const pod = of('io.kubernetes.cri.sandbox-name', 'io.kubernetes.pod.name')
  const own = of('io.kubernetes.cri.container-name', 'io.kubernetes.container.name')
  const isSandbox = kind === 'sandbox'
  return {
    name: pod === null ? of('nerdctl/name') : isSandbox || own === null ? pod : `${pod}/${own}`,
    pod,
    sandboxId: isSandbox ? null : of('io.kubernetes.cri.sandbox-id', 'io.kubernetes.cri-o.SandboxID'),
    image: of('io.kubernetes.cri.image-name', 'io.kubernetes.cri-o.ImageName') ?? '',
    hostName: of('nerdctl/hostname') ?? (textIn(hostname) || null),
    ports: nerdctlPorts(of('nerdctl/ports')),
    labels,
  }
}

/** `[{"HostPort":8080,"ContainerPort":80,"Protocol":"tcp","HostIP":"0.0.0.0"}]`, as nerdctl wrote it before 2.1.3. */
function nerdctlPorts(text: string | null): readonly EnginePort[] {
  return listIn(text === null ? [] : parsed(text)).flatMap((each) => {
    const { HostIP, HostPort, ContainerPort, Protocol } = fieldsOf(each)
    return portOf(HostIP, HostPort, ContainerPort, Protocol)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const maxBytes = 1024 * 1024

/**
 * Undefined where there is no such file. Everybody may call a process like a monitor: what it leads to is opened without
 * following a last link or waiting for a pipe's other end, and counts only as the monitor's own user's file.
 */
function ownJson(path: string, uid: number): unknown {
  try {
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW
    const fd = openSync(path, flags)
    try {
      const status = fstatSync(fd)
      if (!status.isFile() || status.uid !== uid || status.size > maxBytes) return undefined
      const buffer = Buffer.alloc(status.size)
      return parsed(buffer.toString('utf8', 0, readSync(fd, buffer, 0, status.size, 0)))
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
}
