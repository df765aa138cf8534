/** What is typed with `--engine docker` or `podman` → what is asked for. */
import { expect, test } from 'vitest'
import { netCommands } from '../../src/command/net-commands.ts'
import { netCreate } from '../../src/command/net-create.ts'
import { intentSchema } from '../../src/model/intent.ts'
import { typed } from '../support/typed.ts'

const created = {
  kind: 'engine-net-create',
  engine: 'docker',
  name: 'n',
  driver: 'bridge',
  subnets: [],
  ipv6: false,
  internal: false,
  attachable: false,
  ingress: false,
  options: {},
  labels: {},
  swarmWide: false,
}
const connection = { network: 'n', aliases: [], links: [], linkLocal: [], options: {} }
const bridge = 'com.docker.network.bridge.'

test.each<readonly [string, readonly object[]]>([
  ['net create n --engine docker', [created]],
  [
    'net create n --engine podman --socket /run/p.sock --driver macvlan --parent eth0 --mode private',
    [
      {
        ...created,
        engine: 'podman',
        socket: '/run/p.sock',
        driver: 'macvlan',
        options: { parent: 'eth0', macvlan_mode: 'private' },
      },
    ],
  ],
  [
    'net create n --engine docker --driver ipvlan --mode l3',
    [{ ...created, driver: 'ipvlan', options: { ipvlan_mode: 'l3' } }],
  ],
  [
    'net create n --engine docker --subnet 10.0.0.0/24 --subnet fd00::/64 --gateway fd00::5 --ip-range 10.0.0.128/25 --aux-address a=10.0.0.9 --aux-address b=fd00::9 --ipv6 --internal --attachable --label a=b --label c',
    [
      {
        ...created,
        subnets: [
          { subnet: '10.0.0.0/24', ipRange: '10.0.0.128/25', auxAddresses: { a: '10.0.0.9' } },
          { subnet: 'fd00::/64', gateway: 'fd00::5', auxAddresses: { b: 'fd00::9' } },
        ],
        ipv6: true,
        internal: true,
        attachable: true,
        labels: { a: 'b', c: '' },
      },
    ],
  ],
  [
    'net create n --engine docker --mtu 1400 --icc=false --ip-masq=false --bridge br9 --host-binding 127.0.0.1 --gateway-mode routed --gateway-mode-6 nat --trusted-host-interfaces eth0:eth1 --opt a=b',
    [
      {
        ...created,
        options: {
          a: 'b',
          'com.docker.network.driver.mtu': '1400',
          [`${bridge}enable_icc`]: 'false',
          [`${bridge}enable_ip_masquerade`]: 'false',
          [`${bridge}name`]: 'br9',
          [`${bridge}host_binding_ipv4`]: '127.0.0.1',
          [`${bridge}gateway_mode_ipv4`]: 'routed',
          [`${bridge}gateway_mode_ipv6`]: 'nat',
          [`${bridge}trusted_host_interfaces`]: 'eth0:eth1',
        },
      },
    ],
  ],
  [
    'net create n --engine docker --driver overlay --attachable --swarm-wide --opt encrypted',
    [{ ...created, driver: 'overlay', attachable: true, swarmWide: true, options: { encrypted: '' } }],
  ],
  [
    'net rm a b --engine docker --force',
    ['a', 'b'].map((name) => ({
      kind: 'engine-net-rm',
      engine: 'docker',
      name,
      force: true,
      swarmWide: false,
    })),
  ],
  [
    'net create n --engine podman --subnet fd00::/64 --subnet 10.0.0.0/24 --ip-range 10.0.0.10-10.0.0.20 --ip-range fd00::5-',
    [
      {
        ...created,
        engine: 'podman',
        subnets: [
          { subnet: 'fd00::/64', ipRange: 'fd00::5-', auxAddresses: {} },
          { subnet: '10.0.0.0/24', ipRange: '10.0.0.10-10.0.0.20', auxAddresses: {} },
        ],
      },
    ],
  ],
  ['net prune --engine podman', [{ kind: 'engine-net-prune', engine: 'podman' }]],
  [
    'net connect n c1 --engine docker',
    [{ kind: 'engine-net-connect', engine: 'docker', container: 'c1', connection }],
  ],
  [
    'net connect n c1 --engine docker --socket /d.sock --ip 10.0.0.5 --ip6 fd00::5 --alias a --alias b --link c2:x --mac-address 02:00:00:00:00:01 --link-local-ip 169.254.1.1 --driver-opt k=v',
    [
      {
        kind: 'engine-net-connect',
        engine: 'docker',
        socket: '/d.sock',
        container: 'c1',
        connection: {
          network: 'n',
          ip: '10.0.0.5',
          ip6: 'fd00::5',
          mac: '02:00:00:00:00:01',
          aliases: ['a', 'b'],
          links: ['c2:x'],
          linkLocal: ['169.254.1.1'],
          options: { k: 'v' },
        },
      },
    ],
  ],
  [
    'net disconnect n c1 --engine docker --force',
    [{ kind: 'engine-net-disconnect', engine: 'docker', container: 'c1', network: 'n', force: true }],
  ],
])('%s', async (line, intents) => {
  const asked = await typed(line.split(' '), [netCreate, ...netCommands])
  expect(asked).toEqual(intents)
  for (const intent of asked) expect(intentSchema.safeParse(intent).success).toBe(true)
})

test.each([
  ['--subnet 10.0.0.0/24,fd00::/64 --gateway 10.0.0.1', '"10.0.0.0/24,fd00::/64" is no network'],
  ['--subnet 10.0.0.0/24 --gateway 10.1.0.1', '--gateway 10.1.0.1 is outside of 10.0.0.0/24'],
  ['--gateway 10.1.0.1', '--gateway 10.1.0.1 without --subnet: of which subnet?'],
])('net create %s', async (options, says) => {
  const line = `net create n --engine docker ${options}`
  await expect(typed(line.split(' '), [netCreate])).rejects.toThrow(says)
})
