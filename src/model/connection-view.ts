/** A tracked connection in words (derive/connections.ts), and the part of a table of them that is on the screen. */
import type { Connection } from './connection.ts'
import type { NetnsId } from './ids.ts'
import type { Known } from './known.ts'

export type Translation = 'snat' | 'dnat' | 'both'

export type Trouble = {
  /** `unreplied`: nothing came back yet. `stale`: it leads to, or comes from, what is not there any more. */
  readonly kind: 'unreplied' | 'stale'
  readonly says: string
}

export type ConnectionView = {
  readonly connection: Connection
  readonly translated: Translation | null
  /** `172.17.0.2:40001 → 1.1.1.1:443`. */
  readonly direction: string
  /** `seen outside as 192.0.2.2:40001`; null where nothing is translated. */
  readonly translation: string | null
  /** Names of the namespaces at both ends, where one of this World has the address. */
  readonly from: string | null
  readonly to: string | null
  /** The container that it belongs to: the one that began it, else the one that it reaches. */
  readonly container: string | null
  readonly trouble: Trouble | null
}

/** What can be sorted by. `standing`: what stands out first, else in the kernel's order. */
export type ConnectionOrder =
  | 'standing'
  | 'protocol'
  | 'source'
  | 'destination'
  | 'state'
  | 'timeout'
  | 'bytes'
  | 'container'

export type ConnectionsWanted = {
  /** Filter tokens as on every screen: all must fit; `:443` a port, a prefix what is inside it, `!` not. */
  readonly text: string
  readonly order: ConnectionOrder
  readonly descending: boolean
  readonly from: number
  readonly count: number
  /** Of the selected row: where that one stands is told too. */
  readonly key?: string
}

export type ConnectionRow = {
  /** Stays the same while the connection lives: family, protocol, zone and original direction. */
  readonly key: string
  readonly view: ConnectionView
}

/** `count` rows from `from` of those that fit; a table of a hundred thousand does not cross to the screen whole. */
export type ConnectionsWindow = {
  readonly netns: NetnsId
  /** That fit the filter. */
  readonly size: number
  /** That were read. */
  readonly total: number
  readonly from: number
  readonly rows: readonly ConnectionRow[]
  /** The number of the row that was asked for by its key; null: it is gone, or does not fit. Absent: none was asked for. */
  readonly keyAt?: number | null
  /** What the kernel counts in this namespace, and the host's most. */
  readonly count: Known<number>
  readonly max: Known<number>
  /** Summed over the processors: found, invalid, insert_failed, drop, early_drop, … */
  readonly stats: Known<Readonly<Record<string, number>>>
  /** Stats that grew since the screen began to look, and by how much. */
  readonly grown: Readonly<Record<string, number>>
  /** nf_conntrack_acct: without it nothing counts bytes. */
  readonly counted: boolean
  /** Milliseconds since the epoch. */
  readonly readAt: number
}
