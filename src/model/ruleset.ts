/**
 * One form for every dialect: iptables-nft, iptables-legacy (both as iptables-save prints them) and native nft
 * (as `nft -j` prints it). Values keep the tool's own spelling; what is not understood is kept as `opaque` with its text.
 */
import { z } from 'zod'
import { known, type Frozen } from './schema.ts'

export const backends = ['iptables-nft', 'iptables-legacy', 'nft'] as const
export const families = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'] as const

const side = z.enum(['source', 'destination'])
/**
 * `172.17.0.0/16`, `10.0.0.1` (in every dialect without /32), `10.0.0.1-10.0.0.9`, `80`, `1024-65535`; a set is `@name`.
 * Any of them suffices; with `not`, none may hold.
 */
const values = z.array(z.string())

/**
 * What a packet must be for the rule to act on it; all of a rule's matches must hold. With what nft leaves out because it
 * follows: `tcp dport 80` is also `protocol tcp`, `ip saddr` in an inet table also `family ip`.
 */
export const matchSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('address'), side, not: z.boolean(), values }),
  z.object({
    kind: z.literal('port'),
    side: z.enum(['source', 'destination', 'either']),
    not: z.boolean(),
    values,
  }),
  /** Names; a trailing `*` (nft) or `+` (iptables, kept as `*`) stands for any ending. */
  z.object({ kind: z.literal('interface'), side: z.enum(['in', 'out']), not: z.boolean(), values }),
  /** The bridge port that a bridged packet came by (-m physdev). */
  z.object({
    kind: z.literal('physdev'),
    side: z.enum(['in', 'out', 'is-bridged']),
    not: z.boolean(),
    values,
  }),
  z.object({ kind: z.literal('protocol'), not: z.boolean(), values }),
  /** ip or ip6 in an inet table (meta nfproto). */
  z.object({ kind: z.literal('family'), not: z.boolean(), values }),
  /** NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED, DNAT, SNAT: upper case in every dialect. */
  z.object({ kind: z.literal('ctstate'), not: z.boolean(), values }),
  /** LOCAL, BROADCAST, UNICAST …: -m addrtype, `fib daddr type`. */
  z.object({ kind: z.literal('addrtype'), side, not: z.boolean(), values }),
  z.object({
    kind: z.literal('mark'),
    of: z.enum(['packet', 'connection']),
    not: z.boolean(),
    value: z.string(),
    mask: z.string().nullable(),
  }),
  /** -m set --match-set NAME src,dst (ipset). */
  z.object({
    kind: z.literal('ipset'),
    name: z.string(),
    fields: z.array(z.enum(['src', 'dst'])),
    not: z.boolean(),
  }),
  z.object({ kind: z.literal('icmp'), not: z.boolean(), values }),
  z.object({
    kind: z.literal('tcpflags'),
    not: z.boolean(),
    mask: z.array(z.string()),
    set: z.array(z.string()),
  }),
  z.object({ kind: z.literal('mac'), side, not: z.boolean(), values }),
  /** As the tool writes it: `5/minute burst 5`. */
  z.object({ kind: z.literal('limit'), text: z.string() }),
  z.object({ kind: z.literal('opaque'), text: z.string() }),
])

/** What the rule does with it, in order. */
export const statementSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['accept', 'drop', 'return', 'continue', 'notrack']) }),
  z.object({ kind: z.literal('reject'), with: z.string().nullable() }),
  z.object({ kind: z.enum(['jump', 'goto']), chain: z.string() }),
  /**
   * `address` null: only the port changes. `ports`: `80`, `80-90`, `9000-9005/9000` (shifted: 9000 is the first one).
   * `map`: the text of an nft map that decides.
   */
  z.object({
    kind: z.enum(['dnat', 'snat']),
    address: z.string().nullable(),
    ports: z.string().nullable(),
    map: z.string().nullable(),
    flags: z.array(z.string()),
  }),
  z.object({ kind: z.literal('masquerade'), ports: z.string().nullable(), flags: z.array(z.string()) }),
  z.object({ kind: z.literal('redirect'), ports: z.string().nullable(), flags: z.array(z.string()) }),
  z.object({
    kind: z.literal('mark'),
    of: z.enum(['packet', 'connection']),
    value: z.string(),
    mask: z.string().nullable(),
  }),
  z.object({ kind: z.literal('log'), prefix: z.string().nullable() }),
  /** `iifname . tcp dport vmap @published`: the verdict stands in a map, inline or named. */
  z.object({
    kind: z.literal('vmap'),
    key: z.array(z.string()),
    /** A named map; else the elements stand here. */
    map: z.string().nullable(),
    elements: z.array(z.object({ key: z.string(), verdict: z.string() })),
  }),
  z.object({ kind: z.literal('opaque'), text: z.string() }),
])

