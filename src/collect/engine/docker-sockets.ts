/**
 * Where Docker engines may be asked: the sockets that each dockerd listens on, then where the user's settings and custom
 * say. A socket whose only holder is the init system is left alone: a connection would start the engine.
 */
import type { Process } from '../../model/process.ts'
import { dockerHost } from './docker-host.ts'
import { rootOf, socketAt, type EngineSocket, type OwnNamespaces } from './engine-socket.ts'
import { listenedBy, listeningAround } from './unix-sockets.ts'

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
  for (const each of new Set([...(path === null ? [] : [path]), '/var/run/docker.sock'])) {
    const socket = socketAt('', each, null)
    if (socket === null || seen.has(socket.key)) continue
    seen.add(socket.key)
    if (isHeldByInit(proc, each)) {
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

export function isHeldByInit(proc: string, path: string): boolean {
  const usual = (text: string): string => text.replace(/^\/var\/run\//, '/run/')
  return listenedBy(proc, 1, listeningAround(proc, 1)).some((each) => usual(each) === usual(path))
}
