/**
 * Networks and nodes that vethscope itself made: what Docker would keep of them. One JSON file each below
 * /run/vethscope/HOST/lab/ (`network-NAME.json`, `node-NAME.json`, `masquerade-….json`), written and removed by steps of a plan like all
 * else. HOST is the inode of the namespace that plays the host.
 */
import { z } from 'zod'
import { labDrivers, nodeModes } from './lab-words.ts'
import { netnsIdSchema, type Frozen } from './schema.ts'

export const labNetworkSchema = z.object({
  name: z.string(),
  driver: z.enum(labDrivers),
  /** Of drivers bridge and vxlan: the bridge's link on the host. */
  bridge: z.string().nullable(),
  /** false: it was there before, and stays. */
  ownsBridge: z.boolean(),
  /** Put on a bridge that was there before, with length: removed with the network. */
  added: z.array(z.string()).optional(),
  /** Settings of such a bridge that were on already when they were needed (`route_localnet`): they stay on. */
  kept: z.array(z.string()).optional(),
  parent: z.string().nullable(),
  mode: z.string().nullable(),
  vxlan: z
    .object({
      link: z.string(),
      vni: z.number(),
      local: z.string(),
      remotes: z.array(z.string()),
      dstport: z.number(),
    })
    .nullable(),
  subnets: z.array(
    z.object({
      subnet: z.string(),
      /** Without length. Of a bridge its own address; of macvlan and ipvlan a router outside. */
      gateway: z.string().nullable(),
      ipRange: z.string().nullable(),
    }),
  ),
  mtu: z.number(),
  mac: z.string().nullable(),
  internal: z.boolean(),
  ipv6: z.boolean(),
  icc: z.boolean(),
  masquerade: z.boolean(),
  acceptInForeign: z.boolean(),
  options: z.record(z.string(), z.string()),
  labels: z.record(z.string(), z.string()),
  created: z.string(),
})

const endpoint = z.object({
  network: z.string(),
  /** In the node: eth0, eth1 … */
  link: z.string(),
  /** The veth's other end on the host; null: macvlan, ipvlan. */
  hostLink: z.string().nullable(),
  mac: z.string(),
  /** With length. */
  ipv4: z.string().nullable(),
  ipv6: z.string().nullable(),
  aliases: z.array(z.string()),
  /** Its default routes are by this network. */
  isDefault: z.boolean(),
  links: z.array(z.object({ node: z.string(), alias: z.string() })),
})

export const labPortSchema = z.object({
  /** `0.0.0.0`, `::` or one address of the host. */
  hostIp: z.string(),
  hostPort: z.number().int(),
  port: z.number().int(),
  protocol: z.enum(['tcp', 'udp']),
})

export const labNodeSchema = z.object({
  name: z.string(),
  mode: z.enum(nodeModes),
  of: z.string().nullable(),
  endpoints: z.array(endpoint),
  ports: z.array(labPortSchema),
  /** More names that it knows: name → address without length. */
  hosts: z.record(z.string(), z.string()).optional(),
  /** /etc/netns was not there before the first node: it goes with the last one. */
  ownsEtcNetns: z.boolean().optional(),
  created: z.string(),
})

export const labMasqueradeSchema = z.object({
  /** `host`, or where a plain masquerade was asked for (an `At` of model/plan.ts). */
  at: z.string(),
  subnet: z.string(),
  out: z.string().nullable(),
})

export const labSchema = z.object({
  networks: z.array(labNetworkSchema),
  nodes: z.array(labNodeSchema),
  masquerades: z.array(labMasqueradeSchema),
  /** Of a change that was begun and not ended; null: none. */
  unfinished: z.number().nullable(),
})

/** The lab of one namespace that plays the host. */
export const hostLabSchema = labSchema.extend({ host: netnsIdSchema })

export type Lab = Frozen<z.infer<typeof labSchema>>
export type HostLab = Frozen<z.infer<typeof hostLabSchema>>
export type LabNetwork = Frozen<z.infer<typeof labNetworkSchema>>
export type LabNode = Frozen<z.infer<typeof labNodeSchema>>
export type LabEndpoint = Frozen<z.infer<typeof endpoint>>
export type LabPort = Frozen<z.infer<typeof labPortSchema>>
export type LabMasquerade = Frozen<z.infer<typeof labMasqueradeSchema>>
