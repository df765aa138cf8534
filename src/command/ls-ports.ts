import { displayNames, netnsRef } from '../derive/netns-name.ts'
import { listeningSockets } from '../derive/ports/listening.ts'
import { publishedPorts, unreadRules } from '../derive/ports/published-ports.ts'
import { succeeded, type Outcome } from '../lib/failure.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Source } from '../source.ts'
import { gapsOf } from './gaps.ts'
import type { PortsShape, PublishedPortShape, UnreadPortsShape } from './ports-shapes.ts'
import type { Result } from './result.ts'

/**
 * Sockets and rules of every namespace: which of them matter is known only when they are read. Of the dear parts nothing but the
 * sockets; tools are run only where the kernel says that there are rules.
 */
export async function listPorts(source: Source): Promise<Outcome<Result>> {
  const read = await source.readWorld({ details: false, deep: true })
  if (!read.ok) return read
  const ids = read.value.netns.filter(({ readable }) => readable === true).map(({ id }) => id)
  const ruled = await source.withFirewall(read.value, ids)
  if (!ruled.ok) return ruled
  const whole = await source.withDetails(ruled.value, ids, 'sockets')
  if (!whole.ok) return whole
  const world = whole.value
  const names = displayNames(world.netns)
  const ref = (id: NetnsId) => netnsRef(names, id)
  const unread = (each: { readonly netns: NetnsId; readonly unknown: string }): UnreadPortsShape => ({
    netns: ref(each.netns),
    unknown: each.unknown,
  })
  const published = publishedPorts(world).map(({ rule, target, netns, ...rest }): PublishedPortShape => ({
    ...rest,
    netns: ref(netns),
    rule: rule === null ? null : { ...rule, netns: ref(rule.netns) },
    target: { ...target, netns: target.netns === null ? null : ref(target.netns) },
  }))
  const { sockets, unread: closed } = listeningSockets(world)
  const data: PortsShape = {
    published: [...published, ...unreadRules(world).map(unread)],
    listening: [...sockets.map((socket) => ({ ...socket, netns: ref(socket.netns) })), ...closed.map(unread)],
  }
  return succeeded({ kind: 'ports', data, answer: 'yes', gaps: gapsOf(world) })
}
