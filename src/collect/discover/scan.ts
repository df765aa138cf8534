/** What the discoverers share: where to look, what is remembered between scans, and where to report to. */
import { bytesOf, isErrno } from './file-access.ts'
import type { Sighting } from './sighting.ts'
import type { Libc } from '../kernel/libc.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Process } from '../../model/process.ts'
import type { Gap, World } from '../../model/world.ts'

/** A process as the last scan left it. */
export type Entry = {
  readonly pid: number
  /** Inode of /proc/PID/task. A later process with the same pid has another one. */
  readonly incarnation: number
  readonly threads: number
  readonly isKernelThread: boolean
  /**
   * What its /proc/PID/ns/net says: `open` it can be read; `refused`: not by us; `ended`: the first thread has ended
   * while others live on.
   */
  readonly link: 'open' | 'refused' | 'ended'
  readonly process: Process
  /** What it says of its namespace; null: nothing by its own link. The same object while it says the same. */
  readonly sighting: Sighting | null
  /** Threads in another namespace than the process, as last seen. */
  readonly foreignThreads: readonly Sighting[]
  /** The same where the links are refused: the inode of each such thread's net/dev. */
  readonly foreignMarks: readonly { readonly tid: number; readonly mark: number }[]
}

/** Sightings in one mount namespace, and the process through which they were made. */
export type MountNamespace = {
  readonly sightings: readonly Sighting[]
  readonly pid: number
}

/** Outlives a scan, so that a periodic one need not read everything again. */
export type Memory = {
  readonly processes: Map<number, Entry>
  readonly mountNamespaces: Map<string, MountNamespace>
  ownMounts: { readonly mountinfo: Buffer; readonly sightings: readonly Sighting[] } | null
  /** A descriptor of our own mountinfo, to be polled; from the second scan on. */
  mountWatch: number | null
  /** What the dear discoverers found when they last ran. */
  held: readonly Sighting[]
  /** What they said of themselves when they last ran beside the scans. */
  searched: Searched | null
  /** Nobody waits for an answer any more. */
  closed: boolean
}

export type Searched = { readonly reader: World['readers'][number]; readonly gaps: readonly Gap[] }

/** Threads or processes whose namespace we may not open, told apart by the inode of their net/dev. */
export type Refused = {
  readonly mark: number
  readonly processes: Process[]
  readonly threads: { readonly pid: number; readonly tid: number }[]
}

export type Scan = {
  readonly proc: string
  /** Put before the mount points of our own mount namespace; empty on a real host. */
  readonly root: string
  /** st_dev of nsfs. */
  readonly dev: number
  /** Our own pid, as `proc` counts. */
  readonly self: number
  readonly number: number
  /** Everything is read anew, nothing taken from memory. */
  readonly complete: boolean
  readonly deep: boolean
  readonly libc: Libc | null
  readonly memory: Memory
  /** Namespaces that were reported so far. */
  readonly seen: ReadonlySet<NetnsId>
  readonly refused: Map<number, Refused>
  report(sighting: Sighting): void
  gap(gap: Gap): void
  error(text: string): void
  /** Lets the event loop run where this scan has held it for long. Call it every few dozen files. */
  breathe(): Promise<void>
  /** Whether it is this number's turn to be read anew: one in `period` each scan. */
  isTurnOf(number: number): boolean
  /** A process that just started still changes: it execs, and moves to its namespaces. */
  isYoung(process: Process): boolean
}

const period = 32
/** Clock ticks (USER_HZ, 100 a second on every architecture that Node runs on). */
const youngTicks = 1000
/** The event loop answers keys and messages between two slices. */
const sliceMs = 8

export type ScanInput = Pick<
  Scan,
  'proc' | 'root' | 'dev' | 'self' | 'number' | 'complete' | 'deep' | 'libc' | 'memory'
>

export type ScanReport = {
  readonly sightings: readonly Sighting[]
  readonly gaps: readonly Gap[]
  /** The errors told since the last call. */
  takeErrors(): readonly string[]
}

/** `known`: namespaces that others reported. */
export function createScan(
  input: ScanInput,
  known: Iterable<NetnsId> = [],
): { readonly scan: Scan; readonly report: ScanReport } {
  const sightings: Sighting[] = []
  const seen = new Set<NetnsId>(known)
  const gaps: Gap[] = []
  let errors: string[] = []
  let sliceStart = performance.now()
  const now = uptimeTicks(input.proc)
  const scan: Scan = {
    ...input,
    seen,
    refused: new Map(),
    report: (sighting) => {
      sightings.push(sighting)
      seen.add(sighting.id)
    },
    gap: (gap) => gaps.push(gap),
    error: (text) => errors.push(text),
    breathe: async () => {
      if (performance.now() - sliceStart < sliceMs) return
      await new Promise((resolve) => setImmediate(resolve))
      sliceStart = performance.now()
    },
    isTurnOf: (number) => input.complete || number % period === input.number % period,
    isYoung: ({ startTime }) => now !== null && now - startTime < youngTicks,
  }
  const takeErrors = () => {
    const taken = errors
    errors = []
    return taken
  }
  return { scan, report: { sightings, gaps, takeErrors } }
}

function uptimeTicks(proc: string): number | null {
  const bytes = bytesOf(`${proc}/uptime`)
  const seconds = isErrno(bytes) ? NaN : Number.parseFloat(bytes.toString('latin1'))
  return Number.isNaN(seconds) ? null : seconds * 100
}
