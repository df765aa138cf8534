/** What an event of the kernel asks for, and how soon. It says where to look again, never what is there now. */
import type { NetnsId } from '../model/ids.ts'
import type { KernelEvent, Touched } from './reader.ts'

/** An event's namespace is read after this, so that what comes together is read together. */
export const coalesceMs = 5
/** Neighbours change all the time; what depends on them can wait. */
const neighboursMs = 1000

export type Reactions = {
  readonly host: NetnsId
  /** All that are known. */
  all(): Iterable<NetnsId>
  readTables(id: NetnsId, delayMs: number): void
  readTouched(id: NetnsId, touched: Touched, delayMs: number): void
  readNeighbours(id: NetnsId, delayMs: number): void
  readNumbers(id: NetnsId, delayMs: number): void
  died(id: NetnsId): void
  lookAround(delayMs: number): void
  /** All of them, for the log. */
  heard(events: readonly KernelEvent[]): void
}

export function hear(events: readonly KernelEvent[], to: Reactions): void {
  to.heard(events)
  for (const event of events) {
    switch (event.type) {
      case 'tables':
        to.readTouched(event.id, event.touched, coalesceMs)
        break
      case 'neighbours':
        to.readNeighbours(event.id, neighboursMs)
        break
      case 'nsids':
        to.readNumbers(event.id, coalesceMs)
        // A link of the host got a peer elsewhere: that is how most namespaces begin.
        if (event.id === to.host) to.lookAround(coalesceMs)
        break
      case 'dead':
        to.died(event.id)
        break
      case 'lost':
        for (const id of to.all()) {
          if (event.what === 'tables') to.readTables(id, coalesceMs)
          else to.readNeighbours(id, neighboursMs)
        }
        to.lookAround(coalesceMs)
    }
  }
}
