/** Keeps what the screen shows fresh: counters and details of the namespaces it named, once a second; the rest has servers of its own. */
import type { NetnsId } from '../model/ids.ts'
import { listOf } from '../model/known.ts'
import type { RulesWindow } from '../model/rules-window.ts'
import type { Way } from '../model/way-rule.ts'
import type { World } from '../model/world.ts'
import { connectionsIn } from './add-conntrack.ts'
import { processesByNetns, type Collection } from './collection.ts'
import { countersOf } from './kernel/read-counters.ts'
import type { Live } from './live-types.ts'
import type { LiveFirewall } from './live-firewall.ts'
import { serveConnections, type ConnectionsWindowOf } from './serve-connections.ts'
import { serveFind, type FindParts } from './serve-find.ts'
import { servePorts, type PortsParts } from './serve-ports.ts'
import { serveRules } from './serve-rules.ts'
import { socketsOf } from './serve-sockets.ts'
import { serveWay, type WayRulesOf } from './serve-way.ts'
import type { FromWorker, Need } from './protocol.ts'
import type { CounterRow, FoundNetns } from './reader.ts'

/** A table may hold millions, and this thread has to remember them all. */
const mostConnections = 300_000

const everyMs = 1000
/** What just came into sight has no rate before it was read twice, and the screen tells none over less than half a second. */
const secondMs = 600
/** So many times as long as they took they rest: both are for looking at, while nothing else happens. */
const detailsCost = 400
const countersCost = 100
const mostRestMs = 30_000

export type NeedsServer = {
  /** Replaces what was needed before. */
  need(needs: readonly Need[], generation: number): void
  /** The World is another one now. */
  changed(): void
  close(): void
}

/** A ruleset as rows, in words: another folder's business. The namespace has its rules in the World that is given. */
export type RulesWindowOf = (
  world: World,
  netns: NetnsId,
  wanted: Omit<Extract<Need, { kind: 'rules' }>, 'kind' | 'netns'>,
) => Promise<RulesWindow | { readonly netns: NetnsId; readonly unknown: string }>

/** What is other folders' business, loaded when it is first asked for. */
export type NeedsParts = {
  readonly rulesWindow: RulesWindowOf
  readonly loadConnections: () => Promise<ConnectionsWindowOf>
  readonly loadPorts: () => Promise<PortsParts>
  readonly loadFind: () => Promise<FindParts>
  readonly loadWay: () => Promise<WayRulesOf>
}

export type ServeNeedsInput = {
  readonly collection: Collection
  readonly live: Live
  readonly send: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void
  readonly firewall: Pick<LiveFirewall, 'hasTables' | 'fresh' | 'sameRules'>
  readonly world: () => World
  readonly rulesWindow: RulesWindowOf
  readonly failed: (error: unknown) => void
}

export function serveNeeds(input: ServeNeedsInput & NeedsParts): NeedsServer {
  const { collection, live, send } = input
  const rules = serveRules(input)
  const found = (id: NetnsId) => live.found(id)
  const sockets = socketsOf(collection.reader)
  const connections = serveConnections({
    ...input,
    found,
    read: (netns) => connectionsIn(collection.libc, netns, mostConnections),
    loadWindow: input.loadConnections,
  })
  const ports = servePorts({ ...input, found, sockets })
  const find = serveFind({ ...input, found, sockets })
  const way = serveWay(input)
  let generation = 0
  let counted: readonly NetnsId[] = []
  /** Some of them were not counted before. */
  let isFirst = false
  let detailed: readonly NetnsId[] = []

  const sendCounters = async (): Promise<void> => {
    const began = performance.now()
    const at = Date.now()
    const usualMs = isFirst ? secondMs : everyMs
    isFirst = false
    const rows: { readonly index: number; readonly row: CounterRow }[] = []
    const netns: NetnsId[] = []
    for (const id of counted) {
      const found = live.found(id)
      if (found === null) continue
      const index = netns.push(id) - 1
      for (const row of await countersIn(collection, found)) rows.push({ index, row })
    }
    const values = toFloat64(rows)
    send({ type: 'counters', at, netns, values }, [values.buffer])
    if (counted.length > 0)
      later('counters', sendCounters, (performance.now() - began) * countersCost, usualMs)
  }

  const sendDetails = async (): Promise<void> => {
    const began = performance.now()
    const asked = generation
    const processes = processesByNetns(live.processes())
    for (const id of detailed) {
      const found = live.found(id)
      const value =
        found === null
          ? { unknown: 'no file leads to it' }
          : await collection.reader.readDetails(found, processes.get(id) ?? [])
      // Another need took its place while a slow reader was at it.
      if (asked !== generation) return
      send({
        type: 'details',
        generation,
        netns: id,
        value: 'errno' in value ? { unknown: value.unknown } : value,
      })
    }
    if (detailed.length > 0) later('details', sendDetails, (performance.now() - began) * detailsCost)
  }

  const later = (key: string, job: () => Promise<void>, restMs: number, leastMs = everyMs): void => {
    live.schedule.in(Math.min(Math.max(leastMs, restMs), mostRestMs), key, job)
  }

  return {
    need: (needs, asked) => {
      generation = asked
      const before = counted
      counted = [...new Set(needs.flatMap((need) => (need.kind === 'counters' ? need.netns : [])))]
      detailed = [...new Set(needs.flatMap((need) => (need.kind === 'details' ? [need.netns] : [])))]
      live.first([...detailed, ...counted])
      live.schedule.drop('details')
      // Each move of the selection says anew what is needed; what is counted already goes on as it does.
      const isMore = counted.some((id) => !before.includes(id))
      if (isMore || counted.length === 0) live.schedule.drop('counters')
      if (isMore) {
        isFirst = true
        live.schedule.in(0, 'counters', sendCounters)
      }
      if (detailed.length > 0) live.schedule.in(0, 'details', sendDetails)
      rules.need(needs.findLast((need) => need.kind === 'rules') ?? null, asked)
      connections.need(needs.findLast((need) => need.kind === 'connections') ?? null, asked)
      ports.need(needs.some((need) => need.kind === 'ports'))
      way.need(wayIn(needs))
      find.need(needs.findLast((need) => need.kind === 'find')?.text ?? null)
    },
    changed: () => {
      ports.changed()
      find.changed()
    },
    close: () => {
      for (const server of [rules, connections, ports, find, way]) server.close()
    },
  }
}

function wayIn(needs: readonly Need[]): Way | null {
  const need = needs.findLast((each) => each.kind === 'way')
  if (need === undefined) return null
  const { kind: _, ...way } = need
  return way
}

/** A reader without counters of its own gives them with everything else. */
async function countersIn({ reader }: Collection, found: FoundNetns): Promise<readonly CounterRow[]> {
  if (reader.readCounters !== undefined) {
    const rows = await reader.readCounters(found)
    return 'unknown' in rows ? [] : rows
  }
  const read = await reader.readTables(found)
  if (!('tables' in read)) return []
  return listOf(read.tables.links).flatMap((link) => {
    const row = countersOf(link)
    return row === null ? [] : [row]
  })
}

function toFloat64(
  rows: readonly { readonly index: number; readonly row: CounterRow }[],
): Float64Array<ArrayBuffer> {
  const width = 10
  const values = new Float64Array(rows.length * width)
  for (const [at, { index, row }] of rows.entries()) {
    values[at * width] = index
    values.set(row, at * width + 1)
  }
  return values
}
