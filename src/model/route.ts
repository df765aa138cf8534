import { z } from 'zod'
import type { Frozen } from './schema.ts'

const family = z.enum(['inet', 'inet6'])

const nexthop = z.object({
  oif: z.number().int().nullable(),
  gateway: z.string().nullable(),
  weight: z.number(),
  flags: z.array(z.string()),
})

export const routeSchema = z.object({
  family,
  table: z.number().int(),
  /** unicast, local, broadcast, multicast, blackhole, unreachable, prohibit, throw … (RTN_*). */
  type: z.string(),
  /** `10.0.0.0/8`, always with its length (`10.0.0.1/32`); `default` for length 0. */
  dst: z.string(),
  src: z.string().nullable(),
  tos: z.number(),
  metric: z.number().nullable(),
  /** As iproute2 prints it (kernel, boot, static, ra, dhcp …), a number where it has no name. */
  protocol: z.string(),
  scope: z.string(),
  prefSrc: z.string().nullable(),
  oif: z.number().int().nullable(),
  /** May be of the other family (RTA_VIA). */
  gateway: z.string().nullable(),
  flags: z.array(z.string()),
  nexthops: z.array(nexthop),
  nexthopId: z.number().nullable(),
  /** RTAX_* that change what a packet meets. */
  mtu: z.number().nullable(),
  advmss: z.number().nullable(),
  encap: z.string().nullable(),
  /** Seconds; null = forever. */
  expires: z.number().nullable(),
  /** RTM_F_CLONED: an exception the kernel learnt (PMTU, redirect). */
  cached: z.boolean(),
})

/** A rule of the routing policy (`ip rule`); a rule in a firewall chain is a different thing. */
export const policyRuleSchema = z.object({
  family,
  priority: z.number().int(),
  not: z.boolean(),
  src: z.string().nullable(),
  dst: z.string().nullable(),
  iif: z.string().nullable(),
  oif: z.string().nullable(),
  tos: z.number(),
  fwmark: z.number().nullable(),
  fwmask: z.number().nullable(),
  ipProto: z.number().nullable(),
  sport: z.object({ from: z.number(), to: z.number() }).nullable(),
  dport: z.object({ from: z.number(), to: z.number() }).nullable(),
  uidRange: z.object({ from: z.number(), to: z.number() }).nullable(),
  l3mdev: z.boolean(),
  /** FR_ACT_*: table, goto, nop, blackhole, unreachable, prohibit. */
  action: z.string(),
  table: z.number().int().nullable(),
  goto: z.number().nullable(),
  suppressPrefixLen: z.number().nullable(),
  suppressIfgroup: z.number().nullable(),
  protocol: z.string().nullable(),
})

/** A nexthop object (`ip nexthop`), referred to by routes. */
export const nexthopObjectSchema = z.object({
  id: z.number(),
  family: z.string(),
  oif: z.number().int().nullable(),
  gateway: z.string().nullable(),
  blackhole: z.boolean(),
  fdb: z.boolean(),
  group: z.array(z.object({ id: z.number(), weight: z.number() })),
  flags: z.array(z.string()),
  protocol: z.string(),
  scope: z.string(),
})

export type Route = Frozen<z.infer<typeof routeSchema>>
export type PolicyRule = Frozen<z.infer<typeof policyRuleSchema>>
export type NexthopObject = Frozen<z.infer<typeof nexthopObjectSchema>>
