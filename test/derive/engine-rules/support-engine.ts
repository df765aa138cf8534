/** A host with a Docker by hand: its networks, containers and what is left of its rules, as iptables-save printed it. */
import { parseIptablesSave } from '../../../src/collect/firewall/parse-iptables-save.ts'
import type { Container, Engine, EngineNetwork } from '../../../src/model/engine.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Process } from '../../../src/model/process.ts'
import type { Firewall } from '../../../src/model/ruleset.ts'
import type { World } from '../../../src/model/world.ts'
import { container, endpoint, engine, network } from '../../support/engine.ts'
import { firewall } from '../../support/ruleset.ts'
import { link, loopback, netns, world } from '../../support/world.ts'

export const mark = 'com.docker.network.bridge.'

export type Left = { readonly ip?: string; readonly ip6?: string; readonly legacy?: string }

const conf = {
  forwarding: 1,
  rpFilter: 0,
  acceptLocal: 0,
  srcValidMark: 0,
  arpIgnore: 0,
  arpAnnounce: 0,
  arpFilter: 0,
  proxyArp: 0,
  ignoreRoutesWithLinkdown: 0,
  logMartians: 0,
}

export type Docker = {
  readonly version?: string
  readonly networks: readonly EngineNetwork[]
  readonly containers?: readonly Container[]
  readonly left?: Left
  readonly processes?: readonly Process[]
  readonly routeLocalnet?: number
  readonly engine?: Partial<Engine>
}

export function dockerOf({
  version = '20.10.24',
  networks,
  containers = [],
  left = {},
  processes = [],
  routeLocalnet = 0,
  engine: more = {},
}: Docker): { readonly world: World; readonly engine: Engine } {
  const own = engine(containers, { version, networks, swarm: null, ...more })
  const links = networks.flatMap(({ bridge }, at) =>
    bridge === null
      ? []
      : [link('bridge', { ifindex: at + 10, name: bridge, inet: { ...conf, routeLocalnet } })],
  )
  const host = netns(100, 'host', { links: [loopback(), ...links], firewall: rulesOf(left) })
  return { world: world([host], { engines: [own], processes }), engine: own }
}

export function rulesOf({ ip = '', ip6 = '', legacy = '' }: Left): Firewall {
  return firewall([
    ...parseIptablesSave(ip, 'iptables-nft', 'ip').tables,
    ...parseIptablesSave(ip6, 'iptables-nft', 'ip6').tables,
    ...parseIptablesSave(legacy, 'iptables-legacy', 'ip').tables,
  ])
}

/** `net('one', '10.1.0.0/24')`: bridge br-one. */
export function net(
  name: string,
  subnet: string | readonly string[],
  fields: Partial<EngineNetwork> = {},
): EngineNetwork {
  const subnets = (typeof subnet === 'string' ? [subnet] : subnet).map((each) => ({
    subnet: each,
    gateway: null,
  }))
  return network(name, `br-${name}`, { subnets, ...fields })
}

/** Running, on one network after the other; `8080:80`, `127.0.0.1:53:53/udp`. */
export function runs(
  name: string,
  on: Readonly<Record<string, string>>,
  ports: readonly string[] = [],
  fields: Partial<Container> = {},
): Container {
  return container(name, 200, {
    modeKind: 'network',
    endpoints: Object.entries(on).map(([network, address]) =>
      endpoint(network, {
        endpointId: `${name} on ${network}`,
        ...(address.includes(':') ? { ipv6: `${address}/64` } : { ipv4: `${address}/24` }),
      }),
    ),
    ports: ports.map((text) => {
      const [, hostIp = '0.0.0.0', hostPort, port, protocol = 'tcp'] =
        /^(?:(.+):)?(\d+):(\d+)(?:\/(\w+))?$/.exec(text) ?? []
      return {
        hostIp,
        hostPort: Number(hostPort),
        port: Number(port),
        protocol: protocol as 'tcp' | 'udp' | 'sctp',
      }
    }),
    ...fields,
  })
}

/** docker-proxy of a port, started at that moment. */
export function proxy(
  pid: number,
  hostPort: number,
  address: string,
  port: number,
  hostIp = '0.0.0.0',
): Process {
  const args = `docker-proxy -proto tcp -host-ip ${hostIp} -host-port ${hostPort} -container-ip ${address} -container-port ${port}`
  return {
    pid,
    ppid: 1,
    startTime: pid,
    comm: 'docker-proxy',
    uid: 0,
    cgroup: '/',
    netns: netnsId(100),
    namespaces: {},
    args: args.split(' '),
  }
}
