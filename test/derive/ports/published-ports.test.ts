import { expect, test } from 'vitest'
import { publishedPorts, unreadRules } from '../../../src/derive/ports/published-ports.ts'
import { netnsId, nsid } from '../../../src/model/ids.ts'
import type { Process } from '../../../src/model/process.ts'
import type { NfTable } from '../../../src/model/ruleset.ts'
import type { World } from '../../../src/model/world.ts'
import {
  container,
  dockerWorld,
  endpoint,
  engine,
  hostId,
  nginxId,
  socket,
  withSockets,
} from '../../support/docker-world.ts'
import { chain, firewall, iptables, nftMap, nftTable } from '../../support/ruleset.ts'
import { address, link, loopback, netns, world } from '../../support/world.ts'

/** `0.0.0.0:8080/tcp dnat nginx1 172.17.0.3:80 yes DOCKER 2`. */
const drawn = (given: World): readonly string[] =>
  publishedPorts(given).map(({ hostIp, hostPort, lastPort, protocol, via, rule, process, target, serves }) =>
    [
      `${hostIp}:${hostPort}${lastPort === hostPort ? '' : `-${lastPort}`}/${protocol}`,
      via,
      target.container ?? '-',
      `${target.address ?? '?'}:${target.port}`,
      serves,
      ...(rule === null ? [] : [`${rule.chain} ${rule.number}`]),
      ...(process === null ? [] : [process.name]),
    ].join(' '),
  )

const withNat = (rules: string, ...more: readonly NfTable[]): World =>
  dockerWorld(firewall([iptables('nat', rules), ...more]))

const docker27 = `-P PREROUTING
  -P OUTPUT
  -P POSTROUTING
  -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
  -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
  -A DOCKER -i docker0 -j RETURN
  -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80
  -A DOCKER -d 127.0.0.1/32 ! -i docker0 -p udp -m udp --dport 53 -j DNAT --to-destination 172.17.0.2:5353`

test('Docker with iptables: container, rule and listener of each port, once though two hooks lead there', () => {
  const given = withNat(docker27)
  expect(drawn(given)).toEqual([
    '0.0.0.0:8080/tcp dnat nginx1 172.17.0.3:80 yes DOCKER 2',
    '127.0.0.1:53/udp dnat redis123 172.17.0.2:5353 no DOCKER 3',
  ])
  const [first] = publishedPorts(given)
  expect(first).toMatchObject({
    netns: hostId,
    family: 'ip',
    rule: { netns: hostId, backend: 'iptables-nft', family: 'ip', table: 'nat', chain: 'DOCKER', number: 2 },
    target: { netns: nginxId },
    listening: [{ address: '::', port: 80 }],
  })
})

test('a rule of its own for what the host itself sends is no second port; one that only the host has is', () => {
  const given = withNat(`-P PREROUTING
  -P OUTPUT
  -A PREROUTING -m addrtype --dst-type LOCAL -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80
  -A OUTPUT -m addrtype --dst-type LOCAL -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80
  -A OUTPUT -m addrtype --dst-type LOCAL -p tcp -m tcp --dport 9090 -j DNAT --to-destination 172.17.0.3:80`)
  expect(drawn(given)).toEqual([
    '0.0.0.0:8080/tcp dnat nginx1 172.17.0.3:80 yes PREROUTING 1',
    '0.0.0.0:9090/tcp dnat nginx1 172.17.0.3:80 yes OUTPUT 2',
  ])
})

test('what listens on 127.0.0.1 alone, on another address, for IPv6 only, or is not known, stands out', () => {
  const served = (details: Parameters<typeof dockerWorld>[1]) =>
    publishedPorts(dockerWorld(firewall([iptables('nat', docker27)]), details))[0]?.serves
  const on = (...sockets: readonly ReturnType<typeof socket>[]) =>
    served({ nginx: { details: withSockets(sockets) } })
  expect(on(socket('tcp', '127.0.0.1', 80))).toBe('loopback')
  expect(on(socket('tcp', '127.0.0.1', 80), socket('tcp', '172.17.0.3', 80))).toBe('yes')
  expect(on(socket('tcp', '10.9.9.9', 80))).toBe('elsewhere')
  expect(on(socket('tcp', '::', 80, { v6only: true }))).toBe('no')
  expect(on(socket('udp', '0.0.0.0', 80))).toBe('no')
  expect(on(socket('tcp', '0.0.0.0', 80, { state: 'ESTAB' }))).toBe('no')
  expect(served({ nginx: { details: null } })).toBe('unknown')
  expect(served({ nginx: { details: { ...withSockets([]), sockets: { unknown: 'EPERM' } } } })).toBe(
    'unknown',
  )
})

