/**
 * A host like this one on which nothing was made yet: no rules, no forwarding, and of links only those that the file
 * takes as given. What is planned for it holds for another host.
 */
import { contains, parseIp, parsePrefix } from '../lib/ip.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { NetworkFile } from '../model/network-file.ts'
import type { World } from '../model/world.ts'

/** As they are on a host that nobody set up for routing. */
const sysctls = {
  'ipv4.ip_forward': '0',
  'ipv4.conf.all.forwarding': '0',
  'ipv4.conf.default.forwarding': '0',
  'ipv6.conf.all.forwarding': '0',
  'ipv6.conf.default.forwarding': '0',
  'ipv6.conf.all.disable_ipv6': '0',
  'ipv6.conf.default.disable_ipv6': '0',
}

const details = {
  sysctls,
  sockets: [],
  qdiscs: [],
  filters: [],
  xfrmPolicies: [],
  programs: [],
  counters: {},
}

export function bareWorld(world: World, file: NetworkFile): World {
  const lab = { host: world.host, networks: [], nodes: [], masquerades: [], unfinished: null }
  return {
    ...world,
    netns: world.netns.filter(({ id }) => id === world.host).map((host) => bareHost(host, file)),
    processes: [],
    engines: [],
    labs: [lab],
  }
}

function bareHost(host: Netns, file: NetworkFile): Netns {
  const given = givenLinks(host, file)
  const links = listOf(host.links).filter(({ kind, name }) => kind === 'loopback' || given.has(name))
  const kept = new Set(links.map(({ ifindex }) => ifindex))
  return {
    ...host,
    // Whichever it is there: no process or other name of this one leads to it.
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [] },
    links: links.map(quiet),
    addresses: listOf(host.addresses).filter(({ ifindex }) => kept.has(ifindex)),
    // How it reaches the rest of the world is another matter on each host.
    routes: listOf(host.routes).filter(({ oif, dst }) => oif !== null && kept.has(oif) && dst !== 'default'),
    neighbours: [],
    fdb: [],
    mdb: [],
    details,
    firewall: { generation: null, tables: [], unread: [], ipsets: [], ipvs: [] },
    conntrack: null,
  }
}

/** Parents, bridges that were there before, and what carries a tunnel's own packets. */
function givenLinks(host: Netns, file: NetworkFile): ReadonlySet<string> {
  const networks = Object.values(file.networks ?? {}).filter(({ engine }) => engine === 'lab')
  const tunnels = networks.flatMap(({ vxlan }) => vxlan?.local ?? [])
  const carriers = listOf(host.addresses).filter(({ local }) => tunnels.includes(local))
  const byIndex = new Map(listOf(host.links).map((link) => [link.ifindex, link.name]))
  const remotes = networks.flatMap(({ vxlan }) => vxlan?.remotes ?? []).flatMap((text) => parseIp(text) ?? [])
  const ways = listOf(host.routes).filter(({ dst }) => {
    const prefix = parsePrefix(dst)
    return prefix !== null && remotes.some((ip) => contains(prefix, ip))
  })
  return new Set([
    ...networks.flatMap(({ parent, bridge }) => [parent ?? [], bridge ?? []].flat()),
    ...carriers.flatMap(({ ifindex }) => byIndex.get(ifindex) ?? []),
    ...ways.flatMap(({ oif }) => byIndex.get(oif ?? 0) ?? []),
  ])
}

/** Not yet a port of anything, nor forwarding. */
function quiet(link: Link): Link {
  const { inet, inet6 } = link
  return {
    ...link,
    inet: inet === null || isUnknown(inet) ? inet : { ...inet, forwarding: 0 },
    inet6: inet6 === null || isUnknown(inet6) ? inet6 : { ...inet6, forwarding: 0 },
  }
}
