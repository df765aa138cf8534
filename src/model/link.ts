import { z } from 'zod'
import { known, nsidSchema, type Frozen } from './schema.ts'

/** struct rtnl_link_stats64 (linux/if_link.h); counts since the link was made. `null`: this kernel does not tell. */
const stats = z.object({
  rxBytes: z.number(),
  rxPackets: z.number(),
  rxErrors: z.number(),
  rxDropped: z.number(),
  rxMissed: z.number(),
  multicast: z.number(),
  rxNohandler: z.number().nullable(),
  txBytes: z.number(),
  txPackets: z.number(),
  txErrors: z.number(),
  txDropped: z.number(),
  txCarrier: z.number(),
  collisions: z.number(),
})

/** Per-link values of net.ipv4.conf (IFLA_AF_SPEC, AF_INET). How `all` joins in is written in netns.ts. */
const inetConf = z.object({
  forwarding: z.number(),
  rpFilter: z.number(),
  acceptLocal: z.number(),
  routeLocalnet: z.number(),
  srcValidMark: z.number(),
  arpIgnore: z.number(),
  arpAnnounce: z.number(),
  arpFilter: z.number(),
  proxyArp: z.number(),
  ignoreRoutesWithLinkdown: z.number(),
  logMartians: z.number(),
})

/** Per-link values of net.ipv6.conf (IFLA_AF_SPEC, AF_INET6). */
const inet6Conf = z.object({
  disableIpv6: z.number(),
  forwarding: z.number(),
  acceptRa: z.number(),
  acceptDad: z.number(),
  proxyNdp: z.number(),
})

const portVlan = z.object({ vid: z.number(), pvid: z.boolean(), untagged: z.boolean() })

/** What a bridge keeps for each port (IFLA_BRPORT_*). */
const bridgePort = z.object({
  state: z.string(),
  priority: z.number(),
  cost: z.number(),
  hairpin: z.boolean(),
  guard: z.boolean(),
  learning: z.boolean(),
  flood: z.boolean(),
  mcastFlood: z.boolean(),
  neighSuppress: z.boolean(),
  proxyArp: z.boolean(),
  isolated: z.boolean(),
  locked: z.boolean(),
  vlans: known(z.array(portVlan)),
})

const base = {
  ifindex: z.number().int(),
  name: z.string(),
  altNames: z.array(z.string()),
  alias: z.string().nullable(),
  /** ARPHRD_* as iproute2 prints it: ether, loopback, none, ipip … */
  linkType: z.string(),
  /** IFF_* without the prefix, in the order iproute2 prints them; not its own words NO-CARRIER and M-DOWN. */
  flags: z.array(z.string()),
  operstate: z.string(),
  carrier: z.boolean().nullable(),
  carrierUpCount: z.number().nullable(),
  carrierDownCount: z.number().nullable(),
  mtu: z.number(),
  minMtu: z.number().nullable(),
  maxMtu: z.number().nullable(),
  txqlen: z.number().nullable(),
  qdisc: z.string().nullable(),
  lladdr: z.string().nullable(),
  /** permanent, random, stolen, set (NET_ADDR_*); null where the kernel does not tell. */
  addrAssignType: z.string().nullable(),
  promiscuity: z.number().nullable(),
  /** ifindex of the bridge, bond or vrf this link is enslaved to, in the same namespace. */
  master: z.number().int().nullable(),
  slaveKind: z.string().nullable(),
  /**
   * IFLA_LINK and IFLA_LINK_NETNSID: the peer of a veth, or the lower device (of a vxlan IFLA_VXLAN_LINK). nsid null:
   * same namespace; -1: another one that has no number here. ifindex 0: a tunnel bound to no device, whose outer
   * packets travel in that other namespace.
   */
  lower: z.object({ ifindex: z.number().int(), nsid: nsidSchema.nullable() }).nullable(),
  stats: known(stats),
  /** netdev features that decide how a packet's checksum and size look in a capture. */
  offloads: known(
    z.object({ gsoMaxSize: z.number(), gsoMaxSegs: z.number(), tsoMaxSize: z.number().nullable() }),
  ),
  xdp: known(z.object({ mode: z.string(), programId: z.number().nullable() }).nullable()),
  inet: known(inetConf.nullable()),
  inet6: known(inet6Conf.nullable()),
  /** Present when the master is a bridge. */
  port: known(bridgePort.nullable()),
}

