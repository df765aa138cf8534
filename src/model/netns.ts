import { z } from 'zod'
import { addressSchema } from './address.ts'
import { conntrackSchema } from './connection.ts'
import { linkSchema } from './link.ts'
import { fdbEntrySchema, mdbEntrySchema, neighbourSchema } from './neighbour.ts'
import { nexthopObjectSchema, policyRuleSchema, routeSchema } from './route.ts'
import { firewallSchema } from './ruleset.ts'
import { known, netnsIdSchema, nsidSchema, type Frozen } from './schema.ts'
import { socketSchema } from './socket.ts'
import { filterSchema, programSchema, qdiscSchema, xfrmPolicySchema } from './traffic-control.ts'

export const nameSources = [
  'host',
  'init',
  'named',
  'docker',
  'podman',
  'cri',
  'lab',
  'process',
  'thread',
  'mount',
  'fd',
  'socket',
  'hidden',
] as const

const netnsName = z.object({
  name: z.string(),
  source: z.enum(nameSources),
  /** A path that leads there now, or did when it was seen. */
  path: z.string().nullable(),
})

/** Who keeps the namespace alive. */
const holders = z.object({
  processes: z.array(z.number()),
  threads: z.array(z.object({ pid: z.number(), tid: z.number() })),
  fds: z.array(z.object({ pid: z.number(), fd: z.number() })),
  sockets: z.array(z.object({ pid: z.number(), fd: z.number() })),
  /** Mount points of the nsfs file, each with the mount namespace's inode where it is not ours. */
  mounts: z.array(z.object({ path: z.string(), mountNamespace: z.string().nullable() })),
})

/** The part of a namespace that is read whenever it changed. */
const tables = {
  links: known(z.array(linkSchema)),
  addresses: known(z.array(addressSchema)),
  routes: known(z.array(routeSchema)),
  policyRules: known(z.array(policyRuleSchema)),
  nexthopObjects: known(z.array(nexthopObjectSchema)),
  neighbours: known(z.array(neighbourSchema)),
  fdb: known(z.array(fdbEntrySchema)),
  mdb: known(z.array(mdbEntrySchema)),
  /** RTM_GETNSID: numbers that this namespace uses for others. `id` null: for one that no file leads to. */
  nsids: known(z.array(z.object({ nsid: nsidSchema, id: netnsIdSchema.nullable() }))),
}

/** The dear part: read for the shown namespace on the live screen, for all in a snapshot. */
const details = {
  /**
   * Files below /proc/sys/net, by their dotted name (`ipv4.ip_forward`, `ipv4.conf.all.rp_filter`,
   * `ipv6.conf.default.accept_ra`, `bridge.bridge-nf-call-iptables`). A link's own value combines with `all`:
   * max for rp_filter, arp_ignore, arp_announce; or for route_localnet, accept_local, proxy_arp,
   * src_valid_mark; the link's alone for forwarding (Documentation/networking/ip-sysctl.rst).
   */
  sysctls: known(z.record(z.string(), known(z.string()))),
  sockets: known(z.array(socketSchema)),
  qdiscs: known(z.array(qdiscSchema)),
  filters: known(z.array(filterSchema)),
  xfrmPolicies: known(z.array(xfrmPolicySchema)),
  programs: known(z.array(programSchema)),
  /** /proc/net snmp, snmp6 and netstat: `Ip.InAddrErrors` → value. */
  counters: known(z.record(z.string(), z.number())),
}

export const netnsSchema = z.object({
  id: netnsIdSchema,
  /** st_dev of the nsfs file; null for a hidden one. */
  dev: z.number().nullable(),
  /** SO_NETNS_COOKIE: never reused, unlike the inode. null where the kernel or the reader does not tell. */
  cookie: z.string().nullable(),
  /** Inode of the owning user namespace (NS_GET_USERNS). */
  userNamespace: known(z.string()),
  names: z.array(netnsName),
  holders,
  readable: z.union([z.literal(true), z.object({ unknown: z.string() })]),
  ...tables,
  /** null: not read (the live screen reads it for what it shows). */
  details: z.object(details).nullable(),
  /** null: not read. The live screen never holds it: the worker sends the rows that are shown. */
  firewall: firewallSchema.nullable(),
  /** null: not read. */
  conntrack: conntrackSchema.nullable(),
})

export type Netns = Frozen<z.infer<typeof netnsSchema>>
export type NetnsName = Frozen<z.infer<typeof netnsName>>
export type NameSource = (typeof nameSources)[number]
export type Holders = Frozen<z.infer<typeof holders>>
export type NetnsTables = Pick<Netns, keyof typeof tables>
export type NetnsDetails = NonNullable<Netns['details']>
