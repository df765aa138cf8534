/** A line of the Log screen: something that was run or that happened. Changes of the World are Change (world.ts). */
import { z } from 'zod'
import { netnsIdSchema, type Frozen } from './schema.ts'

export const logEntrySchema = z.object({
  /** Milliseconds since the epoch: when it happened last. */
  at: z.number(),
  /** When it happened first, and how often: what is done again each second is one entry. */
  since: z.number(),
  times: z.number(),
  /** `command`: a tool that this program ran. `kernel`: events, summed up. `engine`: what an engine told. `screen`: what was asked for there. */
  kind: z.enum(['command', 'kernel', 'engine', 'screen']),
  /** null: it is about none. */
  netns: netnsIdSchema.nullable(),
  /** As it was called at that moment: it may be gone when this is read. */
  netnsName: z.string().nullable(),
  /** The id of the container it is about. */
  container: z.string().nullable(),
  /** The command line, or what happened. Outside text in it is raw. */
  text: z.string(),
  /** Of what was done: how it ended, and what a command complained of. null: nothing to say. */
  outcome: z
    .object({ ok: z.boolean(), says: z.string(), ms: z.number(), stderr: z.string().nullable() })
    .nullable(),
})

export type LogEntry = Frozen<z.infer<typeof logEntrySchema>>

/** As the worker tells it: what namespaces are called is worked out where the whole World is. */
export type Happening = Omit<LogEntry, 'netnsName'>
