/**
 * The SSH sessions by which somebody may be working on this host right now: the one that SSH_CONNECTION tells of, else that of
 * the sshd this program descends from, else every one on port 22.
 */
import { normalIp } from '../../lib/ip.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Process } from '../../model/process.ts'
import type { Socket } from '../../model/socket.ts'
import type { World } from '../../model/world.ts'

export type Session = {
  readonly netns: Netns
  readonly client: string
  readonly local: string
  readonly port: number
  /** It is this program's own. */
  readonly isOwn: boolean
}

type Env = Readonly<Record<string, string | undefined>>

export function sessionsOf(world: World, env: Env, ownPid: number): readonly Session[] {
  const told = toldBy(world, env['SSH_CONNECTION'])
  // A screen or tmux keeps the variable of a session that is long gone: then the others count, too.
  if (told.some(isEstablished)) return told
  const own = ofSshd(world, ownPid)
  if (own.length > 0) return distinct([...told, ...own])
  return distinct([...told, ...onPort22(world)])
}

/** `198.51.100.9 50022 192.0.2.2 22` (ssh(1)); in each namespace with that address, where ours has not got it. */
function toldBy(world: World, text: string | undefined): readonly Session[] {
  const [client, , local, port] = (text ?? '').trim().split(/\s+/)
  if (client === undefined || local === undefined || port === undefined) return []
  const [from, to] = [plainIp(client), plainIp(local)]
  if (from === null || to === null || !/^\d{1,5}$/.test(port)) return []
  const found = world.netns.filter((netns) =>
    listOf(netns.addresses).some((each) => plainIp(each.local) === to),
  )
  const here = found.filter(({ id }) => id === world.host)
  return (here.length > 0 ? here : found).map((netns) => ({
    netns,
    client: from,
    local: to,
    port: Number(port),
    isOwn: true,
  }))
}

function isEstablished({ netns, client, local, port }: Session): boolean {
  return establishedIn(netns).some(
    (socket) =>
      plainIp(socket.local.address) === local &&
      socket.local.port === port &&
      plainIp(socket.remote?.address ?? '') === client,
  )
}

/** With OpenSSH 9.8 the process of a session became a program of its own. */
const sshds: ReadonlySet<string> = new Set(['sshd', 'sshd-session'])

function ofSshd(world: World, ownPid: number): readonly Session[] {
  const processes = new Map(listOf(world.processes).map((process) => [process.pid, process]))
  const parents: Process[] = []
  for (let process = processes.get(ownPid); process !== undefined; process = processes.get(process.ppid)) {
    if (parents.includes(process)) break
    parents.push(process)
  }
  const pids = new Set(parents.filter(({ comm }) => sshds.has(comm)).map(({ pid }) => pid))
  if (pids.size === 0) return []
  return world.netns.flatMap((netns) =>
    establishedIn(netns)
      .filter(({ process }) => process !== null && !isUnknown(process) && pids.has(process.pid))
      .flatMap((socket) => sessionOf(netns, socket, true)),
  )
}

function onPort22(world: World): readonly Session[] {
  const host = world.netns.find(({ id }) => id === world.host)
  if (host === undefined) return []
  return establishedIn(host)
    .filter(({ local }) => local.port === 22)
    .flatMap((socket) => sessionOf(host, socket, false))
}

function establishedIn({ details }: Netns): readonly Socket[] {
  return listOf(details?.sockets ?? []).filter(
    ({ protocol, state }) => protocol === 'tcp' && state === 'ESTAB',
  )
}

function sessionOf(netns: Netns, { local, remote }: Socket, isOwn: boolean): readonly Session[] {
  const [client, address] = [plainIp(remote?.address ?? ''), plainIp(local.address)]
  if (client === null || address === null) return []
  return [{ netns, client, local: address, port: local.port, isOwn }]
}

/** Without zone, and an IPv4 address that a socket of IPv6 has as that. */
function plainIp(text: string): string | null {
  return normalIp(text.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, ''))
}

function distinct(sessions: readonly Session[]): readonly Session[] {
  const key = ({ netns, client, local, port }: Session): string => [netns.id, client, local, port].join(' ')
  return [...new Map(sessions.map((each) => [key(each), each])).values()]
}
