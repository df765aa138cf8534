/**
 *  listening
 *  PROTO  LOCAL           PROCESS           CONTAINER
 *  tcp    0.0.0.0:6379    redis-server 812  redis123
 *  connected
 *  PROTO  LOCAL           REMOTE            STATE  PROCESS
 */
import { isListening } from '../../../derive/ports/listening.ts'
import { linkAt } from '../../../derive/netns-index.ts'
import { containerIndex, containerOfProcess, ownerContainer } from '../../../derive/rules/container-index.ts'
import { isUnknown, listOf } from '../../../model/known.ts'
import type { Netns, NetnsDetails } from '../../../model/netns.ts'
import type { Process } from '../../../model/process.ts'
import type { Socket } from '../../../model/socket.ts'
import type { World } from '../../../model/world.ts'
import type { Line, Span } from '../../frame.ts'
import { memoRecent } from '../../select/memo-recent.ts'
import { span } from '../text.ts'
import { grid } from './grid.ts'
import { andMore, heading, listed, mostRows, parted, said } from './lines.ts'

const processesOf = memoRecent(
  (processes: World['processes']) =>
    new Map(listOf(processes).map((process): [number, Process] => [process.pid, process])),
)

export function socketLines(
  world: World,
  netns: Netns,
  { sockets }: NetnsDetails,
  columns: number,
): readonly Line[] {
  return listed(sockets, columns, (all) => {
    if (all.length === 0) return said('no socket is open', columns)
    const listening = all.filter(isListening).toSorted((a, b) => a.local.port - b.local.port || byText(a, b))
    const others = all
      .filter((socket) => !isListening(socket))
      .toSorted((a, b) => place(a) - place(b) || byText(a, b))
    return parted(
      [
        listening.length === 0 ? said('nothing listens', columns) : part('listening', listening),
        others.length === 0 ? [] : part('connected and others', others),
      ],
      columns,
    )
  })

  function part(title: string, list: readonly Socket[]): readonly Line[] {
    return [
      heading(title, columns, String(list.length)),
      ...grid(
        [
          { title: 'PROTO', least: 4 },
          { title: 'LOCAL', least: 12 },
          { title: 'REMOTE', least: 12 },
          { title: 'STATE', least: 6 },
          { title: 'PROCESS', least: 8 },
          { title: 'CONTAINER', least: 6 },
          { title: 'WAITING', least: 4 },
        ],
        list.slice(0, mostRows).map(cells),
        columns,
      ),
      ...andMore(list.length, 'sockets', columns),
    ]
  }

  function cells(socket: Socket): readonly Span[] {
    const { protocol, family, local, remote, state, process, boundTo } = socket
    const index = containerIndex(world)
    const pid = process === null || isUnknown(process) ? undefined : process.pid
    const running = containerOfProcess(
      index,
      pid === undefined ? undefined : processesOf(world.processes).get(pid),
    )
    const container = running ?? (pid === undefined ? null : ownerContainer(index, netns.id))
    const only = boundTo === null ? '' : `%${linkAt(netns, boundTo)?.name ?? `if${boundTo}`}`
    return [
      span(`${protocol}${family === 'inet6' ? '6' : ''}`, 'dim'),
      span(
        `${hostText(local.address)}${only}:${local.port}`,
        isLoopback(local.address) ? 'changed' : 'address',
      ),
      span(remote === null ? '' : `${hostText(remote.address)}:${remote.port}`, 'address'),
      span(isListening(socket) ? '' : state, state === 'ESTAB' ? 'link.up' : 'dim'),
      process === null
        ? span('no process', 'dim')
        : isUnknown(process)
          ? span(`? ${process.unknown}`, 'unreadable')
          : span(`${process.name} ${process.pid}`),
      span(container?.container.name ?? '', 'container'),
      queueSpan(socket),
    ]
  }
}

/** Of one that listens the second number is how many may wait (backlog), of others what is still to be sent. */
function queueSpan({ state, recvQueue, sendQueue }: Socket): Span {
  if (state === 'LISTEN')
    return span(recvQueue === 0 ? '' : `${recvQueue} of ${sendQueue} to be accepted`, 'changed')
  const parts = [
    ...(recvQueue > 0 ? [`${recvQueue} B unread`] : []),
    ...(sendQueue > 0 ? [`${sendQueue} B unsent`] : []),
  ]
  return span(parts.join(', '), 'changed')
}

const places: Readonly<Record<string, number>> = { ESTAB: 0, 'SYN-SENT': 0, 'TIME-WAIT': 2 }
const place = ({ state }: Socket): number => places[state] ?? 1

/** The kernel's own order is that of its hash tables, another at each look. */
function byText(a: Socket, b: Socket): number {
  const text = ({ protocol, local, remote }: Socket): string =>
    `${protocol} ${local.address} ${local.port} ${remote?.address ?? ''} ${remote?.port ?? ''}`
  return text(a) < text(b) ? -1 : 1
}

function hostText(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

/** Nobody outside this namespace reaches those. */
function isLoopback(address: string): boolean {
  return address === '::1' || address.replace(/^::ffff:/, '').startsWith('127.')
}
