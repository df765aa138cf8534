/** What the Namespaces screen remembers beside its table. */
import type { NetnsId } from '../model/ids.ts'
import type { Netns, NetnsDetails } from '../model/netns.ts'

export type FirstLook = {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** With its details, and with counters as they were then. */
  readonly netns: Netns
}

export type NamespacesState = {
  /** What growth is counted from, by namespace; the latest that was looked at comes last. */
  readonly firsts: ReadonlyMap<NetnsId, FirstLook>
  /** The host's as last read, to hold others against. */
  readonly host: NetnsDetails | null
}

export const noLooks: NamespacesState = { firsts: new Map(), host: null }
