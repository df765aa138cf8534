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
  /** Paths that lead there, best first: the oldest process's, then mounts, then others. */
  readonly paths: readonly string[]
  /** Descriptors of other processes that hold it, where no path does: `/proc/PID/fd/N` opens, a socket does not. */
  readonly userNamespace: Known<string>
}

/** What one look into a namespace gave. */
export type TablesRead = {
  readonly cookie: string | null
  readonly tables: NetnsTables
  /** NLM_F_DUMP_INTR three times over: the tables changed while they were read. */
  readonly interrupted: boolean
}

export type ReadFailure = { readonly unknown: string; readonly errno: string }

export interface KernelReader {
  readonly name: 'netlink' | 'ip'
  /** Tells the reader which namespaces there are, so that nsids resolve to ids. Called before reading, and again when they change. */
  know(found: readonly FoundNetns[]): Promise<void>
  readTables(netns: FoundNetns): Promise<TablesRead | ReadFailure>
  readDetails(netns: FoundNetns): Promise<NetnsDetails | ReadFailure>
  close(): void
}
