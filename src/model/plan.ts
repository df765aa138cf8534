/**
 * A change to the host before, while and after it is made: steps with exact commands and their inverses. A plan is plain
 * JSON, because the journal keeps it: what undoes a change is written down before the change begins.
 */
import { z } from 'zod'
import { intentSchema } from './intent.ts'
import type { Frozen } from './schema.ts'

/**
 * Where something is: `host` (the namespace that plays the host), `/run/netns/NAME`, or `ino:NUMBER` for one that no name leads to.
 * One namespace has one such text (change/at.ts), so texts can be compared; a namespace that the plan itself makes has one too.
 */
const at = z.string()

/** An engine as plans name it: by its socket, because a host may have several of a kind. */
const engine = { engine: z.enum(['docker', 'podman']), socket: z.string() }

export const commandSchema = z.object({
  /** All of it, with `nsenter` or `ip -n` in front where it runs elsewhere: what is shown is what is run. */
  argv: z.array(z.string()),
  /** Its standard input. */
  input: z.string().optional(),
  /** Asked of an engine over its socket, with `input` for a body; argv says the same for curl, which a script runs. */
  request: z.object({ socket: z.string(), method: z.enum(['POST', 'DELETE']), path: z.string() }).optional(),
  /** The container of an engine that it is about, of what takes something back: where that is gone it is left out. */
  whose: z.object({ ...engine, container: z.string() }).optional(),
  /** Exit codes beside 0 that count as done: `conntrack -D` ends with 1 where there was nothing to delete. */
  also: z.array(z.number()).optional(),
  /** Files of namespaces that it goes through, with the inodes that they must still have when it runs. */
  enters: z.array(z.object({ path: z.string(), id: z.string() })).optional(),
  /** A native nft rule with this comment, whose handle takes the place of `HANDLE` in argv when it runs: nft deletes by nothing else. */
  handleOf: z
    .object({ family: z.string(), table: z.string(), chain: z.string(), comment: z.string() })
    .optional(),
})

const linkFacts = z.object({
  kind: z.string().optional(),
  up: z.boolean().optional(),
  mtu: z.number().optional(),
  /** Name of the bridge; null: none. */
  master: z.string().nullable().optional(),
  alias: z.string().nullable().optional(),
  lladdr: z.string().optional(),
  isolated: z.boolean().optional(),
  hairpin: z.boolean().optional(),
})

const engineNetworkFacts = z.object({
  driver: z.string().optional(),
  subnets: z.array(z.string()).optional(),
  internal: z.boolean().optional(),
})

const engineEndpointFacts = z.object({
  /** Without length; null: none of that family. */
  ipv4: z.string().nullable().optional(),
  ipv6: z.string().nullable().optional(),
  mac: z.string().optional(),
})