test('a DNAT to an address that nobody here has', () => {
  const given = withNat(
    '-P PREROUTING\n-A PREROUTING -p tcp --dport 81 -j DNAT --to-destination 172.17.0.99:80',
  )
  expect(drawn(given)).toEqual(['0.0.0.0:81/tcp dnat - 172.17.0.99:80 unknown PREROUTING 1'])
  expect(publishedPorts(given)[0]?.listening).toEqual({
    unknown: 'no namespace that was found has 172.17.0.99 for its own',
  })
})

test("Docker with nftables, and the engine's own DNS in a container, which publishes nothing", () => {
  const local = { kind: 'addrtype', side: 'destination', not: false, values: ['local'] } as const
  const jump = {
    matches: [local],
    statements: [{ kind: 'jump', chain: 'nat-prerouting-and-output' } as const],
  }
  const table = nftTable('ip', 'docker-bridges', [
    chain('nat-PREROUTING', [jump], { type: 'nat', hook: 'prerouting' }),
    chain('nat-OUTPUT', [jump], { type: 'nat', hook: 'output' }),
    chain('nat-prerouting-and-output', [
      {
        matches: [
          { kind: 'protocol', not: false, values: ['tcp'] },
          { kind: 'port', side: 'destination', not: false, values: ['8080'] },
        ],
        statements: [{ kind: 'dnat', address: '172.17.0.3', ports: '80', map: null, flags: [] }],
      },
    ]),
  ])
  const dns = iptables(
    'nat',
    `-P OUTPUT
    -A OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT
    -A DOCKER_OUTPUT -d 127.0.0.11/32 -p udp --dport 53 -j DNAT --to-destination 127.0.0.11:41000`,
  )
  const given = dockerWorld(firewall([table]), { nginx: { firewall: firewall([dns]) } })
  expect(drawn(given)).toEqual(['0.0.0.0:8080/tcp dnat nginx1 172.17.0.3:80 yes nat-prerouting-and-output 1'])
})

test('netavark: what the jump asks counts for the rule', () => {
  const given = withNat(`-P PREROUTING
    -A PREROUTING -m addrtype --dst-type LOCAL -j NETAVARK-HOSTPORT-DNAT
    -A NETAVARK-HOSTPORT-DNAT -p tcp --dport 8080:8082 -j NETAVARK-DN-1D8721804F16F
    -A NETAVARK-DN-1D8721804F16F -s 172.17.0.0/16 -p tcp --dport 8080:8082 -j NETAVARK-HOSTPORT-SETMARK
    -A NETAVARK-DN-1D8721804F16F -p tcp --dport 8080:8082 -j DNAT --to-destination 172.17.0.3:80-82
    -A NETAVARK-HOSTPORT-SETMARK -j MARK --set-xmark 0x2000/0x2000`)
  expect(drawn(given)).toEqual([
    '0.0.0.0:8080-8082/tcp dnat nginx1 172.17.0.3:80 yes NETAVARK-DN-1D8721804F16F 2',
  ])
})

test('Kubernetes with iptables: service address, node port, and a pod whose rule names neither', () => {
  const given = withNat(`-P PREROUTING
    -A PREROUTING -j KUBE-SERVICES
    -A KUBE-SERVICES -d 10.96.0.10/32 -p udp --dport 53 -j KUBE-SVC-DNS
    -A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
    -A KUBE-NODEPORTS -p udp --dport 30053 -j KUBE-SVC-DNS
    -A KUBE-SVC-DNS --statistic 0.5 -j KUBE-SEP-A
    -A KUBE-SVC-DNS -j KUBE-SEP-B
    -A KUBE-SEP-A -p udp -j DNAT --to-destination 172.17.0.2:53
    -A KUBE-SEP-B -p udp -j DNAT --to-destination 172.17.0.3:53`)
  expect(drawn(given)).toEqual([
    '10.96.0.10:53/udp dnat redis123 172.17.0.2:53 no KUBE-SEP-A 1',
    '10.96.0.10:53/udp dnat nginx1 172.17.0.3:53 no KUBE-SEP-B 1',
    '0.0.0.0:30053/udp dnat redis123 172.17.0.2:53 no KUBE-SEP-A 1',
    '0.0.0.0:30053/udp dnat nginx1 172.17.0.3:53 no KUBE-SEP-B 1',
  ])
})

