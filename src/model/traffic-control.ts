import { z } from 'zod'
import type { Frozen } from './schema.ts'

/** A queueing discipline (`tc qdisc`): the ones that delay, drop or redirect are what a reader looks for. */
export const qdiscSchema = z.object({
  ifindex: z.number().int(),
  kind: z.string(),
  handle: z.string(),
  parent: z.string(),
  /** Options that decide a packet's fate, in words: `delay 100ms loss 1%`; empty where there are none. */
  options: z.string(),
  drops: z.number().nullable(),
  backlog: z.number().nullable(),
})

/** A filter (`tc filter`): kind and place are enough; mirred's target link is named. */
export const filterSchema = z.object({
  ifindex: z.number().int(),
  kind: z.string(),
  parent: z.string(),
  priority: z.number(),
  protocol: z.string(),
  actions: z.array(z.object({ kind: z.string(), redirectTo: z.number().int().nullable() })),
})

/** An IPsec policy (`ip xfrm policy`). */
export const xfrmPolicySchema = z.object({
  src: z.string(),
  dst: z.string(),
  direction: z.string(),
  action: z.string(),
  priority: z.number(),
  index: z.number(),
})

/** An eBPF program on a path: where it sits is enough to say "opaque here". */
export const programSchema = z.object({
  ifindex: z.number().int().nullable(),
  /** xdp, tcx/ingress, tcx/egress, netkit, cgroup/…, flow_dissector, clsact … */
  attach: z.string(),
  id: z.number().nullable(),
  name: z.string().nullable(),
})

export type Qdisc = Frozen<z.infer<typeof qdiscSchema>>
export type TrafficFilter = Frozen<z.infer<typeof filterSchema>>
export type XfrmPolicy = Frozen<z.infer<typeof xfrmPolicySchema>>
export type Program = Frozen<z.infer<typeof programSchema>>
