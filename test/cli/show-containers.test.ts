/** `show` and `find` on a host with containers, as text and as JSON; also with names made to break a terminal. */
import { expect, test } from 'vitest'
import { printText } from '../../src/cli/print-text.ts'
import { style } from '../../src/cli/style.ts'
import { describe } from '../../src/command/describe.ts'
import type { Answered } from '../../src/command/result.ts'
import { find } from '../../src/derive/find.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { container, endpoint, engine, network } from '../support/engine.ts'
import { harmful, hostileTexts } from '../support/hostile.ts'
import { engineHost } from '../tui-unit/engine-world.ts'
import { live } from '../tui-unit/screen.ts'

const plain = style({ colour: false, unicode: true })

function shown(world: World, only: string | null = null): readonly string[] {
  const describer = describe(world)
  const result: Answered = {
    kind: 'show',
    data: {
      host: describer.ref(world.host),
      hostName: world.hostName,
      kernel: world.kernel,
      at: world.at,
      netns: world.netns.map(describer.netnsDetail),
      bridges: world.netns.flatMap(describer.bridges),
      gaps: [],
    },
    only: only === null ? null : (world.netns.find(({ id }) => id === only) ?? null),
    world,
    answer: 'yes',
    gaps: [],
  }
  return printText(result, plain)
}

test('the tree with networks, aliases, ports, modes and who shares what', () => {
  const lines = shown(engineHost()).map((line) => line.trim().replaceAll(/ {2,}/g, '  '))
  expect(lines.slice(1)).toEqual([
    'host  ino:100',
    'eth0  device  UP  192.0.2.2/24',
    'docker0  bridge  UP  172.17.0.1/16  network bridge, NAT',
    '├─ veth195490d  veth  UP  = redis123 eth0 (172.17.0.2/16)',
    "│  └─ sidecar  container  running  shares redis123's namespace",
    '└─ vethe8201cd  veth  UP  = nginx1 eth0 (172.17.0.3/16)  :8080>80',
    'br-3d5350  bridge  UP  172.28.5.1/24  network tomcat-net, NAT',
    '└─ veth77ab001  veth  UP  = net-tomcat01 eth0 (172.28.5.2/24)  alias web',
    'veth8c1  veth  UP  = web eth0 (172.17.0.9/16)',
    'not on a bridge',
    'metrics  container  running  mode host',
    'closedc  netns, mode none, 0 links',
    'db  unreadable: permission denied',
    'hidden nsid 5 of task1  overlay ov1 vni 4097, unreadable: no file leads there',
    'openc  netns, 1 link',
    '└─ dummy0  dummy  UP  10.9.0.1/24',
    'task1  netns, mode network ov1, 1 link',
    '└─ eth0  veth  UP  10.0.1.5/24  = ? its namespace could not be read: no file leads there',
  ])
})

test('one namespace tells all containers that use it', () => {
  const lines = shown(engineHost(), '203').map((line) => line.trim().replaceAll(/ {2,}/g, '  '))
  expect(lines).toContain(
    'net-tomcat01  docker 6e65742d746f  running  mode network tomcat-net  on tomcat-net 172.28.5.2/24 alias web',
  )
  expect(
    shown(engineHost(), '201')
      .filter((line) => /redis123|sidecar/.test(line))
      .join('\n'),
  ).toMatch(/redis123 +docker .* mode bridge.*\n +sidecar +docker .* mode container/s)
})

test('a bridge in JSON has its network and whether it translates', () => {
  const world = engineHost()
  const bridges = world.netns.flatMap(describe(world).bridges)
  expect(bridges.map(({ name, network: of, nat }) => [name, of?.name, nat])).toEqual([
    ['docker0', 'bridge', true],
    ['br-3d5350', 'tomcat-net', true],
  ])
  expect(describe(world).netns(world.netns[1] ?? never()).containers).toEqual(['redis123', 'sidecar'])
})

const never = (): never => {
  throw new Error('not there')
}

test.each(Object.entries(hostileTexts))('%s in an engine’s names does no harm', (_, evil) => {
  const hostile = engine(
    [
      container('redis123', 201, {
        name: evil,
        mode: evil,
        image: evil,
        state: evil,
        hostName: evil,
        error: evil,
        labels: { 'com.docker.compose.project': evil, 'com.docker.compose.service': evil },
        endpoints: [endpoint(evil, { ipv4: '172.17.0.2/16', mac: evil, gateway: evil, aliases: [evil] })],
        ports: [{ hostIp: evil, hostPort: 1, port: 2, protocol: 'tcp' }],
      }),
      container(evil, 201, { modeKind: 'container', joins: 'x' }),
      container(evil, 100, { modeKind: 'host' }),
    ],
    { networks: [network(evil, 'docker0', { driver: evil, subnets: [{ subnet: evil, gateway: evil }] })] },
  )
  const world = engineHost([hostile])
  const found = find(world, 'veth195490d')
  const texts = [
    ...shown(world),
    ...shown(world, netnsId(201)),
    ...printText({ kind: 'found', data: [...found, ...find(world, evil)], answer: 'yes', gaps: [] }, plain),
  ]
  for (const text of texts) expect(text).not.toMatch(harmful)
  for (const size of [
    { columns: 80, rows: 24 },
    { columns: 120, rows: 40 },
  ]) {
    const it = live(world, { size })
    for (const row of ['veth195490d', 'docker0']) {
      it.keys('f')
      it.type(row)
      for (const line of it.text().split('\n')) expect(line).not.toMatch(harmful)
      it.keys('enter', 'right')
      for (const line of it.text().split('\n')) expect(line).not.toMatch(harmful)
      for (const line of it.text().split('\n'))
        expect(Array.from(line).length).toBeLessThanOrEqual(size.columns)
    }
  }
})