test('kube-proxy with nftables: verdict maps of concatenated keys, and maps of targets', () => {
  const key = ['ip daddr', 'meta l4proto', 'th dport']
  const table = nftTable(
    'ip',
    'kube-proxy',
    [
      chain('nat-prerouting', [{ statements: [{ kind: 'vmap', key, map: 'service-ips', elements: [] }] }], {
        type: 'nat',
        hook: 'prerouting',
      }),
      chain('service-x', [
        {
          statements: [
            {
              kind: 'vmap',
              key: ['numgen random mod 1'],
              map: null,
              elements: [{ key: '0', verdict: 'goto endpoint-y' }],
            },
          ],
        },
      ]),
      chain('endpoint-y', [
        {
          matches: [{ kind: 'protocol', not: false, values: ['tcp'] }],
          statements: [{ kind: 'dnat', address: '172.17.0.3', ports: '80', map: null, flags: [] }],
        },
      ]),
      chain(
        'own',
        [
          {
            statements: [
              {
                kind: 'dnat',
                address: null,
                ports: null,
                map: 'tcp dport map { 81 : 172.17.0.2 . 6379, 82 : 172.17.0.3 }',
                flags: [],
              },
              { kind: 'dnat', address: null, ports: null, map: 'udp dport map @by-port', flags: [] },
            ],
          },
        ],
        { type: 'nat', hook: 'prerouting' },
      ),
    ],
    [
      nftMap('service-ips', { '10.96.0.1 . tcp . 443': 'goto service-x' }),
      nftMap('by-port', { '53': '172.17.0.2' }),
    ],
  )
  expect(drawn(dockerWorld(firewall([table])))).toEqual([
    '10.96.0.1:443/tcp dnat nginx1 172.17.0.3:80 yes endpoint-y 1',
    '0.0.0.0:81/tcp dnat redis123 172.17.0.2:6379 yes own 1',
    '0.0.0.0:82/tcp dnat nginx1 172.17.0.3:82 no own 1',
    '0.0.0.0:53/udp dnat redis123 172.17.0.2:53 no own 1',
  ])
})

test("Swarm: through ingress_sbox's mark and IPVS to the task, whose sandbox changes the port", () => {
  // Its other end is in a namespace that only an nsid leads to, as that of an overlay is.
  const elsewhere = [
    loopback(),
    link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex: 9, nsid: nsid(5) } }),
  ]
  const ingress = netns(500, 'ingress_sbox', {
    links: elsewhere,
    addresses: [address(2, '172.18.0.2/16'), address(3, '10.0.0.2/24')],
    firewall: firewall(
      [
        iptables(
          'mangle',
          '-P PREROUTING\n-A PREROUTING -p tcp --dport 8080 -j MARK --set-xmark 0x100/0xffffffff',
        ),
      ],
      {
        ipvs: [
          {
            protocol: null,
            address: null,
            port: null,
            fwmark: 256,
            scheduler: 'rr',
            destinations: [{ address: '10.0.0.7', port: 0, method: 'masq', weight: 1 }],
          },
        ],
      },
    ),
  })
  const task = netns(600, 'task', {
    links: elsewhere,
    addresses: [address(2, '10.0.0.7/24')],
    details: withSockets([socket('tcp', '0.0.0.0', 80)]),
    firewall: firewall([
      iptables(
        'nat',
        '-P PREROUTING\n-A PREROUTING -d 10.0.0.7/32 -p tcp --dport 8080 -j REDIRECT --to-ports 80',
      ),
    ]),
  })
  const base = withNat(`-P PREROUTING
    -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER-INGRESS
    -A DOCKER-INGRESS -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:8080
    -A DOCKER-INGRESS -j RETURN`)
  const engines = [
    engine({
      containers: [container('web.1', netnsId(600), { endpoints: [endpoint('ingress', '10.0.0.7/24')] })],
    }),
  ]
  const given = { ...base, netns: [...base.netns, ingress, task], engines }
  expect(drawn(given)).toEqual(['0.0.0.0:8080/tcp ipvs web.1 10.0.0.7:80 yes DOCKER-INGRESS 1'])
  expect(publishedPorts(given)[0]?.netns).toBe(hostId)
})

