/** What the table of published ports tells of each, made once for what the worker told. */
import type { NetnsId } from '../../model/ids.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { PublishedPort } from '../../model/published-port.ts'
import type { Netns } from '../../model/netns.ts'
import { displayNames } from '../../derive/netns-name.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { portRange, withPort } from '../view/ports/place-text.ts'
import { unreadRows, type UnreadRow } from './unread-row.ts'

export type PublishedRow =
  | {
      readonly kind: 'port'
      readonly key: string
      readonly port: PublishedPort
      /** Whose port it is. */
      readonly netnsName: string
      /** `0.0.0.0:8080/tcp`. */
      readonly host: string
      /** Container, else namespace; null: nobody that is known. */
      readonly owner: string | null
      /** `172.17.0.3:80`. */
      readonly target: string
    }
  | UnreadRow

/** What gets no answer first, then as they are found; what could not be read last. */
export const publishedRows = memoRecent((view: PortsView, netns: readonly Netns[]) => {
  const names = displayNames(netns)
  const nameOf = (id: NetnsId): string => names.get(id) ?? id
  const seen = new Map<string, number>()
  const rows = view.published.map((port) => rowOf(nameOf, port, seen))
  return [...rows.toSorted((a, b) => rank(a.port) - rank(b.port)), ...unreadRows(view.unreadRules, nameOf)]
})

function rowOf(
  nameOf: (id: NetnsId) => string,
  port: PublishedPort,
  seen: Map<string, number>,
): Extract<PublishedRow, { kind: 'port' }> {
  const { netns, hostIp, hostPort, lastPort, protocol, target } = port
  const host = `${withPort(hostIp, portRange(hostPort, lastPort))}/${protocol}`
  const to = target.address === null ? `:${target.port}` : withPort(target.address, target.port)
  // Two rules may publish the same port; only the first one is ever reached.
  const name = `${netns} ${host} ${to}`
  const count = (seen.get(name) ?? 0) + 1
  seen.set(name, count)
  return {
    kind: 'port',
    key: count === 1 ? name : `${name} ${count}`,
    port,
    netnsName: nameOf(netns),
    host,
    owner: target.container ?? (target.netns === null ? null : nameOf(target.netns)),
    target: to,
  }
}

/** Nobody gets an answer, then what is not known. */
function rank({ serves }: PublishedPort): number {
  return serves === 'unknown' ? 1 : serves === 'yes' ? 2 : 0
}
