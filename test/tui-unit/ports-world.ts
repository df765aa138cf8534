/** The host of rules-world.ts with who listens on it, and the connections that it follows. */
import type { Connection, Conntrack } from '../../src/model/connection.ts'
import type { ConnectionsWanted } from '../../src/model/connection-view.ts'
import type { Need } from '../../src/collect/protocol.ts'
import { connectionsWindow } from '../../src/derive/connections-window.ts'
import { portsView } from '../../src/derive/ports-view.ts'
import type { Socket } from '../../src/model/socket.ts'
import type { World } from '../../src/model/world.ts'
import type { Size } from '../../src/tui/frame.ts'
import { socket, withSockets } from '../support/docker-world.ts'
import { dockerRules } from './rules-world.ts'
import { live, screen, type Screen } from './screen.ts'

type Sockets = Readonly<Record<string, readonly Socket[]>>

const usual: Sockets = {
  host: [socket('tcp', '0.0.0.0', 8080, { process: { pid: 900, name: 'docker-proxy' } })],
  redis123: [socket('tcp', '127.0.0.1', 6379, { process: { pid: 811, name: 'redis-server' } })],
  nginx1: [socket('tcp', '0.0.0.0', 80, { process: { pid: 812, name: 'nginx' } })],
}

/** By the name of the namespace; what is not named has none. */
export function portsWorld(sockets: Sockets = {}, conntrack: Conntrack | null = null): World {
  const world = dockerRules()
  const all = { ...usual, ...sockets }
  return {
    ...world,
    netns: world.netns.map((each) => {
      const name = each.id === world.host ? 'host' : (each.names[0]?.name ?? '')
      return {
        ...each,
        details: withSockets(all[name] ?? []),
        conntrack: each.id === world.host ? conntrack : null,
        firewall: each.firewall ?? { generation: 1, tables: [], unread: [], ipsets: [], ipvs: [] },
      }
    }),
  }
}

/** What the screen knows without the worker: no rules, no sockets, no connections. */
export function bareOf(world: World): World {
  return {
    ...world,
    netns: world.netns.map((each) => ({ ...each, details: null, firewall: null, conntrack: null })),
  }
}

type Made = Partial<Omit<Connection, 'original' | 'reply'>> & {
  /** `172.17.0.2:40001`, as it began. */
  readonly from: string
  readonly to: string
  /** Who answers and whom the answer is for, where those are others. */
  readonly by?: string
  readonly as?: string
}

export function connection({ from, to, by = to, as = from, ...fields }: Made): Connection {
  const ends = (a: string, b: string) => {
    const [source, sourcePort] = place(a)
    const [destination, destinationPort] = place(b)
    return { source, sourcePort, destination, destinationPort, icmp: null }
  }
  return {
    family: 'ip',
    protocol: 'tcp',
    zone: 0,
    mark: 0,
    status: ['SEEN_REPLY', 'ASSURED', 'CONFIRMED'],
    state: 'ESTABLISHED',
    timeout: 431_999,
    packets: null,
    bytes: null,
    ...fields,
    original: ends(from, to),
    reply: ends(by, as),
  }
}

function place(text: string): readonly [string, number] {
  const at = text.lastIndexOf(':')
  return [text.slice(0, at), Number(text.slice(at + 1))]
}

export function table(entries: Conntrack['entries'], fields: Partial<Conntrack> = {}): Conntrack {
  const count = Array.isArray(entries) ? entries.length : 0
  const stats = { found: 12, insert_failed: 0, drop: 0, early_drop: 0 }
  return { count, max: 262_144, stats, entries, ...fields }
}

export const outward = connection({
  from: '172.17.0.2:40001',
  to: '1.1.1.1:443',
  as: '192.0.2.2:40001',
})

export const small: Size = { columns: 80, rows: 24 }

export function replay(world: World, size: Size = small): Screen {
  const it = screen({ mode: 'replay', world, file: 'x.json.gz', size })
  it.wait(1)
  return it
}

/** A live screen beside a worker that has this world at hand and answers what was asked last. */
export function beside(world: World, size: Size = small) {
  const it = live(bareOf(world), { size })
  let at = world
  const asked = (): Extract<Need, { kind: 'connections' }> => {
    const effect = it.effects.findLast((each) => each.type === 'need')
    const need =
      effect?.type === 'need' ? effect.needs.find((each) => each.kind === 'connections') : undefined
    if (need?.kind !== 'connections') throw new Error('no connections were asked for')
    return need
  }
  return {
    it,
    asked,
    /** `generation`: of an answer to what was asked before. */
    connections: (grown: Readonly<Record<string, number>> = {}, generation = it.state.asked.generation) => {
      const need: ConnectionsWanted & { netns: (typeof world)['host'] } = asked()
      const conntrack = at.netns.find(({ id }) => id === need.netns)?.conntrack ?? null
      const value = connectionsWindow(at, need.netns, conntrack, need, { grown, readAt: it.now })
      it.worker({ type: 'connections', generation, value })
    },
    ports: (waiting: ReadonlySet<World['host']> = new Set()) =>
      it.worker({ type: 'ports', value: portsView(at, waiting) }),
    change: (next: World) => {
      at = next
    },
  }
}

/** Without the tab bar and the footer, which other screens' tests are about. */
export function body(it: Screen): string {
  return `${it.text().split('\n').slice(2, -2).join('\n')}\n`
}

/** The first line of the screen's own part that holds this. */
export function row(it: Screen, part: string): string {
  return (
    body(it)
      .split('\n')
      .find((line) => line.includes(part)) ?? ''
  )
}
