/** Plans of a World by hand. */
import { planOf } from '../../../src/change/plan-of.ts'
import type { PlanContext } from '../../../src/change/planner.ts'
import { shellText } from '../../../src/change/script.ts'
import type { Intent } from '../../../src/model/intent.ts'
import type { Plan } from '../../../src/model/plan.ts'
import { nsid, netnsId } from '../../../src/model/ids.ts'
import type { World } from '../../../src/model/world.ts'
import { address, link, loopback, netns, port, route, world } from '../../support/world.ts'

export const context: PlanContext = {
  folder: '/run/vethscope/100',
  hostPath: null,
  tools: new Set(['ip', 'tc', 'sysctl', 'nsenter', 'bridge']),
  now: '2026-11-21T16:00:00Z',
}

export function planFor(world: World, intent: Intent, more: Partial<PlanContext> = {}): Plan {
  const plan = planOf(world, intent, { ...context, ...more })
  if (!plan.ok) throw new Error(plan.refusals.map(({ what }) => what).join('; '))
  return plan.value
}

export function refusalsOf(world: World, intent: Intent): readonly string[] {
  const plan = planOf(world, intent, context)
  return plan.ok ? [`not refused: ${plan.value.title}`] : plan.refusals.map(({ what }) => what)
}

/** Each step: what it runs, and what takes it back. */
export function linesOf(plan: Plan): readonly (readonly [string, readonly string[] | string])[] {
  return plan.steps.map(({ command, undo }) => [
    shellText(command),
    'irreversible' in undo ? undo.irreversible : undo.map(shellText),
  ])
}

/** `host` with a bridge and a port, `web` at its other end, and `pid:812`, a container that no name leads to. */
export function small(): World {
  const web = netns(200, 'web', {
    links: [
      loopback(),
      link('veth', {
        ifindex: 2,
        name: 'eth0',
        lladdr: '02:00:00:00:00:02',
        lower: { ifindex: 5, nsid: nsid(0) },
      }),
    ],
    addresses: [address(1, '127.0.0.1/8'), address(2, '10.0.0.2/24')],
    routes: [
      route({ dst: '10.0.0.0/24', oif: 2, protocol: 'kernel', scope: 'link', prefSrc: '10.0.0.2' }),
      route({ dst: 'default', oif: 2, gateway: '10.0.0.1' }),
    ],
    nsids: [{ nsid: nsid(0), id: netnsId(100) }],
  })
  const host = netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    holders: { processes: [40, 1], threads: [], fds: [], sockets: [], mounts: [] },
    links: [
      loopback(),
      link('device', { ifindex: 3, name: 'eth0', lladdr: '52:54:00:00:00:01' }),
      link('bridge', { ifindex: 4, name: 'br0', lladdr: '02:00:00:00:00:04', addrAssignType: 'set' }),
      link('veth', {
        ifindex: 5,
        name: 'veth-web',
        lladdr: '02:00:00:00:00:05',
        master: 4,
        slaveKind: 'bridge',
        lower: { ifindex: 2, nsid: nsid(0) },
        port: { ...port, hairpin: true },
        alias: 'mine',
      }),
      link('bridge', { ifindex: 6, name: 'br1', lladdr: '02:00:00:00:00:06', flags: ['BROADCAST'] }),
    ],
    addresses: [address(4, '10.0.0.1/24')],
    routes: [route({ dst: '10.0.0.0/24', oif: 4, protocol: 'kernel', scope: 'link', prefSrc: '10.0.0.1' })],
    nsids: [{ nsid: nsid(0), id: netnsId(200) }],
  })
  const box = netns(300, '812', {
    names: [{ name: 'sleep', source: 'process', path: '/proc/812/ns/net' }],
    holders: { processes: [812], threads: [], fds: [], sockets: [], mounts: [] },
  })
  return world([host, web, box])
}
