/**
 * Where Docker engines may be asked: the sockets that each dockerd listens on, then where the user's settings and custom
 * say. A socket whose only holder is the init system is left alone: a connection would start the engine.
 */
import { realpathSync } from 'node:fs'
import type { Process } from '../../model/process.ts'
import { isErrno, namesIn } from '../discover/file-access.ts'
import { dockerHost } from './docker-host.ts'
import { noSocket } from './extra-sockets.ts'
import { rootOf, socketAt, type EngineSocket, type OwnNamespaces } from './engine-socket.ts'
import { listenedBy, listeningAround } from './unix-sockets.ts'

const usualSocket = '/var/run/docker.sock'

export type DockerSockets = {
  /** One list an engine: its sockets, most likely first. */
  readonly engines: readonly (readonly EngineSocket[])[]
  /** Said to be an engine, but not one that is asked: `DOCKER_HOST is tcp://…`. */
  readonly elsewhere: readonly { readonly endpoint: string; readonly reason: string }[]
}

export async function dockerSockets(
  proc: string,
  processes: readonly Process[],
  own: OwnNamespaces,
  env: NodeJS.ProcessEnv,
  extra: readonly string[] = [],
): Promise<DockerSockets> {
  const daemons = processes.filter(({ comm }) => comm === 'dockerd')
  const engines = daemons.map((daemon) => socketsOf(proc, daemon, own)).filter((each) => each.length > 0)
  const seen = new Set(engines.flatMap((sockets) => sockets.map(({ key }) => key)))
  const elsewhere: { readonly endpoint: string; readonly reason: string }[] = []
  const { host, from } = await dockerHost(env)
  const path = host === null ? null : pathOf(host)
  if (host !== null && path === null && engines.length === 0) {
    elsewhere.push({ endpoint: host, reason: `${from} names ${host}: only sockets of this host are asked` })
  }
  for (const each of new Set([...(path === null ? [] : [path]), usualSocket, ...extra])) {
    const socket = socketAt('', each, null)
    const isNamed = extra.includes(each)
    if (socket === null && isNamed) elsewhere.push({ endpoint: each, reason: noSocket })
    if (socket === null || seen.has(socket.key)) continue
    // With podman-docker it is a link to Podman's, which podman-sockets.ts knows.
    if (!isNamed && realPath(each).endsWith('/podman.sock')) continue
    seen.add(socket.key)
    if (isHeldByInit(proc, each, processes)) {
      elsewhere.push({
        endpoint: each,
        reason: 'the engine does not run, and a connection to its socket would start it',
      })
    } else engines.push([socket])
  }
  return { engines, elsewhere }
}

/** Beside its API an engine listens for metrics, for its network drivers, and for its containerd. */
const otherSockets = /\/(?:metrics\.sock|libnetwork\/[^/]+|containerd\/[^/]+|plugins\/[^/]+|s\.\d+)$/

function socketsOf(proc: string, daemon: Process, own: OwnNamespaces): readonly EngineSocket[] {
  const root = rootOf(proc, daemon, own)
  // A socket that systemd made for it is one of PID 1's namespace.
  const listening = new Map([...listeningAround(proc, 1), ...listeningAround(proc, daemon.pid)])
  return listenedBy(proc, daemon.pid, listening)
    .filter((path) => !otherSockets.test(path))
    .sort((one, other) => Number(other.endsWith('/docker.sock')) - Number(one.endsWith('/docker.sock')))
    .map((path) => socketAt(root, path, daemon))
    .filter((socket) => socket !== null)
}

function pathOf(host: string): string | null {
  return host.startsWith('unix:///') ? host.slice('unix://'.length) : null
}

/**
 * Is it only PID 1 that listens there? Without root that is not to be seen; then a usual socket on which somebody listens,
 * while no engine is to be seen, counts as one.
 */
export function isHeldByInit(proc: string, path: string, processes: readonly Process[]): boolean {
  const listening = listeningAround(proc, 1)
  const real = realPath(path)
  const isIt = (each: string): boolean => each === path || realPath(each) === real
  if (isErrno(namesIn(`${proc}/1/fd`))) {
    const hasEngine = processes.some(({ comm }) => comm === 'dockerd' || comm === 'podman')
    return path === usualSocket && !hasEngine && [...listening.values()].some(isIt)
  }
  return listenedBy(proc, 1, listening).some(isIt)
}

/** /var/run is a link to /run, and with podman-docker the socket is one to Podman's. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
