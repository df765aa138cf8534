import { z } from 'zod'
import { known, netnsIdSchema, type Frozen } from './schema.ts'

/** Who made a container, as `ls containers` names it. */
export const engineNames = ['docker', 'podman', 'containerd', 'cri', 'lxc', 'nspawn', 'lab', 'cni'] as const

/** A port that the engine says it publishes; whether it is reachable is derive's business. */
const publishedPort = z.object({
  /** `0.0.0.0`, `::` or one address of the host. */
  hostIp: z.string(),
  hostPort: z.number().int(),
  /** The container's port. */
  port: z.number().int(),
  protocol: z.enum(['tcp', 'udp', 'sctp']),
})

/** A container on one of its networks: Docker's endpoint. */
const endpointSchema = z.object({
  network: z.string(),
  networkId: z.string(),
  endpointId: z.string(),
  mac: z.string().nullable(),
  /** With prefix length: `172.17.0.2/16`. */
  ipv4: z.string().nullable(),
  ipv6: z.string().nullable(),
  gateway: z.string().nullable(),
  gateway6: z.string().nullable(),
  aliases: z.array(z.string()),
  /** What was asked for, so that the same can be asked for again; absent in files of before. */
  asked: z
    .object({
      /** Without length. */
      ipv4: z.string().nullable(),
      ipv6: z.string().nullable(),
      linkLocal: z.array(z.string()),
      links: z.array(z.string()),
      options: z.record(z.string(), z.string()),
      /** null: the engine does not tell whether it was asked for. */
      mac: z.string().nullable(),
      /** Of Docker from 28 on: the network of the highest has the default route; absent: 0, as all have that nobody said it of. */
      gwPriority: z.number().int().optional(),
    })
    .optional(),
})

export const containerSchema = z.object({
  id: z.string(),
  /** Without Docker's leading slash. */
  name: z.string(),
  image: z.string(),
  /** As the engine says: created, running, paused, restarting, exited, dead. */
  state: z.string(),
  /** The first process as this machine numbers it; null where none runs. */
  pid: z.number().int().nullable(),
  /** NetworkMode as the engine says: `default`, `host`, `none`, `container:<id>`, a network's name or id. */
  mode: z.string(),
  modeKind: z.enum(['bridge', 'host', 'none', 'container', 'network', 'pod', 'unknown']),
  /** The container whose namespace this one joined. */
  joins: z.string().nullable(),
  /** Name of the pod that it is in. */
  pod: z.string().optional(),
  /** Found by the sandbox's file or the first process; null where nothing runs. */
  netns: known(netnsIdSchema.nullable()),
  hostName: z.string().nullable(),
  endpoints: z.array(endpointSchema),
  ports: z.array(publishedPort),
  labels: z.record(z.string(), z.string()),
  /** What the engine itself says is wrong (`State.Error`). */
  error: z.string().nullable(),
})

export const engineNetworkSchema = z.object({
  id: z.string(),
  name: z.string(),
  driver: z.string(),
  scope: z.string(),
  subnets: z.array(
    z.object({
      subnet: z.string(),
      gateway: z.string().nullable(),
      ipRange: z.string().nullable().optional(),
      /** Name → address that no container gets. */
      auxAddresses: z.record(z.string(), z.string()).optional(),
    }),
  ),
  /** The bridge's link on the host, where the driver makes one. */
  bridge: z.string().nullable(),
  /** The link below a macvlan or ipvlan. */
  parent: z.string().nullable(),
  internal: z.boolean(),
  ipv6: z.boolean(),
  /** What else made it what it is, so that the same can be made again; absent in files of before and where the engine has no such thing. */
  made: z
    .object({
      attachable: z.boolean(),
      ingress: z.boolean(),
      ipamDriver: z.string(),
      ipamOptions: z.record(z.string(), z.string()),
      configOnly: z.boolean(),
      /** The network that its configuration is of. */
      configFrom: z.string().nullable(),
      /** Docker from 28 on: false where it has no IPv4. */
      ipv4: z.boolean().optional(),
      /** Podman: whether names of containers are resolved on it. */
      dns: z.boolean().optional(),
      /** Podman from 4.5 on: who is asked for other names; absent: the host's own. */
      dnsServers: z.array(z.string()).optional(),
      /** Podman from 4.6 on: routes that its containers get; absent: none. */
      routes: z
        .array(
          z.object({ destination: z.string(), gateway: z.string(), metric: z.number().int().nullable() }),
        )
        .optional(),
    })
    .optional(),
  /** Of an overlay: the hosts that are on it, this one among them. */
  peers: z.array(z.object({ name: z.string(), address: z.string() })).optional(),
  options: z.record(z.string(), z.string()),
  labels: z.record(z.string(), z.string()),
  members: z.array(
    z.object({
      containerId: z.string(),
      name: z.string(),
      mac: z.string().nullable(),
      ipv4: z.string().nullable(),
      ipv6: z.string().nullable(),
    }),
  ),
})

/** One engine that was found on this machine, by its socket, its process, or only by what it left (cgroups). */
export const engineSchema = z.object({
  engine: z.enum(engineNames),
  /** The socket's path, or the tool that told (`crictl`), or `cgroup`. */
  endpoint: z.string(),
  version: z.string().nullable(),
  /** The namespace that the engine's daemon runs in: whose bridges its networks are. */
  netns: netnsIdSchema.nullable(),
  rootless: z.boolean(),
  containers: known(z.array(containerSchema)),
  networks: known(z.array(engineNetworkSchema)),
  /** Of Docker, in a swarm: who this host is in it. */
  swarm: z.object({ nodeId: z.string(), address: z.string(), isManager: z.boolean() }).nullable().optional(),
  /** Of Docker from 28.3 on: by what it writes its rules. */
  rulesBy: z.enum(['iptables', 'nftables']).optional(),
  /** What the engine says is wrong with its host (`docker info` warnings). */
  warnings: z.array(z.string()),
})

export type EngineName = (typeof engineNames)[number]
export type Engine = Frozen<z.infer<typeof engineSchema>>
export type Container = Frozen<z.infer<typeof containerSchema>>
export type Endpoint = Frozen<z.infer<typeof endpointSchema>>
export type EnginePort = Frozen<z.infer<typeof publishedPort>>
export type EngineNetwork = Frozen<z.infer<typeof engineNetworkSchema>>
