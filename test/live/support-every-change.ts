/** A host with much on it, a lab too, and on it every kind of change there is. */
import type { Intent } from '../../src/model/intent.ts'
import type { TestHost } from '../support/host.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { richHost } from './support-rich-host.ts'

/** What the lab is made of before. */
const lab: readonly Intent[] = [
  network('lab0', { subnets: ['172.30.0.0/24', 'fd00:30::/64'], ipv6: true }),
  network('lab1', { subnets: ['172.31.0.0/24'], icc: false }),
  network('unused', { subnets: ['172.29.0.0/24'] }),
  node('n0', [on('lab0', { aliases: ['www'] })], { ports: ['8080:80'] }),
  node('n1', [on('lab0'), on('lab1')]),
  { kind: 'masquerade-add', netns: 'host', subnet: '10.70.0.0/24' },
]

export async function everyChangeHost(): Promise<{ readonly host: TestHost; readonly runner: LabRunner }> {
  const host = await richHost()
  // A link that was up once has a queueing discipline for good.
  for (const link of ['br1', 'loose', 'tight']) host.ip(`link set ${link} up`, `link set ${link} down`)
  const runner = await labOn(host)
  for (const intent of lab) await runner.change(intent)
  return { host, runner }
}

/** What needs an engine has its own tests on a real one (test/engine/change-*), a file of networks too. */
type Elsewhere = Extract<Intent['kind'], `engine-${string}` | 'rules-restore' | 'net-apply'>

/** Each from the host as it was built. The type asks for every kind. */
const ofKind: {
  readonly [K in Exclude<Intent['kind'], Elsewhere>]: readonly Extract<Intent, { readonly kind: K }>[]
} = {
  'netns-add': [{ kind: 'netns-add', name: 'new' }],
  'netns-rm': [{ kind: 'netns-rm', name: 'empty' }],
  'veth-add': [
    {
      kind: 'veth-add',
      netns: 'web',
      link: 'x0',
      peerNetns: 'db',
      peerLink: 'x0',
      mtu: 1400,
      mac: '02:aa:00:00:00:01',
      up: true,
    },
  ],
  'link-rm': [{ kind: 'link-rm', netns: 'host', link: 'p0' }],
  'link-move': [{ kind: 'link-move', netns: 'host', link: 'p0', to: 'db', name: 'moved' }],
  'link-rename': [{ kind: 'link-rename', netns: 'host', link: 'h0', name: 'uplink' }],
  'link-up': [{ kind: 'link-up', netns: 'host', link: 'br1' }],
  'link-down': [{ kind: 'link-down', netns: 'web', link: 'eth0' }],
  'link-attach': [{ kind: 'link-attach', netns: 'host', link: 'loose', bridge: 'br1' }],
  'link-detach': [{ kind: 'link-detach', netns: 'host', link: 'p0' }],
  'link-mtu': [{ kind: 'link-mtu', netns: 'host', link: 'h0', mtu: 1000 }],
  'addr-add': [{ kind: 'addr-add', netns: 'web', link: 'eth0', address: 'fd99::1/64' }],
  'addr-rm': [{ kind: 'addr-rm', netns: 'host', link: 'h0', address: '10.1.0.1/24' }],
  'route-add': [{ kind: 'route-add', netns: 'host', destination: '10.91.0.0/16', via: '10.1.0.9' }],
  'route-rm': [{ kind: 'route-rm', netns: 'host', destination: '10.51.0.0/16' }],
  'bridge-add': [{ kind: 'bridge-add', netns: 'web', link: 'b9', mtu: 1400, up: true }],
  'bridge-rm': [{ kind: 'bridge-rm', netns: 'host', link: 'br0' }],
  'sysctl-set': [{ kind: 'sysctl-set', netns: 'host', name: 'ipv6.conf.h0.disable_ipv6', value: '1' }],
  'masquerade-add': [{ kind: 'masquerade-add', netns: 'web', subnet: '10.71.0.0/24', out: 'eth0' }],
  'masquerade-rm': [{ kind: 'masquerade-rm', netns: 'host', subnet: '10.70.0.0/24' }],
  'net-create': [
    network('made', { subnets: ['172.28.0.0/24', 'fd00:28::/64'], ipv6: true, icc: false }),
    network('inner', { subnets: ['172.28.0.0/24'], internal: true }),
    network('mine', { subnets: ['172.28.0.0/24'], bridge: 'br1' }),
    network('mv', { driver: 'macvlan', parent: 'loose', subnets: ['172.28.0.0/24'] }),
    network('vx', {
      driver: 'vxlan',
      vni: 77,
      local: '10.1.0.1',
      remotes: ['10.1.0.9'],
      subnets: ['172.28.0.0/24'],
    }),
  ],
  'net-rm': [{ kind: 'net-rm', name: 'unused' }],
  'net-prune': [{ kind: 'net-prune' }],
  'net-connect': [{ kind: 'net-connect', node: 'n0', connection: on('lab1', { links: ['n1:other'] }) }],
  'net-disconnect': [{ kind: 'net-disconnect', node: 'n1', network: 'lab0' }],
  'net-publish': [{ kind: 'net-publish', node: 'n1', ports: ['9000-9001:90-91/udp'] }],
  'net-unpublish': [{ kind: 'net-unpublish', node: 'n0', ports: ['8080:80'] }],
  'node-add': [
    node('n2', [on('lab0'), on('lab1', { ip: '172.31.0.77' })], { ports: ['7000:70'] }),
    node('alone', [], { mode: 'none' }),
    node('same', [], { mode: 'host' }),
    node('beside', [], { mode: 'container', of: 'n0' }),
  ],
  'node-rm': [
    { kind: 'node-rm', name: 'n0' },
    { kind: 'node-rm', name: 'n1' },
  ],
}

export const everyChange: readonly Intent[] = Object.values(ofKind).flat()
