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

/** The hop by which a namespace sends on what came into it: its rules act before that one. null: none forwards. */
export const forwardedAt = memoRecent(({ hops }: Path): number | null => {
  const at = hops.findIndex((hop, index) => hop.by === 'route' && hops[index - 1]?.netns === hop.netns)
  // What begins on the bridge itself is the host's own, and not forwarded.
  return at < 1 || hops[0]?.netns === hops[at]?.netns ? null : at
})

export const wayOf = memoRecent((path: Path): Way | null => {
  const at = forwardedAt(path)
  const { hops } = path
  const [out, into, start] = at === null ? [] : [hops[at], hops[at - 1], hops[0]]
  if (out === undefined || into === undefined || start === undefined) return null
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
