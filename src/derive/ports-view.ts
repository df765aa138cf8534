/** What the Ports screen shows, from a World in which sockets and rules were read. */
import { inOneGo, type Pieces } from '../lib/in-pieces.ts'
import { isHidden, type NetnsId } from '../model/ids.ts'
import type { PortsView } from '../model/ports-view.ts'
import type { World } from '../model/world.ts'
import { listeningSockets } from './ports/listening.ts'
import { publishedSteps, unreadRules } from './ports/published-ports.ts'

/** `waiting`: namespaces that will be read, and so are no gap. */
export function portsView(world: World, waiting?: ReadonlySet<NetnsId>): PortsView {
  return inOneGo(portsViewSteps(world, waiting))
}

/** The same in pieces: there may be tens of thousands of rules. */
export function* portsViewSteps(world: World, waiting: ReadonlySet<NetnsId> = new Set()): Pieces<PortsView> {
  const published = yield* publishedSteps(world)
  const { sockets, unread } = listeningSockets(world)
  yield
  return {
    published,
    unreadRules: [...unreadRules(world), ...withoutRules(world, waiting)],
    listening: sockets,
    unreadSockets: unread.filter(({ netns }) => !waiting.has(netns)),
    complete: waiting.size === 0,
    readAt: Date.parse(world.at),
  }
}

/** That it has none would have been read. Whose namespace is closed is told by its sockets. */
function withoutRules(world: World, waiting: ReadonlySet<NetnsId>): PortsView['unreadRules'] {
  return world.netns.flatMap(({ id, readable, firewall }) =>
    firewall === null && readable === true && !isHidden(id) && !waiting.has(id)
      ? [{ netns: id, unknown: 'its rules were not read' }]
      : [],
  )
}