export const ruleSchema = z.object({
  /** From 1, as `iptables -vnL --line-numbers` counts. */
  number: z.number().int(),
  handle: z.number().nullable(),
  matches: z.array(matchSchema),
  statements: z.array(statementSchema),
  /** As the tool printed it, without the chain's name and the counters. */
  text: z.string(),
  /** null: this rule has no counter, which is not 0. */
  packets: z.number().nullable(),
  bytes: z.number().nullable(),
  comment: z.string().nullable(),
})

export const chainSchema = z.object({
  name: z.string(),
  handle: z.number().nullable(),
  /** filter, nat, route; null where it is no base chain. */
  type: z.string().nullable(),
  hook: z.string().nullable(),
  /** Smaller comes first at the same hook (NF_IP_PRI_* of linux/netfilter_ipv4.h). */
  priority: z.number().nullable(),
  devices: z.array(z.string()),
  policy: z.string().nullable(),
  /** What the policy decided about; null: not counted, or not known to be (policy-counter.ts). */
  packets: z.number().nullable(),
  bytes: z.number().nullable(),
  rules: z.array(ruleSchema),
})

/** A named set, map or verdict map of nft. */
export const nftSetSchema = z.object({
  name: z.string(),
  kind: z.enum(['set', 'map']),
  type: z.string(),
  flags: z.array(z.string()),
  elements: z.array(
    z.object({
      key: z.string(),
      /** Of a map: a verdict (`accept`, `jump chain`) or a value. */
      value: z.string().nullable(),
      timeout: z.number().nullable(),
      comment: z.string().nullable(),
    }),
  ),
})

export const tableSchema = z.object({
  backend: z.enum(backends),
  family: z.enum(families),
  name: z.string(),
  handle: z.number().nullable(),
  flags: z.array(z.string()),
  chains: z.array(chainSchema),
  sets: z.array(nftSetSchema),
  flowtables: z.array(
    z.object({ name: z.string(), hook: z.string(), priority: z.number(), devices: z.array(z.string()) }),
  ),
})

export const ipsetSchema = z.object({ name: z.string(), type: z.string(), members: z.array(z.string()) })

/** One virtual service and where it sends (ip_vs(8)): Swarm's routing mesh, kube-proxy in ipvs mode. */
export const ipvsServiceSchema = z.object({
  protocol: z.string().nullable(),
  address: z.string().nullable(),
  port: z.number().nullable(),
  fwmark: z.number().nullable(),
  scheduler: z.string(),
  destinations: z.array(
    z.object({ address: z.string(), port: z.number(), method: z.string(), weight: z.number() }),
  ),
})

/** Everything netfilter does in one namespace. */
export const firewallSchema = z.object({
  /** NFT_MSG_GETGEN: another number means that nft rules changed since. null: the kernel does not tell. */
  generation: z.number().nullable(),
  tables: z.array(tableSchema),
  /** Tables that are there and could not be read: never shown as empty. family or table null: all of them. */
  unread: z.array(
    z.object({
      backend: z.enum(backends),
      family: z.enum(families).nullable(),
      table: z.string().nullable(),
      unknown: z.string(),
      hint: z.string().nullable(),
    }),
  ),
  ipsets: known(z.array(ipsetSchema)),
  ipvs: known(z.array(ipvsServiceSchema)),
})

export type Backend = (typeof backends)[number]
export type NfFamily = (typeof families)[number]
export type Match = Frozen<z.infer<typeof matchSchema>>
export type Statement = Frozen<z.infer<typeof statementSchema>>
export type Rule = Frozen<z.infer<typeof ruleSchema>>
export type Chain = Frozen<z.infer<typeof chainSchema>>
export type NftSet = Frozen<z.infer<typeof nftSetSchema>>
export type NfTable = Frozen<z.infer<typeof tableSchema>>
export type Ipset = Frozen<z.infer<typeof ipsetSchema>>
export type IpvsService = Frozen<z.infer<typeof ipvsServiceSchema>>
export type Firewall = Frozen<z.infer<typeof firewallSchema>>
