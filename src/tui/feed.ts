/** What has come from the worker: the World as its deltas build it, and what only a watcher can know. */
import type { Failure } from '../lib/failure.ts'
import type { ConnectionsWindow } from '../model/connection-view.ts'
import type { Findings } from '../model/finding.ts'
import type { Found } from '../model/found.ts'
import type { NetnsId } from '../model/ids.ts'
import type { LogEntry } from '../model/log-entry.ts'
import type { Netns, NetnsDetails } from '../model/netns.ts'
import type { PortsView } from '../model/ports-view.ts'
import type { RulesWindow } from '../model/rules-window.ts'
import type { WayRules } from '../model/way-rule.ts'
import type { Change, World } from '../model/world.ts'
import type { WorldHeader } from '../collect/protocol.ts'
import type { History } from './select/history.ts'
import type { Readings } from './select/readings.ts'

/** One `counters` message: rows of `counterFields`. */
export type CounterTable = {
  readonly at: number
  readonly netns: readonly NetnsId[]
  readonly values: Float64Array
}

/** What is read only of the namespace that is selected. */
export type Details = {
  readonly netns: NetnsId
  readonly value: NetnsDetails | { readonly unknown: string }
}

/** The rows of the Rules screen. */
export type Rules = RulesWindow | { readonly netns: NetnsId; readonly unknown: string }

/** What of a link changed a moment ago. */
export type FlashField = 'state' | 'address' | 'mtu' | 'name' | 'master'
export type Flash = { readonly fields: ReadonlySet<FlashField>; readonly until: number }

export type FeedStatus =
  | { readonly type: 'starting' }
  /** The first World is on its way. `total` 0: not told yet. `at`: when that was told. */
  | { readonly type: 'filling'; readonly done: number; readonly total: number; readonly at: number }
  | { readonly type: 'live' }
  /** The worker is gone; `restarting`: another one was asked for. */
  | {
      readonly type: 'lost'
      readonly since: number
      readonly reason: string
      readonly restarting: boolean
    }
  | { readonly type: 'replay' }

export type Feed = {
  readonly status: FeedStatus
  readonly world: World | null
  /** Of the last `world` message; 0: none yet. */
  readonly seq: number
  /** A complete World on its way, which replaces the old one at once when all of it is here. */
  readonly staging: {
    readonly header: WorldHeader
    readonly netns: ReadonlyMap<NetnsId, Netns>
    /** When what is here already was last shown. */
    readonly shownAt: number
  } | null
  /** A message was missed: everything is asked for again, and deltas are dropped until it comes. */
  readonly awaitingResend: boolean
  /** When another worker was last asked for. */
  readonly restartedAt: number | null
  /** What was seen to change, oldest first, at most 500. */
  readonly changes: readonly Change[]
  /** Since when changes are watched. */
  readonly since: number | null
  /** The last ones, for rates. */
  readonly counters: Readings | null
  /** How fast they grew in the last two minutes, for charts. */
  readonly history: History
  readonly details: Details | null
  /** Of the namespace that the Rules screen is on; of a replay they are made from its World instead. */
  readonly rules: Rules | null
  /** What they answer: namespace, filter and folds as text. */
  readonly rulesFor: string
  /** Of the namespace whose connections are shown; of a replay they are made from its World instead. */
  readonly connections: ConnectionsWindow | { readonly netns: NetnsId; readonly unknown: string } | null
  /** What they answer: namespace, filter and order as text. */
  readonly connectionsFor: string
  /** Of every namespace; of a replay made from its World instead. */
  readonly ports: PortsView | null
  /** The rules on the way out that is shown; of a replay made from its World instead. */
  readonly way: WayRules | null
  /** What the worker, who has rules and sockets at hand, found for a text. */
  readonly found: { readonly text: string; readonly value: readonly Found[] } | null
  /** As the worker told them; of a replay they are made from its World instead. */
  readonly findings: Findings | null
  /** What was run and what happened, the latest last, at most 2,000. */
  readonly log: readonly LogEntry[]
  /** By `NETNS IFINDEX`. */
  readonly flashes: ReadonlyMap<string, Flash>
  /** Why reading as a whole fails, as the worker says. */
  readonly failure: Failure | null
}

/** A feed before its first message, or the whole of a replay. */
export function emptyFeed(world: World | null, now: number): Feed {
  return {
    status: world === null ? { type: 'starting' } : { type: 'replay' },
    world,
    seq: 0,
    staging: null,
    awaitingResend: false,
    restartedAt: null,
    changes: world?.changes ?? [],
    since: world === null ? null : now,
    counters: null,
    history: [],
    details: null,
    rules: null,
    rulesFor: '',
    connections: null,
    connectionsFor: '',
    ports: null,
    way: null,
    found: null,
    findings: null,
    log: world?.log ?? [],
    flashes: new Map(),
    failure: null,
  }
}
