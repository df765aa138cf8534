/** What the Ports screen shows, from a World in which sockets and rules were read. */
import type { NetnsId } from '../model/ids.ts'
import type { PortsView } from '../model/ports-view.ts'
import type { World } from '../model/world.ts'
import { listeningSockets } from './ports/listening.ts'
import { publishedPorts, unreadRules } from './ports/published-ports.ts'

/** `waiting`: namespaces that will be read, and so are no gap. */
export function portsView(world: World, waiting: ReadonlySet<NetnsId> = new Set()): PortsView {
  const { sockets, unread } = listeningSockets(world)
  return {
    published: publishedPorts(world),
    unreadRules: unreadRules(world),
    listening: sockets,
    unreadSockets: unread.filter(({ netns }) => !waiting.has(netns)),
    complete: waiting.size === 0,
    readAt: Date.parse(world.at),
  }
}
