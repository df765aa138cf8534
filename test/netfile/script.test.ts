import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { NetnsName } from '../../src/model/netns.ts'
import type { NetworkFile } from '../../src/model/network-file.ts'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'
import { networkScript } from '../../src/netfile/script.ts'
import { bridge, bridgePort, hostWith, network } from '../change/lab/support-nets.ts'
import { address, link, route } from '../support/world.ts'

const read = (text: string): NetworkFile => {
  const file = readNetworkFile(text, 'x')
  if (!file.ok) throw new Error(file.failure.what)
  return file.value
}

const script = (text: string, world = hostWith()): string => {
  const made = networkScript(world, read(text), ['Head', '', 'second'])
  if (!made.ok) throw new Error(made.failure.what)
  return made.value
}

/** Lines that are run, without here-documents. */
const commands = (text: string): readonly string[] =>
  text
    .replaceAll(/<<'(\w+)'.*\n[^]*?\n\1$/gm, '<<')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))

test('nothing is a script that does nothing', () => {
  expect(script('vethscope: 1')).toBe('#!/bin/sh\n# Head\n# \n# second\nset -eu\n')
})

const lab = `
vethscope: 1
networks: { lab0: { subnets: [10.9.0.0/24] } }
nodes: { web: { networks: [{ name: lab0, ip: 10.9.0.7 }], ports: ["8080:80"] }, joins: { mode: container:elsewhere } }
`

test('a lab: plain commands, no records, nothing that takes it back; forwarding is turned on though here it is on', () => {
  const text = script(lab)
  expect(text).not.toContain('/run/vethscope')
  expect(text).not.toContain('# back:')
  expect(text).toContain('# Not in this script:\n# - node joins: it has the namespace of a container\n')
  const tools = new Set(commands(text).map((line) => line.split(' ')[0] ?? ''))
  const plain = ['set', 'ip', 'nft', 'sysctl', 'tee', 'printf', 'mkdir', 'nsenter', 'conntrack']
  const guard = ['for', '', 'done']
  expect([...tools].toSorted()).toEqual([...plain, ...guard].toSorted())
  expect(text).toContain('# It turns forwarding on, between the other links of the host, too.\n')
  expect(text).toContain('\nsysctl -e -q -w net/ipv4/conf/all/forwarding=1')
  expect(text).toContain('ip netns add web')
  expect(text).toContain('10.9.0.7/24')
  expect(text).toContain('dnat to 10.9.0.7:80')
})

test('what of this lab is there already does not stand in the way of itself', () => {
  const world = hostWith({
    lab: {
      networks: [{ ...network, subnets: [{ subnet: '10.9.0.0/24', gateway: '10.9.0.1', ipRange: null }] }],
    },
    links: [bridge, link('veth', { ifindex: 21, name: 'v-web', ...bridgePort })],
    addresses: [address(20, '10.9.0.1/24')],
    routes: [route({ dst: '10.9.0.0/24', oif: 20, protocol: 'kernel', scope: 'link' })],
  })
  expect(commands(script(lab, world))).toEqual(commands(script(lab)))
})

test('a node of mode host is a name of the host on which the script runs, whatever leads to this one', () => {
  const text = 'vethscope: 1\nnodes: { beside: { mode: host } }'
  const names: readonly NetnsName[] = [
    { name: 'host', source: 'host', path: '/proc/self/ns/net' },
    { name: 'beside', source: 'lab', path: null },
    { name: 'beside', source: 'named', path: '/run/netns/beside' },
  ]
  const holders = { processes: [77], threads: [], fds: [], sockets: [], mounts: [] }
  expect(commands(script(text, hostWith({ netns: { names, holders } })))).toEqual([
    'set -eu',
    'mkdir -p /run/netns',
    'touch /run/netns/beside',
    'mount --bind /proc/self/ns/net /run/netns/beside',
  ])
})

