/** The rules on the way out: as the worker told them, or made from a recording. */
import { addressesOf } from '../../derive/netns-index.ts'
import { wayRules } from '../../derive/way-rules.ts'
import { same } from '../../lib/same.ts'
import type { Netns } from '../../model/netns.ts'
import type { Way, WayRules } from '../../model/way-rule.ts'
import type { State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { pathShown } from './path-shown.ts'
import type { Path } from '../../derive/path.ts'
import { netnsOf, shown } from './shown.ts'

/** Where the way leads through a namespace that forwards; null: it does not. */
export const wayOf = memoRecent(({ hops }: Path): Way | null => {
  const at = hops.findIndex((hop, index) => hop.by === 'route' && hops[index - 1]?.netns === hop.netns)
  const [out, into, start] = [hops[at], hops[at - 1], hops[0]]
  // What begins on the bridge itself is the host's own, and not forwarded.
  if (out === undefined || into === undefined || start === undefined || start.netns === out.netns) return null
  const source = addressesOf(start.netns, start.link.ifindex).find(({ scope }) => scope === 'global')
  return { netns: out.netns.id, iif: into.link.name, oif: out.link.name, source: source?.local ?? null }
})

/** null: there are none on it, or they have not come yet. */
export function wayShown(state: State): WayRules | null {
  const { world, status, way: told } = shown(state)
  const path = pathShown(state)
  const way = path === null ? null : wayOf(path)
  if (way === null) return null
  if (status.type !== 'replay') return told !== null && same(told.way, way) ? told : null
  const netns = netnsOf(world, way.netns)
  return netns === null || netns.firewall === null ? null : recorded(netns, way)
}

const recorded = memoRecent((netns: Netns, way: Way): WayRules => wayRules(netns, way))
