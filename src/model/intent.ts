/** What somebody wants changed, as a form or a command line says it. Names and addresses are checked by the planner, not here. */
import { z } from 'zod'
import { labDrivers, nodeModes } from './lab-words.ts'
import { networkFileSchema } from './network-file.ts'
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

/** `socket`: of several engines of a kind, which; absent: there is only one. */
const engine = { engine: z.enum(['docker', 'podman']), socket: z.string().optional() }

/** How a container is on a network of its engine, by the engine's own words. */
const engineConnection = z.object({
  network: z.string(),
  ip: z.string().optional(),
  ip6: z.string().optional(),
  mac: z.string().optional(),
  aliases: z.array(z.string()),
  /** `CONTAINER` or `CONTAINER:ALIAS`. */
  links: z.array(z.string()),
  linkLocal: z.array(z.string()),
  /** Of Docker from 28 on. */
  gwPriority: z.number().int().optional(),
  options: z.record(z.string(), z.string()),
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
    /** More names that it knows: name → address. */
    hosts: z.record(z.string(), z.string()).optional(),
  }),
  of('node-rm', { name: z.string() }),

  of('engine-net-create', {
    ...engine,
    name: z.string(),
    driver: z.string(),
    /** None: the engine takes the next free one. */
    subnets: z.array(
      z.object({
        subnet: z.string(),
        gateway: z.string().optional(),
        ipRange: z.string().optional(),
        /** Name → address that no container gets. */
        auxAddresses: z.record(z.string(), z.string()),
      }),
    ),
    ipv6: z.boolean(),
    internal: z.boolean(),
    attachable: z.boolean(),
    /** Swarm's own network for published ports. */
    ingress: z.boolean(),
    /** The driver's, by its own names, the ones for which Docker has a switch too (parent, mtu, icc, masquerade, bridge name). */
    options: z.record(z.string(), z.string()),
    labels: z.record(z.string(), z.string()),
    /** What concerns every host of the swarm was asked for as such. */
    swarmWide: z.boolean(),
  }),
  /** `force`: who is on it is disconnected first. */
  of('engine-net-rm', { ...engine, name: z.string(), force: z.boolean(), swarmWide: z.boolean() }),
  /** Networks that nobody is on and that the engine did not make itself. */
  of('engine-net-prune', engine),
  of('engine-net-connect', { ...engine, container: z.string(), connection: engineConnection }),
  of('engine-net-disconnect', {
    ...engine,
    container: z.string(),
    network: z.string(),
    force: z.boolean(),
  }),
  /** Rules that an engine, or a lab, would have written and that are gone. `socket`: of an engine. */
  of('rules-restore', { ...engine, engine: z.enum(['docker', 'podman', 'lab']) }),
  /** What a file asks for and is not there; `remove`: what it names and is there goes. */
  of('net-apply', {
    file: networkFileSchema,
    remove: z.boolean(),
    /** What cannot be changed in place is removed and made again. */
    replace: z.boolean().optional(),
  }),
])

export type Intent = Frozen<z.infer<typeof intentSchema>>
export type IntentOf<K extends Intent['kind']> = Extract<Intent, { readonly kind: K }>
export type EngineConnection = Frozen<z.infer<typeof engineConnection>>
export type LabConnection = Frozen<z.infer<typeof connection>>
