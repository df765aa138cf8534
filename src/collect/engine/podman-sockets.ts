/**
 * Where Podman may be asked. It has no daemon: `podman system service` answers for as long as it is asked, and systemd
 * starts it for whoever connects to the usual sockets. So those are asked only where Podman is at work already.
 */
import { existsSync } from 'node:fs'
import { namesIn, isErrno } from '../discover/file-access.ts'
import type { Process } from '../../model/process.ts'
import { isHeldByInit } from './docker-sockets.ts'
import { noSocket } from './extra-sockets.ts'
import { rootOf, socketAt, type EngineSocket, type OwnNamespaces } from './engine-socket.ts'
import { listenedBy, listeningAround } from './unix-sockets.ts'

export type PodmanSockets = {
  readonly engines: readonly EngineSocket[]
  readonly elsewhere: readonly { readonly endpoint: string; readonly reason: string }[]
}

export function podmanSockets(
  proc: string,
  processes: readonly Process[],
  own: OwnNamespaces,
  extra: readonly string[] = [],
  runFolder = '/run',
): PodmanSockets {
  const engines: EngineSocket[] = []
  const elsewhere: { readonly endpoint: string; readonly reason: string }[] = []
  const seen = new Set<string>()
  const isAtWork = (socket: EngineSocket): boolean =>
    processes.some(({ comm, uid }) => comm === 'conmon' && uid === socket.uid)
  for (const service of processes.filter(({ comm }) => comm === 'podman')) {
    const listening = new Map([...listeningAround(proc, 1), ...listeningAround(proc, service.pid)])
    const root = rootOf(proc, service, own)
    for (const path of listenedBy(proc, service.pid, listening)) {
      const socket = socketAt(root, path, service)
      if (socket === null || seen.has(socket.key)) continue
      seen.add(socket.key)
      engines.push(socket)
    }
  }
  for (const { path, traces } of usualSockets(runFolder)) {
    const socket = socketAt('', path, null)
    // systemd listens there wherever Podman is installed: where it never ran there is nothing to ask about.
    if (socket === null || seen.has(socket.key) || !traces.some((trace) => existsSync(trace))) continue
    seen.add(socket.key)
    if (isAtWork(socket)) engines.push(socket)
    else elsewhere.push({ endpoint: path, reason: runsNothing })
  }
  for (const path of extra) {
    const socket = socketAt('', path, null)
    if (socket === null) elsewhere.push({ endpoint: path, reason: noSocket })
    if (socket === null || seen.has(socket.key)) continue
    seen.add(socket.key)
    if (isAtWork(socket) || !isHeldByInit(proc, path, processes)) engines.push(socket)
    else elsewhere.push({ endpoint: path, reason: runsNothing })
  }
  return { engines, elsewhere }
}

const runsNothing = 'podman runs nothing, and asking would start its service'

type UsualSocket = {
  readonly path: string
  /** Folders that are there once Podman has run: since the machine started, or ever. */
  readonly traces: readonly string[]
}

function usualSockets(runFolder: string): readonly UsualSocket[] {
  const users = namesIn(`${runFolder}/user`)
  const uids = isErrno(users) ? [] : users.filter((name) => /^\d+$/.test(name))
  return [
    {
      path: `${runFolder}/podman/podman.sock`,
      traces: [`${runFolder}/libpod`, '/var/lib/containers/storage/libpod'],
    },
    ...uids.map((uid) => ({
      path: `${runFolder}/user/${uid}/podman/podman.sock`,
      traces: [`${runFolder}/user/${uid}/libpod`],
    })),
  ]
}
