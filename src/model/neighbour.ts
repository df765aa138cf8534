import { z } from 'zod'
import type { Frozen } from './schema.ts'

export const neighbourSchema = z.object({
  ifindex: z.number().int(),
  family: z.enum(['inet', 'inet6']),
  dst: z.string(),
  lladdr: z.string().nullable(),
  /** NUD_*: REACHABLE, STALE, FAILED, PERMANENT, NOARP … */
  state: z.string(),
  /** NTF_*: router, proxy, extern_learn … */
  flags: z.array(z.string()),
  /** Seconds since last used, confirmed, updated (NDA_CACHEINFO). */
  used: z.number().nullable(),
  confirmed: z.number().nullable(),
  updated: z.number().nullable(),
})

/** An entry of a bridge's or vxlan's forwarding table (`bridge fdb`). */
export const fdbEntrySchema = z.object({
  ifindex: z.number().int(),
  lladdr: z.string(),
  vlan: z.number().nullable(),
  /** ifindex of the bridge the entry belongs to. */
  master: z.number().int().nullable(),
  /** Remote VTEP. */
  dst: z.string().nullable(),
  vni: z.number().nullable(),
  port: z.number().nullable(),
  via: z.number().int().nullable(),
  /** permanent, static, stale; empty for an entry that was learnt and is in use. */
  state: z.string(),
  flags: z.array(z.string()),
  nexthopId: z.number().nullable(),
})

/** A multicast group that a bridge forwards (`bridge mdb`). */
export const mdbEntrySchema = z.object({
  bridge: z.number().int(),
  port: z.number().int(),
  group: z.string(),
  vlan: z.number().nullable(),
  permanent: z.boolean(),
})

export type Neighbour = Frozen<z.infer<typeof neighbourSchema>>
export type FdbEntry = Frozen<z.infer<typeof fdbEntrySchema>>
export type MdbEntry = Frozen<z.infer<typeof mdbEntrySchema>>