const proxy = (pid: number, hostIp: string, hostPort: string): Process => ({
  pid,
  ppid: 1,
  startTime: 1,
  comm: 'docker-proxy',
  uid: 0,
  cgroup: '/',
  netns: hostId,
  namespaces: {},
  args: `docker-proxy -proto tcp -host-ip ${hostIp} -host-port ${hostPort} -container-ip 172.17.0.3 -container-port=80`.split(
    ' ',
  ),
})

test('docker-proxy beside a rule belongs to it; alone it is a port of its own', () => {
  const given = dockerWorld(firewall([iptables('nat', docker27)]), {
    world: { processes: [proxy(7, '0.0.0.0', '8080'), proxy(8, '::', '8080')] },
  })
  expect(drawn(given)).toEqual([
    '0.0.0.0:8080/tcp dnat nginx1 172.17.0.3:80 yes DOCKER 2 docker-proxy',
    '127.0.0.1:53/udp dnat redis123 172.17.0.2:5353 no DOCKER 3',
    ':::8080/tcp proxy nginx1 172.17.0.3:80 yes docker-proxy',
  ])
})

test('what an engine says it publishes, where nothing does it, is not lost and not taken for done', () => {
  const ports = [
    { hostIp: '0.0.0.0', hostPort: 8080, port: 80, protocol: 'tcp' },
    { hostIp: '0.0.0.0', hostPort: 9090, port: 90, protocol: 'tcp' },
  ] as const
  const given = {
    ...withNat(docker27),
    engines: [
      engine({
        containers: [container('nginx1', nginxId, { endpoints: [endpoint('b', '172.17.0.3/16')], ports })],
      }),
    ],
  }
  expect(drawn(given).slice(2)).toEqual(['0.0.0.0:9090/tcp engine nginx1 172.17.0.3:90 no'])
})

test("a rootless engine's helper listens on the host; the engine says for whom", () => {
  const inside = netns(700, 'web', {
    addresses: [address(2, '10.88.0.2/16')],
    details: withSockets([socket('tcp', '127.0.0.1', 80)]),
  })
  const helper = { pid: 9, name: 'rootlessport' }
  const host = netns(100, 'host', {
    links: [loopback()],
    details: withSockets([
      socket('tcp', '0.0.0.0', 8080, { process: helper }),
      socket('tcp', '::', 8081, { process: { pid: 10, name: 'pasta.avx2' } }),
      socket('tcp', '0.0.0.0', 22, { process: { pid: 1, name: 'sshd' } }),
    ]),
    firewall: firewall([]),
  })
  const ports = [{ hostIp: '', hostPort: 8080, port: 80, protocol: 'tcp' }] as const
  const web = container('web', netnsId(700), { endpoints: [endpoint('podman', '10.88.0.2/16')], ports })
  const given = world([host, inside], {
    engines: [engine({ rootless: true, netns: null, containers: [web] })],
  })
  expect(drawn(given)).toEqual([
    '0.0.0.0:8080/tcp rootless web 10.88.0.2:80 loopback rootlessport',
    ':::8081/tcp rootless - ?:8081 unknown pasta.avx2',
  ])
  const unseen = { ...given, netns: [{ ...host, details: null }, inside] }
  expect(drawn(unseen)).toEqual(['0.0.0.0:8080/tcp rootless web 10.88.0.2:80 loopback'])
})

test('IPv6', () => {
  const table = iptables(
    'nat',
    '-P PREROUTING\n-A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination [fd00::3]:80',
    { family: 'ip6' },
  )
  const given = dockerWorld(firewall([table]), {
    nginx: { addresses: [address(2, 'fd00::3/64')], details: withSockets([socket('tcp', '0.0.0.0', 80)]) },
  })
  expect(drawn(given)).toEqual([':::8080/tcp dnat nginx1 fd00::3:80 no PREROUTING 1'])
})

test('calls in a circle end, and rules that could not be read are told', () => {
  const loop = iptables('nat', '-P PREROUTING\n-A PREROUTING -j a\n-A a -j b\n-A b -j a')
  const unread = {
    backend: 'iptables-legacy',
    family: 'ip',
    table: 'nat',
    unknown: 'no tool',
    hint: null,
  } as const
  const given = dockerWorld(firewall([loop], { unread: [unread, { ...unread, table: 'filter' }] }))
  expect(drawn(given)).toEqual([])
  expect(unreadRules(given)).toEqual([{ netns: hostId, unknown: 'iptables-legacy ip: no tool' }])
})
