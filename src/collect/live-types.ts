/** What a live World (live.ts) is asked for, and what it tells. */
import type { NetnsId } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import type { Process } from '../model/process.ts'
import type { World } from '../model/world.ts'
import type { Update } from './live-world.ts'
import type { FoundNetns, KernelEvent } from './reader.ts'
import type { Schedule } from './schedule.ts'

export type LiveHeader = Pick<World, 'host' | 'init' | 'processes' | 'readers' | 'gaps'>

export type LiveCallbacks = {
  readonly tell: (update: Update, header: LiveHeader, part: Part) => void
  readonly progress: (done: number, total: number) => void
  readonly failed: (error: unknown) => void
  /** What the kernel told, for the log. */
  readonly heard?: (events: readonly KernelEvent[]) => void
}

export type Part = {
  /** The first part of a whole World: what was told before does not count any more. */
  readonly begins: boolean
  /** All that is known has been told. */
  readonly complete: boolean
}

export type Live = {
  readonly schedule: Schedule
  /** Resolves when all namespaces were read and told once. */
  readonly filled: Promise<void>
  /** What is still readable: null after it is gone. */
  found(id: NetnsId): FoundNetns | null
  allFound(): readonly FoundNetns[]
  processes(): readonly Process[]
  header(): LiveHeader
  /** What is kept of each now. */
  all(): readonly Netns[]
  /** These are read before others that wait. */
  first(ids: readonly NetnsId[]): void
  /** Tell the header, also where no namespace changed. */
  tellHeader(): void
  /** Tell everything again. */
  retell(): void
  /** Something outside says that there may be other namespaces now. */
  lookAround(): void
  /** The kernel may have told something. */
  look(): void
  stop(): void
}

export type LiveOptions = {
  /** A namespace with more rows is read in parts. */
  readonly dearRows?: number
  /** `look` is called whenever this process gets SIGURG. */
  readonly isTold?: boolean
}
