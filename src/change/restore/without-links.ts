/** The World as it is once some links are gone: what the next step of the same plan begins with. */
import type { Netns } from '../../model/netns.ts'
import { listOf } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { addressesOf } from './addresses.ts'
import type { Site } from './site.ts'

type Gone = Pick<Site, 'netns' | 'link'>

export function withoutLinks(world: World, gone: readonly Gone[]): World {
  return {
    ...world,
    netns: world.netns.map((netns) => {
      const here = gone.filter((site) => site.netns.id === netns.id)
      return here.length === 0 ? netns : without(netns, here)
    }),
  }
}

function without(netns: Netns, gone: readonly Gone[]): Netns {
  const ifindexes = new Set(gone.map(({ link }) => link.ifindex))
  const sources = new Set(gone.flatMap((site) => addressesOf(site).map(({ local }) => local)))
  const kept = (ifindex: number | null): boolean => ifindex === null || !ifindexes.has(ifindex)
  return {
    ...netns,
    links: listOf(netns.links)
      .filter(({ ifindex }) => kept(ifindex))
      // Ports of a bridge that is gone.
      .map((link) => (kept(link.master) ? link : { ...link, master: null, port: null })),
    addresses: listOf(netns.addresses).filter(({ ifindex }) => kept(ifindex)),
    neighbours: listOf(netns.neighbours).filter(({ ifindex }) => kept(ifindex)),
    fdb: listOf(netns.fdb).filter(({ ifindex }) => kept(ifindex)),
    routes: listOf(netns.routes).filter(
      ({ oif, nexthops, prefSrc }) =>
        kept(oif) && nexthops.every((hop) => kept(hop.oif)) && (prefSrc === null || !sources.has(prefSrc)),
    ),
  }
}
