/** A link's place on a bridge (or in a bond, a vrf), as it was. */
import { isUnknown } from '../../model/known.ts'
import type { BridgePort } from '../../model/link.ts'
import type { Command } from '../../model/plan.ts'
import { indexOf } from '../../derive/netns-index.ts'
import { restoreFdb } from './neighbours.ts'
import { nameAt, type Site } from './site.ts'
import { inOrder, type Undo } from './undo.ts'

/** What a new port has (net/bridge/br_if.c); the cost is that of 10 Gbit/s, as which a veth counts. */
const usual = {
  priority: 32,
  cost: 2,
  hairpin: false,
  guard: false,
  learning: true,
  flood: true,
  mcastFlood: true,
  neighSuppress: false,
  proxyArp: false,
  isolated: false,
  locked: false,
} as const

type Option = keyof typeof usual

const words: { readonly [K in Option]: string } = {
  priority: 'priority',
  cost: 'cost',
  hairpin: 'hairpin',
  guard: 'guard',
  learning: 'learning',
  flood: 'flood',
  mcastFlood: 'mcast_flood',
  neighSuppress: 'neigh_suppress',
  proxyArp: 'proxy_arp',
  isolated: 'isolated',
  locked: 'locked',
}

/** On its master again, with its options, VLANs and forwarding entries. */
export function restorePort(site: Site): Undo {
  const { link, spot } = site
  if (link.master === null) return []
  const master = nameAt(site, link.master)
  if (master === null) return { irreversible: `the master of ${link.name} could not be read` }
  const attach = spot.ip('link', 'set', 'dev', link.name, 'master', master)
  if (isUnknown(link.port))
    return { irreversible: `the port options of ${link.name} could not be read: ${link.port.unknown}` }
  if (link.port === null) return [attach]
  return inOrder([attach], options(site, link.port), vlans(site, link.port), restoreFdb(site, 'master'))
}

function options({ spot, link }: Site, port: BridgePort): readonly Command[] {
  const differing = (Object.keys(usual) as readonly Option[]).flatMap((option) => {
    const value = port[option]
    if (value === usual[option]) return []
    return [words[option], typeof value === 'number' ? String(value) : value ? 'on' : 'off']
  })
  return differing.length === 0
    ? []
    : [spot.ip('link', 'set', 'dev', link.name, 'type', 'bridge_slave', ...differing)]
}

/** A new port is in the bridge's default VLAN. */
function vlans(site: Site, port: BridgePort): Undo {
  const { link, netns, spot } = site
  const bridge = link.master === null ? undefined : indexOf(netns).links.get(link.master)
  if (bridge?.kind !== 'bridge' || isUnknown(bridge.bridge) || !bridge.bridge.vlanFiltering) return []
  if (isUnknown(port.vlans))
    return { irreversible: `the VLANs of ${link.name} could not be read: ${port.vlans.unknown}` }
  const { defaultPvid } = bridge.bridge
  const isKept = port.vlans.some(({ vid }) => vid === defaultPvid)
  const command = (...args: readonly string[]) => spot.inside(['bridge', 'vlan', ...args])
  return [
    ...(defaultPvid === null || defaultPvid === 0 || isKept
      ? []
      : [command('del', 'dev', link.name, 'vid', String(defaultPvid))]),
    ...port.vlans.map(({ vid, pvid, untagged }) =>
      command(
        'add',
        'dev',
        link.name,
        'vid',
        String(vid),
        ...(pvid ? ['pvid'] : []),
        ...(untagged ? ['untagged'] : []),
      ),
    ),
  ]
}
