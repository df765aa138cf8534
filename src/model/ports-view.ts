/** What the Ports screen shows: made by the worker, because sockets and rules of every namespace do not cross to it. */
import type { NetnsId } from './ids.ts'
import type { ListeningSocket } from './listening-socket.ts'
import type { PublishedPort } from './published-port.ts'

export type UnreadPorts = { readonly netns: NetnsId; readonly unknown: string }

export type PortsView = {
  readonly published: readonly PublishedPort[]
  /** Namespaces whose rules could not be read. */
  readonly unreadRules: readonly UnreadPorts[]
  readonly listening: readonly ListeningSocket[]
  readonly unreadSockets: readonly UnreadPorts[]
  /** False while namespaces are still being read: at a thousand that takes seconds. */
  readonly complete: boolean
  /** Milliseconds since the epoch. */
  readonly readAt: number
}
