/** What `is:` may ask of the rows of each table; a word of another screen fits none of them, and is told to be none here. */
import { connectionTraits, type Trait } from '../../derive/filter.ts'
import type { TableId } from './table-state.ts'

const none: readonly Trait[] = []

export const filterWords: Readonly<Record<TableId, readonly Trait[]>> = {
  namespaces: ['hidden', 'unreadable'],
  published: ['unreadable'],
  listening: ['unreadable'],
  connections: connectionTraits,
  networks: ['failed'],
  members: none,
  probes: ['running', 'failed'],
  log: none,
  changes: none,
  commands: none,
  events: none,
}
