/**
 * What the two readers of the kernel (netlink, ip) have in common. A reader knows how to look into one
 * namespace; which namespaces there are is discovery's business, what follows from the tables is derive's.
 */
import type { NetnsId } from '../model/ids.ts'
import type { Holders, NetnsDetails, NetnsName, NetnsTables } from '../model/netns.ts'
import type { Known } from '../model/known.ts'

/** A namespace as discovery found it, before anyone looked inside. */
export type FoundNetns = {
  readonly id: NetnsId
  /** st_dev and st_ino of its nsfs file: checked again after each open, because pids are reused. */
  readonly dev: number
  readonly ino: bigint
  readonly names: readonly NetnsName[]
  readonly holders: Holders
  /** Paths that lead there, best first: the oldest process's, then mounts, then others. None: try `holders.sockets`. */
  readonly paths: readonly string[]
}

/** What one look into a namespace gave. */
export type TablesRead = {
  readonly cookie: string | null
  readonly tables: NetnsTables
  /** NLM_F_DUMP_INTR three times over: the tables changed while they were read. */
  readonly interrupted: boolean
}

export type NamedProcess = { readonly pid: number; readonly name: string }

export type ReadFailure = { readonly unknown: string; readonly errno: string }

/** It may well be there (its mount is covered, say), so this is not the errno of something gone. */
export const nothingLeadsThere: ReadFailure = { unknown: 'no path leads to it', errno: 'ENXIO' }

/** One link's counters: `counterFields` of protocol.ts without the namespace. */
export type CounterRow = readonly [
  ifindex: number,
  rxBytes: number,
  rxPackets: number,
  rxDropped: number,
  rxErrors: number,
  txBytes: number,
  txPackets: number,
  txDropped: number,
  txErrors: number,
]

/** What the kernel told about a namespace. It says where to look again, never what is there now. */
export type KernelEvent =
  /** Links, addresses, routes, rules or nexthops changed. */
  | { readonly type: 'tables'; readonly id: NetnsId; readonly touched: Touched; readonly heard?: Heard }
  /** Neighbours or FDB entries changed: frequent, and seldom urgent. */
  | { readonly type: 'neighbours'; readonly id: NetnsId }
  /** It uses a number for another namespace that it did not use before, or no more. */
  | { readonly type: 'nsids'; readonly id: NetnsId }
  | { readonly type: 'dead'; readonly id: NetnsId }
  /** Events were lost (ENOBUFS): anything may have changed. */
  | { readonly type: 'lost'; readonly what: 'tables' | 'neighbours' }

/** What of a namespace events were about. */
export type Touched = {
  /** Links of which they spoke: themselves, their addresses, or routes that use them. */
  readonly ifindexes: ReadonlySet<number>
  readonly policyRules: boolean
  /** Something that belongs to no link, or too many links. */
  readonly more: boolean
}

/** How many messages of the kernel that were, for the log. */
export type Heard = {
  readonly links: number
  readonly addresses: number
  readonly routes: number
  readonly rules: number
  readonly others: number
}

/** Tables that can be read without the others. */
export type OneTable = 'links' | 'addresses' | 'routes' | 'policyRules' | 'nexthopObjects'

/** A part of a namespace to be read again. */
export type Parts = {
  /** Links, their addresses and the routes that use them. */
  readonly ifindexes: readonly number[]
  readonly tables: readonly OneTable[]
}

/** Parts of a namespace's details that can be read alone. */
export type DetailsPart = 'sysctls' | 'counters' | 'sockets' | 'xfrmPolicies'

export type NeighbourTables = Pick<NetnsTables, 'neighbours' | 'fdb' | 'mdb'>

/** Seen from another namespace through an nsid: all that can be read without a file. */
export type SeenThroughNsid = Pick<NetnsTables, 'links' | 'addresses' | 'nsids'>

/** What only netlink can do. Without it the collector polls, and sees nothing that is hidden. */
export interface Observation {
  /** The namespace the observer lives in; not part of the World. */
  readonly own: NetnsId
  readNsids(id: NetnsId): NetnsTables['nsids']
  /**
   * Looks where the links of this one lead. Afterwards readNsids explains also those numbers that mean hidden
   * namespaces (no file leads there), as far as links do.
   */
  lookThrough(id: NetnsId): void
  /** A namespace without a path: a hidden one, or one whose paths are gone. A failure: it is dead. */
  readHeld(id: NetnsId): SeenThroughNsid | ReadFailure
  /** What came since the last call; never waits. */
  drain(): readonly KernelEvent[]
  /** Calls back when there is something to drain. `isTold`: `look` is called whenever this process gets SIGURG. */
  watch(readable: () => void, isTold: boolean): { look(): void; close(): void }
}

export interface KernelReader {
  readonly name: 'netlink' | 'ip'
  /** Tells the reader which namespaces there are, so that nsids resolve to ids. Called before reading, and again when they change. */
  know(found: readonly FoundNetns[]): Promise<void>
  readTables(netns: FoundNetns): Promise<TablesRead | ReadFailure>
  /** The inode of the user namespace that owns it; told also of one that may be opened, but not entered. */
  ownerOf(netns: FoundNetns): Known<string>
  /**
   * `processes`: those in the namespace, oldest first; sockets are traced back to them. `only`: these parts alone are
   * needed, which is much cheaper; the others may say that they were not read.
   */
  readDetails(
    netns: FoundNetns,
    processes: readonly NamedProcess[],
    only?: readonly DetailsPart[],
  ): Promise<NetnsDetails | ReadFailure>
  /**
   * A part of what `known` says, read again and put in its place: for namespaces in which everything takes long.
   * Fails with EOPNOTSUPP where the kernel cannot be asked for parts.
   */
  readParts?(netns: FoundNetns, known: NetnsTables, parts: Parts): Promise<Partial<NetnsTables> | ReadFailure>
  /** What changes all the time, without the rest. */
  readNeighbours?(netns: FoundNetns, links: NetnsTables['links']): Promise<NeighbourTables | ReadFailure>
  /** Counters alone, much cheaper than the tables. Without it they come from the tables. */
  readCounters?(netns: FoundNetns): Promise<readonly CounterRow[] | ReadFailure>
  readonly observation?: Observation
  close(): void
}
