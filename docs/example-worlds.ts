/** Worlds that the documents take their examples from. */
import type { World } from '../src/model/world.ts'
import { dockerWorld } from '../test/support/docker-world.ts'
import { container, endpoint, engine } from '../test/support/engine.ts'
import { firewall, iptables } from '../test/support/ruleset.ts'
import { bridgedPair, netns } from '../test/support/world.ts'

/** A host with a bridge, a container's namespace on it, and one that could not be read. */
export function exampleWorld(): World {
  const pair = bridgedPair()
  const [host, container] = pair.netns
  if (host === undefined || container === undefined) throw new Error('the example lacks its namespaces')
  const refused = { unknown: 'permission denied (EPERM)' }
  const secret = netns(300, 'secret', {
    readable: refused,
    links: refused,
    addresses: refused,
    routes: refused,
    policyRules: refused,
    neighbours: refused,
  })
  const family = { family: 'inet', not: false, src: null, dst: null, iif: null, oif: null, tos: 0 } as const
  const rest = {
    fwmark: null,
    fwmask: null,
    ipProto: null,
    sport: null,
    dport: null,
    uidRange: null,
    l3mdev: false,
    action: 'table',
    goto: null,
    suppressPrefixLen: null,
    suppressIfgroup: null,
    protocol: 'kernel',
  } as const
  const policyRules = [
    { ...family, ...rest, priority: 0, table: 255 },
    { ...family, ...rest, priority: 32766, table: 254 },
    { ...family, ...rest, priority: 32767, table: 253 },
  ]
  const link = { oif: 2, family: 'inet', table: 254, type: 'unicast' } as const
  const routes = (Array.isArray(container.routes) ? container.routes : []).flatMap((route) => [
    route,
    { ...route, ...link, dst: '172.17.0.0/16', gateway: null, prefSrc: '172.17.0.2', scope: 'link', protocol: 'kernel' },
  ])
  return {
    ...pair,
    netns: [host, { ...container, links: container.links, routes, policyRules }, { ...secret, nsids: [] }],
    gaps: [
      {
        what: 'namespace',
        subject: 'secret',
        reason: refused.unknown,
        hint: 'run as root or grant cap_sys_admin and cap_sys_ptrace',
      },
    ],
  }
}

/** A host that publishes a port of a container. */
export function ruledWorld(): World {
  const rules = `-P POSTROUTING
  -P PREROUTING
  -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
  -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  -A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80`
  return dockerWorld(firewall([iptables('nat', rules)]))
}

/** A container that asks the world, seen as it goes out; and a packet that found no route. */
export function trackedWorld(): World {
  const example = exampleWorld()
  const [host, ...others] = example.netns
  if (host === undefined) throw new Error('the example lacks its host')
  const port = { icmp: null, sourcePort: 443, destinationPort: 40001 }
  const connection = {
    family: 'ip',
    protocol: 'tcp',
    zone: 0,
    mark: 0,
    status: ['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'SRC_NAT'],
    state: 'ESTABLISHED',
    timeout: 431999,
    original: { ...port, source: '172.17.0.2', destination: '198.51.100.7', sourcePort: 40001, destinationPort: 443 },
    reply: { ...port, source: '198.51.100.7', destination: '192.0.2.2' },
    packets: null,
    bytes: null,
  } as const
  const addresses = Array.isArray(host.addresses) ? host.addresses : []
  const uplink = addresses.map((each) => ({ ...each, local: '192.0.2.2', prefixLen: 24 }))
  const stats = { insert_failed: 0, drop: 0, early_drop: 0 }
  const conntrack = { count: 1, max: 262144, stats, entries: [connection] }
  const unread = { unknown: 'not asked for' }
  const details = {
    sysctls: unread,
    sockets: unread,
    qdiscs: unread,
    filters: unread,
    xfrmPolicies: unread,
    programs: unread,
    counters: { 'Ip.OutNoRoutes': 3, 'Tcp.RetransSegs': 0 },
  }
  return {
    ...example,
    netns: [{ ...host, addresses: [...addresses, ...uplink], conntrack, details }, ...others],
  }
}

/** A container on Docker's default bridge, and an engine that did not answer. */
export function containersWorld(): World {
  const on = { ipv4: '172.17.0.2/16', mac: '02:42:ac:11:00:02', gateway: '172.17.0.1', aliases: ['db'] }
  const redis = container('redis123', 200, {
    pid: 812,
    endpoints: [endpoint('bridge', { ...on, networkId: '8160581a2d9b' })],
    ports: [{ hostIp: '0.0.0.0', hostPort: 6379, port: 6379, protocol: 'tcp' }],
    labels: { 'com.docker.compose.project': 'shop' },
  })
  const network = {
    id: '8160581a2d9b',
    name: 'bridge',
    driver: 'bridge',
    scope: 'local',
    subnets: [{ subnet: '172.17.0.0/16', gateway: '172.17.0.1' }],
    bridge: 'docker0',
    parent: null,
    internal: false,
    ipv6: false,
    options: { 'com.docker.network.bridge.name': 'docker0' },
    labels: {},
    members: [{ containerId: redis.id, name: 'redis123', mac: on.mac, ipv4: on.ipv4, ipv6: null }],
  }
  const unread = { unknown: 'no answer from the socket in 2 s' }
  const silent = engine(unread, { networks: unread, endpoint: '/proc/4711/root/run/docker.sock' })
  return { ...exampleWorld(), engines: [engine([redis], { networks: [network] }), silent] }
}

