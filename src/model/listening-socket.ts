/** A socket that waits for others, with the process and the container that hold it. */
import type { NetnsId } from './ids.ts'
import type { Known } from './known.ts'

export type ListeningSocket = {
  readonly netns: NetnsId
  readonly protocol: string
  /** As nat tables name it and published ports have it; a snapshot's own sockets say inet and inet6, as ss does. */
  readonly family: 'ip' | 'ip6'
  readonly address: string
  readonly port: number
  readonly process: Known<{ readonly pid: number; readonly name: string }>
  /** Name of the container that the process is in, or that the namespace is of. */
  readonly container: string | null
}
