import { z } from 'zod'
import { engineSchema } from './engine.ts'
import { worldFormat } from './format.ts'
import { hostLabSchema } from './lab.ts'
import { logEntrySchema } from './log-entry.ts'
import { netnsSchema } from './netns.ts'
import { dnsSchema, processSchema } from './process.ts'
import { known, netnsIdSchema, type Frozen } from './schema.ts'

/** Something that could not be read: shown, counted by --strict, never left out. */
export const gapSchema = z.object({
  what: z.string(),
  subject: z.string(),
  reason: z.string(),
  hint: z.string().nullable(),
})

/** One difference that was seen while watching: `14:01:10 veth8c1 lost master docker0`. */
export const changeSchema = z.object({
  at: z.string(),
  netns: netnsIdSchema.nullable(),
  /** The netns's display name at that moment: it may be gone when this is read. */
  netnsName: z.string(),
  /** What it is about: a link's name, an address, a route's destination. */
  subject: z.string(),
  /** The link it concerns, where it concerns one. */
  ifindex: z.number().nullable(),
  says: z.string(),
})

/** What the program ran on and with (`vethscope about`). */
export const toolSchema = z.object({
  version: z.string(),
  node: z.string(),
  reader: z.object({ name: z.string(), why: z.string() }),
  optional: z.array(z.object({ name: z.string(), loaded: known(z.string()) })),
  uid: z.number(),
  capabilities: known(z.array(z.string())),
  tools: z.array(z.object({ name: z.string(), path: z.string().nullable(), version: z.string().nullable() })),
  terminal: z.object({
    term: z.string().nullable(),
    colours: z.number(),
    utf8: z.boolean(),
    columns: z.number().nullable(),
    rows: z.number().nullable(),
  }),
})

export const worldSchema = z.object({
  format: z.literal(worldFormat),
  version: z.object({ major: z.number().int(), minor: z.number().int() }),
  /** ISO 8601, UTC. */
  at: z.string(),
  bootId: known(z.string()),
  hostName: z.string(),
  kernel: z.string(),
  arch: z.string(),
  tool: toolSchema,
  /** Kernel modules that decide a packet's fate: loaded (or built in and active) or not. */
  modules: known(z.record(z.string(), z.boolean())),
  /** Sysctls that exist once a host: nf_conntrack_max, neighbour gc_thresh1–3. */
  sysctls: z.record(z.string(), known(z.string())),
  /** /proc/net/softnet_stat summed over the processors. */
  softnet: known(z.record(z.string(), z.number())),
  /** The namespace that vethscope was started in. */
  host: netnsIdSchema,
  /** The namespace of PID 1. */
  init: known(netnsIdSchema),
  netns: z.array(netnsSchema),
  processes: known(z.array(processSchema)),
  dns: z.array(dnsSchema),
  /** Container engines that were found; unknown where nobody looked (files of version 1.0). */
  engines: known(z.array(engineSchema)),
  /** What this program itself made, for each namespace that plays a host. */
  labs: known(z.array(hostLabSchema)).optional(),
  readers: z.array(z.object({ name: z.string(), ms: z.number(), errors: z.array(z.string()) })),
  /** Namespaces that changed while they were being read. */
  changedWhileRead: z.array(netnsIdSchema),
  gaps: z.array(gapSchema),
  changes: z.array(changeSchema),
  /** What was run and what happened while the screen was open that saved this, oldest first. */
  log: z.array(logEntrySchema).optional(),
  /** Of a file without names and addresses (snapshot --redact): how many different ones were replaced, by kind. */
  redacted: z.record(z.string(), z.number()).optional(),
})

export type World = Frozen<z.infer<typeof worldSchema>>
export type Gap = Frozen<z.infer<typeof gapSchema>>
export type Change = Frozen<z.infer<typeof changeSchema>>
export type Tool = Frozen<z.infer<typeof toolSchema>>
