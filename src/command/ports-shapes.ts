/** The JSON of `ls ports` (docs/json.md). */
import type { ListeningSocket } from '../model/listening-socket.ts'
import type { PublishedPort } from '../model/published-port.ts'
import type { Unknown } from '../model/known.ts'
import type { NetnsRefShape, RuleRefShape } from './shapes.ts'

/** Stands for all of a namespace that could not be read. */
export type UnreadPortsShape = Unknown & { readonly netns: NetnsRefShape }

export type PublishedPortShape = Omit<PublishedPort, 'netns' | 'rule' | 'target'> & {
  readonly netns: NetnsRefShape
  readonly rule: RuleRefShape | null
  readonly target: Omit<PublishedPort['target'], 'netns'> & { readonly netns: NetnsRefShape | null }
}

export type ListeningShape = Omit<ListeningSocket, 'netns'> & { readonly netns: NetnsRefShape }

export type PortsShape = {
  readonly published: readonly (PublishedPortShape | UnreadPortsShape)[]
  readonly listening: readonly (ListeningShape | UnreadPortsShape)[]
}
