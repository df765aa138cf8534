/** What a file asks for, planned and imagined, is exported as a file that asks for nothing more; and that makes the same again. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { worldAfter } from '../../src/change/file/world-after.ts'
import type { NetworkFile } from '../../src/model/network-file.ts'
import type { World } from '../../src/model/world.ts'
import { networkFileOf } from '../../src/netfile/from-world.ts'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'
import { networkFileText } from '../../src/netfile/write-network-file.ts'
import { context, hostWith, made } from '../change/lab/support-nets.ts'
import { container, engine } from '../support/docker-world.ts'
import { link } from '../support/world.ts'

const docker = engine({
  endpoint: '/run/docker.sock',
  version: '28.1.1',
  containers: [container('pg', null, { pid: 7 }), container('memcached', null, { pid: 8 })],
})
const start = hostWith({
  links: [link('bridge', { ifindex: 30, name: 'br-theirs' })],
  world: { engines: [docker] },
})

const read = (text: string): NetworkFile => {
  const file = readNetworkFile(text, 'x')
  if (!file.ok) throw new Error(file.failure.what)
  return file.value
}

const plan = (world: World, file: NetworkFile) => made(world, { kind: 'net-apply', file, remove: false })

const applied = (world: World, file: NetworkFile): World =>
  worldAfter({ world, context: { ...context, etcNetns: null } }, plan(world, file)).world

const exported = (world: World): NetworkFile => {
  const all = networkFileOf(world, { networks: [] })
  if (!all.ok) throw new Error(all.failure.what)
  const [yaml, json] = (['yaml', 'json'] as const).map((format) =>
    read(networkFileText(all.value.file, { format, head: ['x'] })),
  )
  expect(yaml).toEqual(json)
  expect(all.value.left).toEqual([])
  return yaml as NetworkFile
}

const files: Readonly<Record<string, string>> = {
  'networks of all kinds': `
vethscope: 1
networks:
  auto: {}
  six: { ipv6: true, mtu: 1400 }
  given: { subnets: [{ subnet: 10.9.0.0/24, gateway: 10.9.0.9, ip_range: 10.9.0.128/25 }], internal: true, icc: false }
  named: { options: { com.docker.network.bridge.name: br77 }, labels: { answer: "no" }, masquerade: false }
  theirs: { bridge: br-theirs, subnets: [10.8.0.0/24] }
  own-mac: { mac: "02:00:00:00:00:77" }
  wire: { driver: macvlan, parent: eth0, subnets: [192.0.2.0/24], mode: private }
  far: { driver: vxlan, vxlan: { vni: 42, local: 192.0.2.10, remotes: [192.0.2.20] } }`,
  nodes: `
vethscope: 1
networks: { a: { subnets: [10.1.0.0/24, fd01::/64] }, b: { internal: true } }
nodes:
  zdb: { networks: [a] }
  app:
    networks: [{ name: a, ip: 10.1.0.77, aliases: [www], links: [zdb:store], mac: "02:00:00:00:00:88" }, b]
    ports: ["8080-8082:80-82", "127.0.0.1:53:53/udp", "[::]:9000:9000"]
    hosts: { far: 10.0.0.1 }
  inner: { networks: [b] }
  none: { mode: none }
  same: { mode: container:app }
  own: { mode: host }`,
  'links and routes': `
vethscope: 1
nodes:
  a: { mode: none, routes: [{ to: default, via: 10.0.0.2 }, { to: 10.5.0.0/16, link: up, metric: 7 }] }
  b: { mode: none, routes: [{ to: fd05::/64, via: "fd00::1" }] }
links:
  - ends: [{ in: a, name: up, addresses: [10.0.0.1/24, fd00::1/64] }, { in: b, name: down, addresses: [10.0.0.2/24, fd00::2/64] }]
    mtu: 1400
  - ends: [{ in: host, name: wire }, { in: b, name: out }]`,
  'networks of Docker': `
vethscope: 1
networks:
  front:
    engine: docker
    subnets: [{ subnet: 10.7.0.0/24, gateway: 10.7.0.1, aux_addresses: { router: 10.7.0.5 } }]
    icc: false
    masquerade: false
    mtu: 1400
    bridge: br-front
    attachable: true
    labels: { a: b }
    options: { com.docker.network.bridge.host_binding_ipv4: 127.0.0.1 }
  back: { engine: docker, subnets: [10.6.0.0/24], internal: true }
  wire: { engine: docker, driver: macvlan, parent: eth0, mode: private, subnets: [192.0.2.0/24] }
containers:
  pg: { networks: [{ name: back, ip: 10.6.0.7, aliases: [store] }, front] }
  memcached: { networks: [{ name: back, ip: 10.6.0.8 }] }`,
}

const root = new URL('../../', import.meta.url)
/** Those of an overlay are of several hosts (test/live/net-export-examples.test.ts). */
const examples = readdirSync(new URL('examples/', root)).filter((name) => name.endsWith('.yaml'))

test.each([
  ...Object.entries(files),
  ...examples.map((name) => [name, readFileSync(new URL(`examples/${name}`, root), 'utf8')] as const),
])('%s: apply → export → apply is empty, and on an empty host it makes the same', (_, text) => {
  const after = applied(start, read(text))
  const file = exported(after)
  expect(Object.keys(file)).toEqual(Object.keys(read(text)))
  const again = plan(after, file)
  expect({ steps: again.steps.map(({ title }) => title), notes: again.notes }).toEqual({
    steps: [],
    notes: ['all of it is there'],
  })
  // The order in which links were made, and so their MAC addresses, do not follow from a file.
  const second = applied(start, file)
  expect(exported(second)).toEqual(file)
  expect(second.labs).toEqual(after.labs)
})
