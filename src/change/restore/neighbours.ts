/** Neighbours and forwarding entries that somebody set by hand, as they were. What was learnt is learnt again. */
import { indexOf } from '../../derive/netns-index.ts'
import type { Family } from '../../lib/ip.ts'
import { listOf } from '../../model/known.ts'
import type { FdbEntry, Neighbour } from '../../model/neighbour.ts'
import type { Command } from '../../model/plan.ts'
import { nameAt, type Site } from './site.ts'
import type { Undo } from './undo.ts'

/** The kernel forgets also the permanent ones when the link goes down or its MAC address changes (neigh_ifdown, neigh_changeaddr). */
export function restoreNeighbours(site: Site, family: Family | null = null): Undo {
  return listOf(site.netns.neighbours)
    .filter((each) => each.ifindex === site.link.ifindex && isByHand(each))
    .filter((each) => family === null || each.family === family)
    .map((each) => neighbourCommand(site, each))
}

function isByHand({ state, flags }: Neighbour): boolean {
  return state === 'PERMANENT' || flags.includes('proxy')
}

function neighbourCommand({ spot, link }: Site, { dst, lladdr, flags }: Neighbour): Command {
  if (flags.includes('proxy')) return spot.ip('neighbour', 'replace', 'proxy', dst, 'dev', link.name)
  return spot.ip(
    'neighbour',
    'replace',
    dst,
    ...(lladdr === null ? [] : ['lladdr', lladdr]),
    'dev',
    link.name,
    'nud',
    'permanent',
    ...(flags.includes('router') ? ['router'] : []),
  )
}

/** Entries on the link as a port of its bridge (`master`), and its own (`self`: remotes of a vxlan, addresses it listens to). */
export function restoreFdb(site: Site, of: 'master' | 'self' | 'all' = 'all'): Undo {
  const { netns, link } = site
  const own = new Set([...indexOf(netns).links.values()].map(({ lladdr }) => lladdr))
  return listOf(netns.fdb)
    .filter(
      (each) => each.ifindex === link.ifindex && (each.state === 'permanent' || each.state === 'static'),
    )
    .filter((each) => !(each.dst === null && (own.has(each.lladdr) || isGroup(each.lladdr))))
    .filter((each) => of === 'all' || (each.master !== null) === (of === 'master'))
    .map((each) => fdbCommand(site, each))
}

/** Links listen to some of them by themselves. */
function isGroup(lladdr: string): boolean {
  return Number.parseInt(lladdr.slice(0, 2), 16) % 2 === 1
}

/** `append` where one MAC address may have several remotes. */
function fdbCommand(site: Site, entry: FdbEntry): Command {
  const { lladdr, vlan, master, dst, vni, port, via, state, flags, nexthopId } = entry
  const out = via === null ? null : nameAt(site, via)
  const own = master === null
  return site.spot.inside([
    'bridge',
    'fdb',
    own && dst !== null && /^[0:]+$/.test(lladdr) ? 'append' : 'replace',
    lladdr,
    'dev',
    site.link.name,
    ...(dst === null ? [] : ['dst', dst]),
    ...(vlan === null ? [] : ['vlan', String(vlan)]),
    ...(vni === null ? [] : ['vni', String(vni)]),
    ...(port === null ? [] : ['port', String(port)]),
    ...(out === null ? [] : ['via', out]),
    ...(nexthopId === null ? [] : ['nhid', String(nexthopId)]),
    own ? 'self' : 'master',
    // `permanent` on a bridge means: for the host itself.
    state,
    ...(flags.includes('sticky') ? ['sticky'] : []),
    ...(flags.includes('router') ? ['router'] : []),
    ...(flags.includes('extern_learn') ? ['extern_learn'] : []),
  ])
}