test('what the host must have already is taken as given', () => {
  const text = script(
    `
vethscope: 1
networks:
  wire: { driver: macvlan, parent: eth0, subnets: [192.0.2.0/24] }
  theirs: { bridge: br9, subnets: [10.8.0.0/24] }
  far: { driver: vxlan, vxlan: { vni: 42, local: 192.0.2.10, remotes: [192.0.2.20] } }
nodes: { n: { networks: [{ name: wire, ip: 192.0.2.77 }] } }
`,
    hostWith({ links: [link('bridge', { ifindex: 30, name: 'br9' })] }),
  )
  expect(text).toMatch(/^ip link add link eth0 .*type macvlan/m)
  expect(text).not.toMatch(/^ip link add .*br9/m)
  expect(text).toMatch(/^ip link add .*vx-42.* id 42 /m)
})

test('what cannot be planned says why', () => {
  const made = networkScript(hostWith(), read('vethscope: 1\nnetworks: { x: { bridge: br-gone } }'), [])
  expect(made).toMatchObject({
    ok: false,
    failure: { what: 'no script can be made: there is no bridge br-gone on this host' },
  })
})

const words = (text: string): readonly string[] => text.split(' ')
const hostile = 'it\'s $(touch /tmp/x) `id` "\u001b[31m\u202e" # \\ \n-rf'

test('Docker and Podman by their own commands, in words that no shell takes for something else', () => {
  const text = script(`
vethscope: 1
networks:
  front:
    engine: docker
    driver: macvlan
    parent: eth0
    mode: private
    subnets: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.9, ip_range: 10.1.0.128/25, aux_addresses: { a: 10.1.0.3 } }]
    ipv6: true
    internal: true
    attachable: true
    labels: { x: ${JSON.stringify(hostile)} }
  plain: { engine: docker, icc: false, masquerade: false, mtu: 1400, bridge: br-p, options: { k: v } }
  pods: { engine: podman, mtu: 1400, bridge: br-q, options: { isolate: "true" } }
containers:
  web: { networks: [{ name: front, ip: 10.1.0.130, aliases: [www], links: [db:sql] }, plain] }
  pod: { engine: podman, networks: [{ name: pods, mac: "02:00:00:00:00:01" }] }
`)
  expect(text).not.toMatch(/[^\P{C}\n]/u)
  expect(text).toContain('# - network pods of podman: the name of its bridge, br-q\n')
  // The shell itself tells what the words are.
  const said = (name: string) => `${name}() { printf '%s\\0' ${name} "$@"; printf '\\n\\0'; }`
  const run = spawnSync('sh', ['-s'], {
    input: `${said('docker')}\n${said('podman')}\n${text}`,
    encoding: 'utf8',
  })
  expect({ code: run.status, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
  const argv = run.stdout.split('\0\n\0').map((line) => line.split('\0'))
  const bridgeOption = 'com.docker.network.bridge.'
  expect(argv).toEqual([
    [
      ...words(
        'docker network create --driver macvlan --subnet 10.1.0.0/24 --gateway 10.1.0.9 --ip-range 10.1.0.128/25',
      ),
      ...words(
        '--aux-address a=10.1.0.3 --ipv6 --internal --attachable --opt parent=eth0 --opt macvlan_mode=private',
      ),
      '--label',
      `x=${hostile}`,
      'front',
    ],
    words(
      `docker network create --opt ${bridgeOption}enable_icc=false --opt ${bridgeOption}enable_ip_masquerade=false --opt com.docker.network.driver.mtu=1400 --opt ${bridgeOption}name=br-p --opt k=v plain`,
    ),
    words('podman network create --opt mtu=1400 --opt isolate=true pods'),
    words('docker network connect --ip 10.1.0.130 --alias www --link db:sql front web'),
    words('docker network connect plain web'),
    words('podman network connect --mac-address 02:00:00:00:00:01 pods pod'),
    [''],
  ])
})