/** Something that can be seen to be true or not, in a World and in files (change/check). */
export const factSchema = z.discriminatedUnion('kind', [
  /** A name below /run/netns, with a namespace mounted on it. */
  z.object({ kind: z.literal('netns'), name: z.string(), there: z.boolean() }),
  z.object({
    kind: z.literal('link'),
    at,
    name: z.string(),
    there: z.boolean(),
    is: linkFacts.optional(),
  }),
  /** `address` with its length: `172.19.0.1/16`. */
  z.object({ kind: z.literal('address'), at, link: z.string(), address: z.string(), there: z.boolean() }),
  /** `default` is 0.0.0.0/0 or ::/0. `table`: 254 is main. null: does not matter. */
  z.object({
    kind: z.literal('route'),
    at,
    destination: z.string(),
    table: z.number(),
    via: z.string().nullable(),
    link: z.string().nullable(),
    metric: z.number().nullable(),
    there: z.boolean(),
  }),
  z.object({
    kind: z.literal('neighbour'),
    at,
    link: z.string(),
    address: z.string(),
    lladdr: z.string().nullable(),
    there: z.boolean(),
  }),
  z.object({
    kind: z.literal('fdb'),
    at,
    link: z.string(),
    lladdr: z.string(),
    dst: z.string().nullable(),
    there: z.boolean(),
  }),
  /** `name` dotted, below net: `ipv4.ip_forward`. */
  z.object({ kind: z.literal('sysctl'), at, name: z.string(), value: z.string() }),
  /** null: there is none. `also`: more files of which the same is true. */
  z.object({
    kind: z.literal('file'),
    path: z.string(),
    text: z.string().nullable(),
    also: z.array(z.string()).optional(),
  }),
  /** `orUsed`: it may also be there and hold something: others have things of theirs in it. */
  z.object({
    kind: z.literal('folder'),
    path: z.string(),
    there: z.boolean(),
    orUsed: z.boolean().optional(),
  }),
  /** An iptables rule known by its comment, which no other rule of that chain has. */
  z.object({
    kind: z.literal('rule'),
    at,
    backend: z.enum(['iptables-nft', 'iptables-legacy', 'nft']),
    family: z.enum(['ip', 'ip6', 'inet']),
    table: z.string(),
    chain: z.string(),
    comment: z.string(),
    there: z.boolean(),
  }),
  /** `rules`: how many each chain has; null: the table is not there. */
  z.object({
    kind: z.literal('nft-table'),
    at,
    family: z.enum(['ip', 'ip6', 'inet']),
    name: z.string(),
    rules: z.record(z.string(), z.number()).nullable(),
  }),
  /** By name, of which the engine has exactly one. */
  z.object({
    kind: z.literal('engine-network'),
    ...engine,
    name: z.string(),
    there: z.boolean(),
    is: engineNetworkFacts.optional(),
  }),
  /** A container on a network, both by name. */
  z.object({
    kind: z.literal('engine-endpoint'),
    ...engine,
    network: z.string(),
    container: z.string(),
    there: z.boolean(),
    is: engineEndpointFacts.optional(),
  }),
  /** Rules as iptables-save writes them, without counters: all of them are in that chain, or (`there` false) none. No lines: the chain itself. */
  z.object({
    kind: z.literal('chain-rules'),
    at,
    backend: z.enum(['iptables-nft', 'iptables-legacy']),
    family: z.enum(['ip', 'ip6']),
    table: z.string(),
    chain: z.string(),
    lines: z.array(z.string()),
    there: z.boolean(),
  }),
])

/**
 * What a step reads or writes, from the outside in: `['/run/netns/web', 'link:eth0', 'address:10.0.0.2/24']`. Two touches meet
 * where one is the beginning of the other. A first part that stands for no namespace: `file:/etc/…`, `lab`,
 * `engine:SOCKET` (then `network:NAME`, `endpoint:CONTAINER`).
 */
export const touchSchema = z.object({
  path: z.array(z.string()),
  /** `use`: it stands on it and leaves it as it is (the bridge that a port is put on). */
  how: z.enum(['add', 'delete', 'change', 'use']),
  /** What is changed of a link: the way in does not survive all of them. */
  what: z.enum(['down', 'up', 'master', 'move', 'rename', 'mtu', 'lladdr', 'alias', 'port']).optional(),
})

export const stepSchema = z.object({
  /** What it does, for people: `make bridge lab0`. */
  title: z.string(),
  command: commandSchema,
  /** What takes it back, in this order; none: nothing has to be done. */
  undo: z.union([z.array(commandSchema), z.object({ irreversible: z.string() })]),
  /** True once it is done. What it changes must be in here or in `before`: otherwise nobody can tell whether it was done. */
  after: z.array(factSchema),
  /** True as long as it has not begun, and again when it was taken back. */
  before: z.array(factSchema),
  touches: z.array(touchSchema),
})

export const planSchema = z.object({
  intent: intentSchema,
  /** `make network lab0`. */
  title: z.string(),
  steps: z.array(stepSchema),
  /** What the user should know and what is no refusal: `[::1] cannot be published: …`. */
  notes: z.array(z.string()),
  /** Of a plan that takes a change back: which. */
  undoes: z.number().optional(),
})

export type Command = Frozen<z.infer<typeof commandSchema>>
export type LinkFacts = Frozen<z.infer<typeof linkFacts>>
export type EngineEndpointFacts = Frozen<z.infer<typeof engineEndpointFacts>>
export type Fact = Frozen<z.infer<typeof factSchema>>
export type Touch = Frozen<z.infer<typeof touchSchema>>
export type Step = Frozen<z.infer<typeof stepSchema>>
export type Plan = Frozen<z.infer<typeof planSchema>>
