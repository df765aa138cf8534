import { z } from 'zod'
import { known, type Frozen } from './schema.ts'

/** One direction of a connection. Ports null for protocols without; ICMP keeps type, code and id. */
const tuple = z.object({
  source: z.string(),
  destination: z.string(),
  sourcePort: z.number().nullable(),
  destinationPort: z.number().nullable(),
  icmp: z.object({ type: z.number(), code: z.number(), id: z.number() }).nullable(),
})

/** An entry of nf_conntrack (linux/netfilter/nfnetlink_conntrack.h). */
export const connectionSchema = z.object({
  family: z.enum(['ip', 'ip6']),
  /** tcp, udp, icmp, icmpv6, sctp …; the number as text where it has no name. */
  protocol: z.string(),
  zone: z.number(),
  mark: z.number(),
  /** IPS_* bits that are set: SEEN_REPLY, ASSURED, CONFIRMED, SRC_NAT, DST_NAT, OFFLOAD … */
  status: z.array(z.string()),
  /** TCP's state (ESTABLISHED, SYN_SENT, TIME_WAIT …); null for protocols without. */
  state: z.string().nullable(),
  /** Seconds until it is forgotten; null where the kernel does not say (offloaded). */
  timeout: z.number().nullable(),
  original: tuple,
  reply: tuple,
  /** null: nf_conntrack_acct is off. */
  packets: z.object({ original: z.number(), reply: z.number() }).nullable(),
  bytes: z.object({ original: z.number(), reply: z.number() }).nullable(),
})

/** Connection tracking of one namespace. */
export const conntrackSchema = z.object({
  count: known(z.number()),
  /** nf_conntrack_max: one for the host, counted per namespace. */
  max: known(z.number()),
  /** Summed over the processors: found, invalid, insert_failed, drop, early_drop, error, search_restart … */
  stats: known(z.record(z.string(), z.number())),
  entries: known(z.array(connectionSchema)),
})

export type Connection = Frozen<z.infer<typeof connectionSchema>>
export type ConnectionTuple = Connection['original']
export type Conntrack = Frozen<z.infer<typeof conntrackSchema>>
