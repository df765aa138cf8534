/**
 * What the screen's thread and the worker say to each other; the only file that both sides import.
 * The screen declares what it needs; a new declaration cancels the one before.
 */
import type { ExtraSockets } from './engine/extra-sockets.ts'
import type { Failure } from '../lib/failure.ts'
import type { ConnectionsWanted, ConnectionsWindow } from '../model/connection-view.ts'
import type { Found } from '../model/found.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Findings } from '../model/finding.ts'
import type { Happening, LogEntry } from '../model/log-entry.ts'
import type { Netns, NetnsDetails } from '../model/netns.ts'
import type { NetnsEdit } from '../model/netns-edit.ts'
import type { PortsView } from '../model/ports-view.ts'
import type { RuleRef } from '../model/rule-ref.ts'
import type { RulesFilter, RulesWindow } from '../model/rules-window.ts'
import type { Way, WayRules } from '../model/way-rule.ts'
import type { Change, Tool, World } from '../model/world.ts'

export type StartOptions = {
  /** Which reader: `auto` takes netlink, or ip where koffi does not load. */
  readonly reader: 'auto' | 'netlink' | 'ip'
  readonly version: string
  /** Taken as the host instead of the namespace that the program was started in. */
  readonly host?: NetnsId
  /** A worker has no terminal to look at. */
  readonly terminal?: Tool['terminal']
  /** Engines are asked there too. */
  readonly sockets?: ExtraSockets
  /** An open file of the process for lines of the debug log. */
  readonly debugFd?: number
  /**
   * One cell: 1 while a `look` is on its way, so that of a thousand signals one is told. With it the worker need not look by
   * itself whether the kernel told something.
   */
  readonly signalled?: Int32Array
}

/** What the screen shows now, and so what the worker keeps fresh. */
export type Need =
  | { readonly kind: 'counters'; readonly netns: readonly NetnsId[] }
  | { readonly kind: 'details'; readonly netns: NetnsId }
  /**
   * A window of a ruleset: `count` rows from `from`, without those below the rows named in `folded`. With `locate` it is the
   * window around that rule, and what would hide the rule is not folded.
   */
  | {
      readonly kind: 'rules'
      readonly netns: NetnsId
      readonly filter: RulesFilter
      readonly folded: readonly string[]
      readonly from: number
      readonly count: number
      readonly locate?: RuleRef
      /** Of the next namespace that has rules, or of the one before, instead; there is no other: of this one. */
      readonly turn?: 1 | -1
    }
  /** A window of a namespace's tracked connections, read again each second while it is shown. */
  | ({ readonly kind: 'connections'; readonly netns: NetnsId } & ConnectionsWanted)
  /** The rules that decide about a packet on its way through a namespace. */
  | ({ readonly kind: 'way' } & Way)
  /** Published ports and listening sockets of every namespace. */
  | { readonly kind: 'ports' }
  /** What a text is, with the rules and sockets that the World on the screen lacks. Told again when that changed. */
  | { readonly kind: 'find'; readonly text: string }

export type ToWorker =
  | { readonly type: 'start'; readonly options: StartOptions }
  | { readonly type: 'need'; readonly needs: readonly Need[]; readonly generation: number }
  /** Asked for after a gap in `seq`: everything once more. */
  | { readonly type: 'resend' }
  | {
      readonly type: 'snapshot'
      readonly id: number
      readonly file: string
      readonly changes: readonly Change[]
      readonly log?: readonly LogEntry[]
    }
  /** The one on its way is not wanted any more. */
  | { readonly type: 'cancel-snapshot' }
  /** This program changed the host: who asked for that waits to see whether it helped. */
  | { readonly type: 'host-changed' }
  /** SIGURG came, which only the main thread hears: the kernel may have told something. */
  | { readonly type: 'look' }
  | { readonly type: 'stop' }

/** The World without its namespaces. */
export type WorldHeader = Omit<World, 'netns' | 'changes'>

export type FromWorker =
  | {
      readonly type: 'world'
      /** Grows by one a message; 1 begins a complete World. */
      readonly seq: number
      /** Whole with the first message; later only its time where nothing else is different. */
      readonly header: WorldHeader | Pick<WorldHeader, 'at'>
      /** Each whole; it replaces the one with the same id. */
      readonly changed: readonly Netns[]
      /** What is different in those that were told before (model/netns-edit.ts). */
      readonly edited?: readonly NetnsEdit[]
      readonly gone: readonly NetnsId[]
      /** The first fill comes in batches of at most 50; true once all known namespaces were sent. */
      readonly complete: boolean
    }
  | {
      readonly type: 'details'
      readonly generation: number
      readonly netns: NetnsId
      readonly value: NetnsDetails | { readonly unknown: string }
    }
  | {
      readonly type: 'counters'
      /** Milliseconds since the epoch. */
      readonly at: number
      readonly netns: readonly NetnsId[]
      /** Rows of `counterFields.length`, transferred. The first field is the index into `netns`. */
      readonly values: Float64Array
    }
  | {
      readonly type: 'rules'
      readonly generation: number
      readonly value: RulesWindow | { readonly netns: NetnsId; readonly unknown: string }
    }
  | {
      readonly type: 'connections'
      readonly generation: number
      readonly value: ConnectionsWindow | { readonly netns: NetnsId; readonly unknown: string }
    }
  | { readonly type: 'ports'; readonly value: PortsView }
  | { readonly type: 'way'; readonly value: WayRules }
  | { readonly type: 'found'; readonly text: string; readonly value: readonly Found[] }
  /** Told when they are others than before. `at`: milliseconds since the epoch. */
  | { readonly type: 'findings'; readonly at: number; readonly value: Findings }
  /** What was run and what happened since the last one, at most a few times a second. */
  | { readonly type: 'log'; readonly entries: readonly Happening[] }
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  /** Of a snapshot that is being made; `total` 0: not known yet. */
  | {
      readonly type: 'snapshot-progress'
      readonly id: number
      readonly done: number
      readonly total: number
    }
  | { readonly type: 'snapshot-written'; readonly id: number; readonly file: string }
  | { readonly type: 'failed'; readonly id: number | null; readonly failure: Failure }
  | { readonly type: 'stopped' }

export const counterFields = [
  'netns',
  'ifindex',
  'rxBytes',
  'rxPackets',
  'rxDropped',
  'rxErrors',
  'txBytes',
  'txPackets',
  'txDropped',
  'txErrors',
] as const
