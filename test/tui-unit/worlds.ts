/** Hosts by hand for the tests of the screen: small enough to know by heart. */
import { netnsId, nsid } from '../../src/model/ids.ts'
import type { Link } from '../../src/model/link.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { address, link, loopback, netns, port, route, world } from '../support/world.ts'

const hostId = netnsId(100)

type Container = {
  readonly ino: number
  readonly name: string
  readonly veth: string
  readonly vethIndex: number
  readonly bridge: number | null
  readonly cidr: string
  readonly gateway: string
  readonly pid: number
}

const containers: readonly Container[] = [
  {
    ino: 201,
    name: 'redis123',
    veth: 'veth195490d',
    vethIndex: 11,
    bridge: 4,
    cidr: '172.17.0.2/16',
    gateway: '172.17.0.1',
    pid: 811,
  },
  {
    ino: 202,
    name: 'nginx1',
    veth: 'vethe8201cd',
    vethIndex: 12,
    bridge: 4,
    cidr: '172.17.0.3/16',
    gateway: '172.17.0.1',
    pid: 812,
  },
  {
    ino: 203,
    name: 'net-tomcat01',
    veth: 'veth77ab001',
    vethIndex: 13,
    bridge: 6,
    cidr: '172.28.5.2/24',
    gateway: '172.28.5.1',
    pid: 813,
  },
  {
    ino: 204,
    name: 'web',
    veth: 'veth8c1',
    vethIndex: 14,
    bridge: null,
    cidr: '172.17.0.9/16',
    gateway: '172.17.0.1',
    pid: 814,
  },
]

function inside(container: Container, mtu = 1500): Netns {
  const { ino, name, vethIndex, cidr, gateway, pid } = container
  return netns(ino, name, {
    holders: { processes: [pid], threads: [], fds: [], sockets: [], mounts: [] },
    links: [
      loopback(),
      link('veth', {
        ifindex: 3,
        name: 'eth0',
        mtu,
        lladdr: '02:42:ac:11:00:02',
        lower: { ifindex: vethIndex, nsid: nsid(0) },
      }),
    ],
    addresses: [address(1, '127.0.0.1/8', { scope: 'host' }), address(3, cidr)],
    routes: [route({ dst: 'default', gateway, oif: 3 })],
    nsids: [{ nsid: nsid(0), id: hostId }],
  })
}

function outside(container: Container, at: number): Link {
  return link('veth', {
    ifindex: container.vethIndex,
    name: container.veth,
    lladdr: `7a:00:00:00:00:${container.vethIndex}`,
    master: container.bridge,
    slaveKind: container.bridge === null ? null : 'bridge',
    lower: { ifindex: 3, nsid: nsid(at) },
    port: container.bridge === null ? null : port,
    ...(container.name === 'web' ? { alias: 'lost' } : {}),
  })
}

/** Two bridges, four containers (one with its veth on no bridge), a closed and a hidden namespace, one off by itself. */
export function dockerHost(fields: Partial<World> = {}): World {
  const host = netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    links: [
      loopback(),
      link('device', { ifindex: 2, name: 'eth0', lladdr: '52:54:00:12:34:56' }),
      link('bridge', { ifindex: 4, name: 'docker0', lladdr: '02:42:00:00:00:01' }),
      link('bridge', {
        ifindex: 6,
        name: 'br-3d5350',
        flags: ['BROADCAST', 'MULTICAST', 'UP'],
        operstate: 'UP',
      }),
      ...containers.map(outside),
    ],
    addresses: [address(2, '192.0.2.2/24'), address(4, '172.17.0.1/16'), address(6, '172.28.5.1/24')],
    routes: [route({ dst: 'default', gateway: '192.0.2.1', oif: 2 })],
    nsids: containers.map((container, at) => ({ nsid: nsid(at), id: netnsId(container.ino) })),
  })
  const closed = netns(300, 'db', {
    names: [{ name: 'db', source: 'process', path: '/proc/900/ns/net' }],
    holders: { processes: [900], threads: [], fds: [], sockets: [], mounts: [] },
    readable: { unknown: 'permission denied' },
    links: { unknown: 'permission denied' },
    addresses: { unknown: 'permission denied' },
    routes: { unknown: 'permission denied' },
  })
  const alone = netns(301, 'openc', {
    links: [loopback(), link('dummy', { ifindex: 2, name: 'dummy0' })],
    addresses: [address(2, '10.9.0.1/24')],
  })
  const gaps = [
    { what: 'netns', subject: 'db', reason: 'permission denied', hint: 'run as root or grant cap_sys_admin' },
  ]
  const process = (pid: number, comm: string, ino: number): object => ({
    pid,
    ppid: 1,
    startTime: 1,
    comm,
    uid: 0,
    cgroup: { unknown: 'not read' },
    netns: netnsId(ino),
    namespaces: { unknown: 'not read' },
  })
  return world(
    [host, ...containers.map((each) => inside(each, each.name === 'redis123' ? 1400 : 1500)), closed, alone],
    {
      gaps,
      processes: [
        process(811, 'redis-server', 201),
        process(812, 'nginx', 202),
      ] as unknown as World['processes'] & [],
      ...fields,
    },
  )
}

/** As many containers on one bridge as asked for. */
export function bigHost(count: number): World {
  const names = Array.from({ length: count }, (_, at) => at)
  const host = netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    links: [
      loopback(),
      link('device', { ifindex: 2, name: 'eth0' }),
      link('bridge', { ifindex: 4, name: 'docker0' }),
      ...names.map((at) =>
        link('veth', {
          ifindex: 10 + at,
          name: `veth${at}`,
          master: 4,
          slaveKind: 'bridge',
          port,
          lower: { ifindex: 2, nsid: nsid(at) },
        }),
      ),
    ],
    addresses: [address(4, '10.0.0.1/8')],
    nsids: names.map((at) => ({ nsid: nsid(at), id: netnsId(1000 + at) })),
  })
  const others = names.map((at) =>
    netns(1000 + at, `c${at}`, {
      links: [
        loopback(),
        link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex: 10 + at, nsid: nsid(0) } }),
        ...[3, 4, 5, 6].map((ifindex) => link('dummy', { ifindex, name: `dummy${ifindex}` })),
      ],
      addresses: [address(2, `10.0.${Math.floor(at / 250)}.${(at % 250) + 2}/8`)],
      nsids: [{ nsid: nsid(0), id: hostId }],
    }),
  )
  return world([host, ...others])
}
