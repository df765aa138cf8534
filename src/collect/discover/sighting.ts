/**
 * One piece of evidence that a namespace exists, as a discoverer saw it. Discoverers only report; found.ts makes
 * namespaces out of their reports.
 */
import type { NetnsId } from '../../model/ids.ts'
import type { Process } from '../../model/process.ts'

export type Sighting =
  | {
      readonly kind: 'process'
      readonly id: NetnsId
      readonly process: Process
      /** False: we may not open its /proc/PID/ns/net, and know the namespace by other signs. */
      readonly opens: boolean
    }
  /** Kernel threads live in the first namespace. They hold nothing, but their link leads there. */
  | { readonly kind: 'kernel-thread'; readonly id: NetnsId; readonly pid: number }
  /** Only where a thread's namespace is not its process's. */
  | {
      readonly kind: 'thread'
      readonly id: NetnsId
      readonly pid: number
      readonly tid: number
      readonly comm: string
      readonly opens: boolean
    }
  | {
      readonly kind: 'mount'
      readonly id: NetnsId
      readonly mountPoint: string
      /** Leads to the mount from our mount namespace; null where nothing does. */
      readonly path: string | null
      /** Inode of the mount namespace; null: ours. */
      readonly mountNamespace: string | null
    }
  | {
      readonly kind: 'fd'
      readonly id: NetnsId
      readonly pid: number
      readonly fd: number
      readonly comm: string
    }
  /** A socket that was made in another namespace than its owner's. */
  | {
      readonly kind: 'socket'
      readonly id: NetnsId
      readonly pid: number
      readonly fd: number
      readonly comm: string
      /** `socket:[1234]`: while the descriptor still shows this, the socket is the same. */
      readonly link: string
    }
