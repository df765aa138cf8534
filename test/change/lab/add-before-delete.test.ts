/** What a node is reached by, and what it reaches others by, is there under the new way before the old one goes. */
import { expect, test } from 'vitest'
import { planOf } from '../../../src/change/plan-of.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Intent } from '../../../src/model/intent.ts'
import type { Lab, LabNode } from '../../../src/model/lab.ts'
import type { World } from '../../../src/model/world.ts'
import { iptables } from '../../support/ruleset.ts'
import { address, link, loopback, netns, route } from '../../support/world.ts'
import { context, hostWorld, network, port } from '../rules/support-rules.ts'

const a = network('a')
const b = network('b', { subnets: [{ subnet: '172.21.0.0/24', gateway: '172.21.0.1', ipRange: null }] })

function webOn(isDefault: 'a' | 'b', ports: LabNode['ports']): LabNode {
  const endpoints = ['a', 'b'].map((on, at) => ({
    network: on,
    link: `eth${at}`,
    hostLink: `v-${on}`,
    mac: `02:00:00:00:00:0${at + 1}`,
    ipv4: `172.2${at}.0.2/24`,
    ipv6: null,
    aliases: [],
    isDefault: on === isDefault,
    links: [],
  }))
  return { name: 'web', mode: 'bridge', of: null, endpoints, ports, created: '' }
}

const accepted =
  '-A FORWARD -o a -d 172.20.0.2/32 -p tcp --dport 80 -m conntrack --ctstate DNAT -m comment --comment "vethscope:a:port:172.20.0.2>80/tcp" -j ACCEPT'

/** Node web on both networks, with its default route by a, on a host whose FORWARD drops. */
function labWorld(ports: LabNode['ports']): World {
  const lab: Lab = { networks: [a, b], nodes: [webOn('a', ports)], masquerades: [], unfinished: null }
  const filter = iptables('filter', accepted)
  const tables = [
    {
      ...filter,
      chains: filter.chains.map((each) => (each.name === 'FORWARD' ? { ...each, policy: 'DROP' } : each)),
    },
  ]
  const links = [
    loopback(),
    link('device', { ifindex: 2, name: 'eth0' }),
    link('bridge', { ifindex: 3, name: 'a' }),
    link('bridge', { ifindex: 4, name: 'b' }),
    link('veth', { ifindex: 5, name: 'v-a', master: 3, alias: 'vethscope:a:web' }),
    link('veth', { ifindex: 6, name: 'v-b', master: 4, alias: 'vethscope:b:web' }),
  ]
  const inside = netns(200, 'web', {
    names: [{ name: 'web', source: 'named', path: '/run/netns/web' }],
    links: [
      loopback(),
      link('veth', { ifindex: 2, name: 'eth0', lladdr: '02:00:00:00:00:01' }),
      link('veth', { ifindex: 3, name: 'eth1', lladdr: '02:00:00:00:00:02' }),
    ],
    addresses: [address(2, '172.20.0.2/24'), address(3, '172.21.0.2/24')],
    routes: [route({ dst: 'default', gateway: '172.20.0.1', oif: 2 })],
  })
  const from = hostWorld({ tables, more: { links } })
  return { ...from, netns: [...from.netns, inside], labs: [{ host: netnsId(1), ...lab }] }
}

function commands(intent: Intent, ports: LabNode['ports'] = []): readonly string[] {
  const plan = planOf(labWorld(ports), intent, { ...context, etcNetns: new Map() })
  if (!plan.ok) throw new Error(plan.refusals.map(({ what }) => what).join('; '))
  return plan.value.steps.map(({ command: { argv, input } }) => `${argv.join(' ')} ${input ?? ''}`)
}

/** Of the only one that says it. */
function at(all: readonly string[], what: RegExp): number {
  const found = all.flatMap((text, at) => (what.test(text) ? [at] : []))
  if (found.length !== 1) throw new Error(`${what}: ${found.length} of\n${all.join('\n')}`)
  return found[0] ?? -1
}

const leave: Intent = { kind: 'net-disconnect', node: 'web', network: 'a' }

test('a default route moves, add before delete: replaced before the link goes that had it', () => {
  const all = commands(leave)
  const moved = at(all, /^ip -n web route replace 0\.0\.0\.0\/0 via 172\.21\.0\.1 dev eth1/)
  expect(moved).toBeLessThan(at(all, /^ip link del dev v-a/))
})

test('a published port moves, add before delete: it leads to the other address before the link goes that it led to', () => {
  const all = commands(leave, [port])
  const gone = at(all, /^ip link del dev v-a/)
  // One transaction: at no moment it leads nowhere.
  expect(at(all, /^nft .*dnat (ip )?to 172\.21\.0\.2/s)).toBeLessThan(gone)
  expect(at(all, /^iptables .*-I FORWARD .*-d 172\.21\.0\.2 .*--dport 80/)).toBeLessThan(gone)
  expect(at(all, /^iptables .*-D FORWARD .*-d 172\.20\.0\.2 .*--dport 80/)).toBeGreaterThan(gone)
  expect(at(all, /^tee \S+\/b\/route_localnet 1/)).toBeLessThan(at(all, /^tee \S+\/a\/route_localnet 0/))
})