const tunnelKinds = [
  'gre',
  'gretap',
  'ip6gre',
  'ip6gretap',
  'ipip',
  'sit',
  'ip6tnl',
  'vti',
  'vti6',
  'erspan',
  'ip6erspan',
] as const

const tun = z.object({
  type: z.string(),
  owner: z.number().nullable(),
  group: z.number().nullable(),
  persist: z.boolean(),
  multiQueue: z.boolean(),
})

const geneve = z.object({
  vni: z.number().nullable(),
  remote: z.string().nullable(),
  dstport: z.number(),
  ttl: z.number(),
  external: z.boolean(),
})

const netkit = z.object({
  mode: z.string(),
  primary: z.boolean(),
  policy: z.string(),
  peerPolicy: z.string(),
})

const bridge = z.object({
  id: z.string(),
  rootId: z.string(),
  stp: z.boolean(),
  /** USER_HZ/100 s, as the kernel keeps it: 1500 = 15 s. */
  forwardDelay: z.number(),
  ageing: z.number(),
  vlanFiltering: z.boolean(),
  defaultPvid: z.number().nullable(),
  mcastSnooping: z.boolean(),
  nfCallIptables: z.boolean(),
  nfCallIp6tables: z.boolean(),
  nfCallArptables: z.boolean(),
})

const vxlan = z.object({
  vni: z.number(),
  group: z.string().nullable(),
  remote: z.string().nullable(),
  local: z.string().nullable(),
  dstport: z.number(),
  learning: z.boolean(),
  proxy: z.boolean(),
  l2miss: z.boolean(),
  l3miss: z.boolean(),
  ttl: z.number(),
  ageing: z.number(),
  external: z.boolean(),
  udpCsum: z.boolean().nullable(),
})

const tunnel = z.object({
  local: z.string().nullable(),
  remote: z.string().nullable(),
  inputKey: z.number().nullable(),
  outputKey: z.number().nullable(),
  ttl: z.number().nullable(),
  external: z.boolean(),
})

const wireguard = z.object({
  listenPort: z.number(),
  fwmark: z.number(),
  publicKey: z.string().nullable(),
  /** Never a private or preshared key. */
  peers: z.array(
    z.object({
      publicKey: z.string(),
      endpoint: z.string().nullable(),
      allowedIps: z.array(z.string()),
      /** Seconds since the epoch; 0 = never. */
      lastHandshake: z.number(),
      rxBytes: z.number(),
      txBytes: z.number(),
    }),
  ),
})

const of = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.object({ ...base, kind: z.literal(kind), ...shape })

const lowerData = z.object({ mode: z.string(), flags: z.array(z.string()) })

export const linkSchema = z.discriminatedUnion('kind', [
  /** `loopback`: ARPHRD_LOOPBACK. `device`: no IFLA_INFO_KIND, a driver's own device such as eth0. */
  z.object({ ...base, kind: z.enum(['loopback', 'device', 'veth', 'dummy', 'ifb']) }),
  of('bridge', { bridge: known(bridge) }),
  of('vlan', { vlan: known(z.object({ id: z.number(), protocol: z.string() })) }),
  of('vxlan', { vxlan: known(vxlan) }),
  z.object({ ...base, kind: z.enum(['macvlan', 'macvtap']), macvlan: known(lowerData) }),
  z.object({ ...base, kind: z.enum(['ipvlan', 'ipvtap']), ipvlan: known(lowerData) }),
  of('bond', {
    bond: known(
      z.object({ mode: z.string(), activeSlave: z.number().nullable(), miimon: z.number().nullable() }),
    ),
  }),
  of('vrf', { vrf: known(z.object({ table: z.number() })) }),
  of('tun', { tun: known(tun) }),
  of('geneve', { geneve: known(geneve) }),
  of('netkit', { netkit: known(netkit) }),
  of('wireguard', { wireguard: known(wireguard) }),
  z.object({ ...base, kind: z.enum(tunnelKinds), tunnel: known(tunnel) }),
  /** A kind this version has no shape for: its kernel name, and IFLA_INFO_DATA as attribute number → hex. */
  of('other', { kindName: z.string(), raw: z.record(z.string(), z.string()) }),
])

export type Link = Frozen<z.infer<typeof linkSchema>>
export type LinkStats = Frozen<z.infer<typeof stats>>
export type BridgePort = Frozen<z.infer<typeof bridgePort>>
export type InetConf = Frozen<z.infer<typeof inetConf>>
export type Inet6Conf = Frozen<z.infer<typeof inet6Conf>>
