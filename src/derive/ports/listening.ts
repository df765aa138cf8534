/** Who listens where: every namespace's sockets, with the process and the container that hold them. */
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf, unknown, type Known, type Unknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Process } from '../../model/process.ts'
import type { Socket } from '../../model/socket.ts'
import type { World } from '../../model/world.ts'
import { containerIndex, containerOfProcess, ownerContainer } from '../rules/container-index.ts'
import type { ListeningSocket } from '../../model/listening-socket.ts'
import type { Listener, Serves } from '../../model/published-port.ts'

/** Sockets that wait for others: TCP that listens, and datagrams that are not tied to one partner. */
export function isListening({ state, protocol, remote, local }: Socket): boolean {
  if (protocol === 'tcp' || protocol === 'sctp') return state === 'LISTEN'
  return (
    (protocol === 'udp' || protocol === 'udplite') && state === 'UNCONN' && remote === null && local.port > 0
  )
}

/** Of all namespaces, in their order, by port; `unread` names those whose sockets are not known. */
export function listeningSockets(world: World): {
  readonly sockets: readonly ListeningSocket[]
  readonly unread: readonly (Unknown & { readonly netns: NetnsId })[]
} {
  const containers = containerIndex(world)
  const processes = new Map(
    listOf(world.processes).map((process): [number, Process] => [process.pid, process]),
  )
  const all: ListeningSocket[] = []
  const unread: (Unknown & { readonly netns: NetnsId })[] = []
  for (const netns of world.netns) {
    const read = socketsOf(netns)
    if (isUnknown(read)) {
      unread.push({ netns: netns.id, ...read })
      continue
    }
    const owner = ownerContainer(containers, netns.id)
    for (const socket of read.filter(isListening).sort(byPlace)) {
      const { process } = socket
      const pid = process === null || isUnknown(process) ? undefined : process.pid
      const running = containerOfProcess(containers, pid === undefined ? undefined : processes.get(pid))
      all.push({
        netns: netns.id,
        protocol: socket.protocol,
        family: socket.family === 'inet' ? 'ip' : 'ip6',
        address: socket.local.address,
        port: socket.local.port,
        process:
          process ?? unknown('no process holds it: the kernel does, or one that could not be looked into'),
        container: (running ?? owner)?.container.name ?? null,
      })
    }
  }
  return { sockets: all, unread }
}

/** The kernel's own order is that of its hash tables, another at each look. */
function byPlace(a: Socket, b: Socket): number {
  const names = (one: Socket): string => `${one.protocol} ${one.local.address}`
  return a.local.port - b.local.port || (names(a) < names(b) ? -1 : 1)
}

function socketsOf({ details, readable }: Netns): Known<readonly Socket[]> {
  if (details !== null) return details.sockets
  return readable === true ? unknown('its sockets were not read') : readable
}

type Asked = { readonly protocol: string; readonly port: number; readonly family: 'ip' | 'ip6' }

const memo = new WeakMap<readonly Socket[], ReadonlyMap<number, readonly Socket[]>>()

/** Those that listen; made once for each list of sockets. */
function byPort(sockets: readonly Socket[]): ReadonlyMap<number, readonly Socket[]> {
  const kept = memo.get(sockets)
  if (kept !== undefined) return kept
  const made = new Map<number, Socket[]>()
  for (const socket of sockets.filter(isListening)) {
    const list = made.get(socket.local.port)
    if (list === undefined) made.set(socket.local.port, [socket])
    else list.push(socket)
  }
  memo.set(sockets, made)
  return made
}

/** What listens on that port of a namespace; [] is a fact: nothing does. */
export function listenersIn(netns: Netns, asked: Asked): Known<readonly Listener[]> {
  const read = socketsOf(netns)
  if (isUnknown(read)) return read
  return (byPort(read).get(asked.port) ?? [])
    .filter((socket) => socket.protocol === asked.protocol && isOfFamily(socket, asked.family))
    .map(({ local }) => ({ address: local.address, port: local.port }))
}

/** A socket on `::` takes IPv4 too, unless it was told not to (IPV6_V6ONLY). */
function isOfFamily({ family, local, v6only }: Socket, asked: 'ip' | 'ip6'): boolean {
  if (asked === 'ip6') return family === 'inet6' && !local.address.startsWith('::ffff:')
  return (
    family === 'inet' || local.address.startsWith('::ffff:') || (local.address === '::' && v6only !== true)
  )
}

/** Whether a packet to that address finds one of them. */
export function servesAt(listening: Known<readonly Listener[]>, address: string | null): Serves {
  if (isUnknown(listening)) return 'unknown'
  if (listening.length === 0) return 'no'
  const plain = listening.map((each) => each.address.replace(/^::ffff:/, ''))
  if (plain.some((each) => each === '0.0.0.0' || each === '::' || each === address)) return 'yes'
  if (plain.every((each) => each.startsWith('127.') || each === '::1')) return 'loopback'
  return address === null ? 'yes' : 'elsewhere'
}
