/** Wishes, hosts and plans for the tests of lab networks. */
import { planOf } from '../../../src/change/plan-of.ts'
import type { PlanContext } from '../../../src/change/planner.ts'
import type { Address } from '../../../src/model/address.ts'
import type { Intent, IntentOf } from '../../../src/model/intent.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Lab, LabNetwork, LabNode } from '../../../src/model/lab.ts'
import type { Inet6Conf, Link } from '../../../src/model/link.ts'
import type { Netns } from '../../../src/model/netns.ts'
import type { Route } from '../../../src/model/route.ts'
import type { Plan } from '../../../src/model/plan.ts'
import type { World } from '../../../src/model/world.ts'
import { network as lab } from '../../support/lab-wishes.ts'
import { address, link, loopback, netns, port, route, world } from '../../support/world.ts'

export const context: PlanContext = {
  folder: '/run/vethscope/100',
  hostPath: null,
  tools: new Set(['ip', 'bridge', 'nft', 'sysctl', 'nsenter']),
  now: '2026-11-21T14:00:00.000Z',
}

export function wish({
  name = 'lab0',
  ...fields
}: Partial<IntentOf<'net-create'>> = {}): IntentOf<'net-create'> {
  return lab(name, fields)
}

export const inet6: Inet6Conf = { disableIpv6: 0, forwarding: 0, acceptRa: 1, acceptDad: 1, proxyNdp: 0 }

export const uplink = link('veth', { ifindex: 2, name: 'eth0', lladdr: '02:00:00:00:00:02', inet6 })

/** As `sysctl` names them. */
const sysctls = {
  'ipv4.ip_forward': '1',
  'ipv4.conf.all.forwarding': '1',
  'ipv4.conf.default.forwarding': '1',
  'ipv6.conf.all.forwarding': '1',
  'ipv6.conf.default.forwarding': '1',
  'ipv6.conf.all.disable_ipv6': '0',
  'ipv6.conf.default.disable_ipv6': '0',
}

/** 192.0.2.10/24 on eth0, with a default route; and what else is given. */
export function hostWith(
  fields: {
    readonly links?: readonly Link[]
    readonly addresses?: readonly Address[]
    readonly routes?: readonly Route[]
    readonly netns?: Partial<Netns>
    readonly lab?: Partial<Lab>
    readonly world?: Partial<World>
  } = {},
): World {
  const host = netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    links: [{ ...loopback(), inet6 }, uplink, ...(fields.links ?? [])],
    addresses: [address(2, '192.0.2.10/24'), ...(fields.addresses ?? [])],
    routes: [
      route({ dst: 'default', gateway: '192.0.2.1', oif: 2 }),
      route({ dst: '192.0.2.0/24', oif: 2, protocol: 'kernel', scope: 'link' }),
      ...(fields.routes ?? []),
    ],
    details: {
      sysctls,
      sockets: [],
      qdiscs: [],
      filters: [],
      xfrmPolicies: [],
      programs: [],
      counters: {},
    },
    firewall: { generation: 1, tables: [], unread: [], ipsets: [], ipvs: [] },
    ...fields.netns,
  })
  const lab = {
    host: netnsId(100),
    networks: [],
    nodes: [],
    masquerades: [],
    unfinished: null,
    ...fields.lab,
  }
  return world([host], { labs: [lab], ...fields.world })
}

export const network: LabNetwork = {
  name: 'lab0',
  driver: 'bridge',
  bridge: 'lab0',
  ownsBridge: true,
  parent: null,
  mode: null,
  vxlan: null,
  subnets: [{ subnet: '172.20.0.0/16', gateway: '172.20.0.1', ipRange: null }],
  mtu: 1500,
  mac: '02:00:00:00:00:20',
  internal: false,
  ipv6: false,
  icc: true,
  masquerade: true,
  acceptInForeign: false,
  options: {},
  labels: {},
  created: '2026-11-21T13:00:00.000Z',
}

export const bridge = link('bridge', {
  ifindex: 20,
  name: 'lab0',
  alias: 'vethscope:lab0',
  lladdr: '02:00:00:00:00:20',
  inet6,
})

export const bridgePort = { master: 20, slaveKind: 'bridge', port } as const

export function member(name: string, of = 'lab0'): LabNode {
  return {
    name,
    mode: 'bridge',
    of: null,
    endpoints: [
      {
        network: of,
        link: 'eth0',
        hostLink: `v-${name}`,
        mac: '02:00:00:00:00:30',
        ipv4: '172.20.0.2/16',
        ipv6: null,
        aliases: [],
        isDefault: true,
        links: [],
      },
    ],
    ports: [],
    created: '2026-11-21T13:00:00.000Z',
  }
}

/** The plan, or why not. */
export function planFor(
  of: World,
  intent: Intent,
  with_: Partial<PlanContext> = {},
): Plan | readonly string[] {
  const plan = planOf(of, intent, { ...context, ...with_ })
  return plan.ok ? plan.value : plan.refusals.map(({ what }) => what)
}

export function made(of: World, intent: Intent): Plan {
  const plan = planFor(of, intent)
  if (!('steps' in plan)) throw new Error(plan.join('; '))
  return plan
}

/** Its commands on links, addresses and forwarding tables: neither those of rules nor those of files. */
export function commands({ steps }: Pick<Plan, 'steps'>): readonly string[] {
  return steps.map(({ command }) => command.argv.join(' ')).filter((line) => /^(ip|bridge) /.test(line))
}

/** The network that a plan writes down. */
export function written({ steps }: Plan): LabNetwork {
  const text = steps.find(({ command }) => command.argv[1]?.includes('/lab/network-') === true)?.command.input
  if (text === undefined) throw new Error('no network is written down')
  return JSON.parse(text) as LabNetwork
}
