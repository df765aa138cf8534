/** A line of the Log screen: something that was run or that happened. Changes of the World are Change (world.ts). */
import type { NetnsId } from './ids.ts'

export type LogEntry = {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** `command`: a tool that this program ran. `kernel`: events, summed up. `engine`: what an engine told. */
  readonly kind: 'command' | 'kernel' | 'engine' | 'screen'
  readonly netns: NetnsId | null
  /** The command line, or what happened. Outside text in it is raw. */
  readonly text: string
  /** Of a command: how it ended. null: nothing to say. */
  readonly outcome: { readonly ok: boolean; readonly says: string; readonly ms: number } | null
}
