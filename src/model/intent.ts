/** What somebody wants changed, as a form or a command line says it. Names and addresses are checked by the planner, not here. */
import { z } from 'zod'
import { labDrivers, nodeModes } from './lab-words.ts'
import type { Frozen } from './schema.ts'

/** Any NETNS of the command line (derive/resolve-netns.ts). */
const netns = z.string()
const link = z.string()

const of = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.object({ kind: z.literal(kind), ...shape })

const route = {
  netns,
  /** `default` or a prefix. */
  destination: z.string(),
  via: z.string().optional(),
  link: link.optional(),
  src: z.string().optional(),
  metric: z.number().optional(),
  /** A number or main, local, default. */
  table: z.string().optional(),
}

/** How a node is on a network. */
const connection = z.object({
  network: z.string(),
  ip: z.string().optional(),
  ip6: z.string().optional(),
  mac: z.string().optional(),
  aliases: z.array(z.string()),
  /** `NODE` or `NODE:ALIAS`. */
  links: z.array(z.string()),
})

export const intentSchema = z.discriminatedUnion('kind', [
  of('netns-add', { name: z.string() }),
  of('netns-rm', { name: z.string() }),
  /** A veth pair. */
  of('veth-add', {
    netns,
    link,
    peerNetns: netns,
    peerLink: link,
    mtu: z.number().optional(),
    mac: z.string().optional(),
    up: z.boolean(),
  }),
  of('link-rm', { netns, link }),
  of('link-move', { netns, link, to: netns, name: link.optional() }),
  of('link-rename', { netns, link, name: link }),
  of('link-up', { netns, link }),
  of('link-down', { netns, link }),
  of('link-attach', { netns, link, bridge: link }),
  of('link-detach', { netns, link }),
  of('link-mtu', { netns, link, mtu: z.number() }),
  of('addr-add', { netns, link, address: z.string() }),
  of('addr-rm', { netns, link, address: z.string() }),
  of('route-add', route),
  of('route-rm', route),
  of('bridge-add', { netns, link, mtu: z.number().optional(), up: z.boolean() }),
  of('bridge-rm', { netns, link }),
  of('sysctl-set', { netns, name: z.string(), value: z.string() }),
  /** What comes from that subnet gets the address of the link it leaves by. `out`: only by that one. */
  of('masquerade-add', { netns, subnet: z.string(), out: link.optional() }),
  of('masquerade-rm', { netns, subnet: z.string(), out: link.optional() }),

  of('net-create', {
    name: z.string(),
    driver: z.enum(labDrivers),
    /** IPv4 and IPv6; none of a family: the next free one. */
    subnets: z.array(z.string()),
    gateways: z.array(z.string()),
    ipRanges: z.array(z.string()),
    /** An existing one, which stays; absent: one is made. */
    bridge: link.optional(),
    /** Of macvlan, ipvlan, vxlan. */
    parent: link.optional(),
    /** Of macvlan (bridge, private, vepa, passthru) and ipvlan (l2, l3, l3s). */
    mode: z.string().optional(),
    vni: z.number().optional(),
    local: z.string().optional(),
    remotes: z.array(z.string()),
    mtu: z.number().optional(),
    mac: z.string().optional(),
    internal: z.boolean(),
    ipv6: z.boolean(),
    icc: z.boolean(),
    masquerade: z.boolean(),
    /** `com.docker.network.bridge.name=x`: Docker's own names, where we have the same. */
    options: z.record(z.string(), z.string()),
    labels: z.record(z.string(), z.string()),
    /** Also an accept in a foreign nft chain that would drop it. */
    acceptInForeign: z.boolean(),
  }),
  of('net-rm', { name: z.string() }),
  /** Networks without members. */
  of('net-prune', {}),
  of('net-connect', { node: z.string(), connection }),
  of('net-disconnect', { node: z.string(), network: z.string() }),
  /** `[HOSTIP:]PORT[-PORT]:PORT[-PORT][/tcp|udp]`. */
  of('net-publish', { node: z.string(), ports: z.array(z.string()) }),
  of('net-unpublish', { node: z.string(), ports: z.array(z.string()) }),
  of('node-add', {
    name: z.string(),
    mode: z.enum(nodeModes),
    /** Mode container: whose namespace. */
    of: z.string().optional(),
    connections: z.array(connection),
    ports: z.array(z.string()),
  }),
  of('node-rm', { name: z.string() }),
])

export type Intent = Frozen<z.infer<typeof intentSchema>>
export type IntentOf<K extends Intent['kind']> = Extract<Intent, { readonly kind: K }>
export type LabConnection = Frozen<z.infer<typeof connection>>
