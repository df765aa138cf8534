/** What the table of listening sockets tells of each, made once for what the worker told. */
import { displayNames } from '../../derive/netns-name.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import type { ListeningSocket } from '../../model/listening-socket.ts'
import type { Netns } from '../../model/netns.ts'
import type { PortsView } from '../../model/ports-view.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { withPort } from '../view/ports/place-text.ts'
import { unreadRows, type UnreadRow } from './unread-row.ts'

export type ListeningRow =
  | {
      readonly kind: 'socket'
      readonly key: string
      readonly socket: ListeningSocket
      readonly netnsName: string
      /** `127.0.0.1:6379`. */
      readonly place: string
    }
  | UnreadRow

/** Namespace by namespace, by port; what could not be read last. */
export const listeningRows = memoRecent((view: PortsView, netns: readonly Netns[]) => {
  const names = displayNames(netns)
  const nameOf = (id: NetnsId): string => names.get(id) ?? id
  const seen = new Map<string, number>()
  return [
    ...view.listening.map((socket): ListeningRow => {
      const place = withPort(socket.address, socket.port)
      const pid = isUnknown(socket.process) ? '' : socket.process.pid
      // Several sockets may share a port (SO_REUSEPORT).
      const name = `${socket.netns} ${socket.protocol} ${place} ${pid}`
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      return {
        kind: 'socket',
        key: count === 1 ? name : `${name} ${count}`,
        socket,
        netnsName: nameOf(socket.netns),
        place,
      }
    }),
    ...unreadRows(view.unreadSockets, nameOf),
  ]
})
