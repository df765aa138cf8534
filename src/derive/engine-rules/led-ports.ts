/** Where ports of the host lead, and in which order that was set up: told by docker-proxy, and by the rules that are left. */
import { normalIp } from '../../lib/ip.ts'
import type { Engine } from '../../model/engine.ts'
import { listOf } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { publishedByProxies } from '../ports/by-processes.ts'

/** `HOSTIP PORT PROTOCOL` → which address of a container it leads to, and its place in the order. */
export type Led = ReadonlyMap<string, { readonly at: number; readonly address: string }>

/** For each port a proxy is started and then its rule is written, so processes tell the order of rules that are gone. */
export function ledPorts(world: World, engine: Engine): Led {
  const found = publishedByProxies(world).filter(({ netns }) => netns === engine.netns)
  const started = new Map(listOf(world.processes).map(({ pid, startTime }) => [pid, startTime]))
  const pidOf = (each: (typeof found)[number]): number => each.process?.pid ?? 0
  const timeOf = (each: (typeof found)[number]): number => started.get(pidOf(each)) ?? 0
  const sorted = found.toSorted((a, b) => timeOf(a) - timeOf(b) || pidOf(a) - pidOf(b))
  const byProxy = sorted.map(({ hostIp, hostPort, protocol, to }): readonly [string, string] => [
    `${hostIp} ${hostPort} ${protocol}`,
    to.address ?? '',
  ])
  const all = byProxy.length > 0 ? byProxy : byRules(world, engine)
  return new Map(all.map(([key, address], at) => [key, { at, address: normalIp(address) ?? address }]))
}

function byRules(world: World, engine: Engine): readonly (readonly [string, string])[] {
  const tables = world.netns.find(({ id }) => id === engine.netns)?.firewall?.tables ?? []
  return tables
    .filter(({ backend, name }) => backend !== 'nft' && name === 'nat')
    .flatMap(({ family, chains }) =>
      chains
        .filter(({ name }) => name === 'DOCKER')
        .flatMap(({ rules }) => rules)
        .flatMap(({ text }): readonly (readonly [string, string])[] => {
          const [, protocol, port, target = ''] =
            / -p (\w+) .*--dport (\d+) -j DNAT --to-destination (\S+)$/.exec(` ${text}`) ?? []
          const address = target.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
          if (protocol === undefined) return []
          const own = /(?:^| )-d ([^ /]+)/.exec(text)?.[1]
          const every = family === 'ip' ? '0.0.0.0' : '::'
          return [[`${own ?? every} ${port} ${protocol}`, address]]
        }),
    )
}
