/**
 * A file of networks (`net apply`, `net export`), after it was read and its short forms were written out. What is not said is
 * Docker's default, so that a file says only what is special. Names are keys: nothing can be there twice.
 */
import { z } from 'zod'
import type { Frozen } from './schema.ts'

const engine = z.enum(['lab', 'docker', 'podman'])

/** A subnet alone is short for `{ subnet }`. */
const subnet = z.preprocess(
  (value) => (typeof value === 'string' ? { subnet: value } : value),
  z.strictObject({
    subnet: z.string(),
    gateway: z.string().optional(),
    ip_range: z.string().optional(),
    /** Of Docker: name → address that no container gets. */
    aux_addresses: z.record(z.string(), z.string()).optional(),
  }),
)

/** Of driver vxlan. */
const vxlan = z.strictObject({
  vni: z.number().int().min(0).max(16_777_215),
  local: z.string().optional(),
  remotes: z.array(z.string()),
})

const network = z.strictObject({
  engine: engine.default('lab'),
  /** lab: bridge, vxlan, macvlan, ipvlan; Docker and Podman also their own (overlay). */
  driver: z.string().default('bridge'),
  /** None of a family: the next free one. */
  subnets: z.array(subnet).optional(),
  internal: z.boolean().optional(),
  ipv6: z.boolean().optional(),
  icc: z.boolean().optional(),
  masquerade: z.boolean().optional(),
  mtu: z.number().int().optional(),
  /** The bridge's link: of lab an existing one that stays, of Docker the name of the one it makes. */
  bridge: z.string().optional(),
  mac: z.string().optional(),
  parent: z.string().optional(),
  mode: z.string().optional(),
  vxlan: vxlan.optional(),
  /** Of Docker. */
  attachable: z.boolean().optional(),
  /** Of an overlay of Docker: it is on every host of the swarm, and that is meant. */
  swarm_wide: z.boolean().optional(),
  /** The driver's, by Docker's own names. */
  options: z.record(z.string(), z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
})

/** A name alone is short for `{ name }`. */
const connection = z.preprocess(
  (value) => (typeof value === 'string' ? { name: value } : value),
  z.strictObject({
    name: z.string(),
    ip: z.string().optional(),
    ip6: z.string().optional(),
    mac: z.string().optional(),
    aliases: z.array(z.string()).optional(),
    /** `NODE` or `NODE:ALIAS`. */
    links: z.array(z.string()).optional(),
  }),
)

const route = z.strictObject({
  /** `default` or a prefix. */
  to: z.string(),
  via: z.string().optional(),
  link: z.string().optional(),
  src: z.string().optional(),
  metric: z.number().int().optional(),
})

/** A node of the lab. */
const node = z.strictObject({
  /** bridge, none, host, container:NAME. */
  mode: z
    .string()
    .regex(/^(?:bridge|none|host|container:.+)$/)
    .optional(),
  networks: z.array(connection).optional(),
  /** `[HOSTIP:]PORT[-PORT]:PORT[-PORT][/tcp|udp]`. */
  ports: z.array(z.string()).optional(),
  /** More names that it knows: name → address (Docker's --add-host). */
  hosts: z.record(z.string(), z.string()).optional(),
  /** Beside those that its networks bring. */
  routes: z.array(route).optional(),
})

/** A container that its engine has already: on which networks it is to be. Others that it is on stay. */
const container = z.strictObject({
  engine: z.enum(['docker', 'podman']).default('docker'),
  networks: z.array(connection),
})

/** One end of a veth pair. `in`: a node of this file, or any NETNS. */
const linkEnd = z.strictObject({
  in: z.string(),
  name: z.string(),
  /** With length: `10.0.0.1/24`. */
  addresses: z.array(z.string()).optional(),
})

const link = z.strictObject({ ends: z.tuple([linkEnd, linkEnd]), mtu: z.number().int().optional() })

export const networkFileSchema = z.strictObject({
  /** The format's number. */
  vethscope: z.literal(1),
  networks: z.record(z.string(), network).optional(),
  nodes: z.record(z.string(), node).optional(),
  containers: z.record(z.string(), container).optional(),
  /** Veth pairs that are no network's. */
  links: z.array(link).optional(),
})

export type NetworkFile = Frozen<z.infer<typeof networkFileSchema>>
export type FileNetwork = Frozen<z.infer<typeof network>>
export type FileNode = Frozen<z.infer<typeof node>>
export type FileContainer = Frozen<z.infer<typeof container>>
export type FileConnection = Frozen<z.infer<typeof connection>>
export type FileLink = Frozen<z.infer<typeof link>>
