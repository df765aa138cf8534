/**
 * Links of the host that are not the lab's, as far as its guard has to know them: the ways out, which stay open, and bridges of
 * others, between which and the lab nothing passes.
 */
import { listOf } from '../../model/known.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Lab } from '../../model/lab.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { Rule } from '../../model/ruleset.ts'
import type { World } from '../../model/world.ts'
import { uplinks } from './accept.ts'
import { bridged, plainName } from './reach.ts'

export type Around = {
  /** Bridges among them, too: of a machine with virtual ones the physical link is usually a port of a bridge. */
  readonly uplinks: readonly string[]
  /** null: the rule goes by the kind of a link, so that bridges that come later are met as well. iptables knows only names. */
  readonly bridges: readonly string[] | null
}

export const nothingAround: Around = { uplinks: [], bridges: [] }

/** The comment of the rules in which it stands. */
export const isolationMark = `${labMark}:isolation`

/** Links that lead to a wire, where they are ports of a bridge. */
const wired = new Set<Link['kind']>(['device', 'bond', 'vlan'])

export function aroundOf(world: World, lab: Lab, tools: ReadonlySet<string>): Around {
  const host = world.netns.find(({ id }) => id === world.host)
  const links = listOf(host?.links ?? []).filter(({ name }) => plainName.test(name))
  const ours = new Set(bridged(lab).map(({ bridge }) => bridge))
  const out = new Set(uplinks(world, lab))
  const withWire = new Set(links.filter(({ kind }) => wired.has(kind)).map(({ master }) => master))
  const isUplink = ({ name, ifindex, kind }: Link): boolean =>
    out.has(name) || (kind === 'bridge' && !ours.has(name) && withWire.has(ifindex))
  const foreign = links.filter((link) => link.kind === 'bridge' && !ours.has(link.name) && !isUplink(link))
  return {
    uplinks: namesOf(links.filter(isUplink)),
    bridges: tools.has('nft') ? null : namesOf(foreign),
  }
}

function namesOf(links: readonly Link[]): readonly string[] {
  return links.map(({ name }) => name).toSorted()
}

/** As it was when the rules that are there were made, in either family; null: they are not there. */
export function aroundBefore({ firewall }: Netns, lab: Lab): Around | null {
  const guards = (firewall?.tables ?? [])
    .filter(({ family }) => family === 'ip' || family === 'ip6')
    .flatMap(({ name, chains }) =>
      chains
        .filter((chain) => chain.name === (name === labMark ? 'guard' : 'VETHSCOPE-GUARD'))
        .map(({ rules }) => ({ rules, isNft: name === labMark })),
    )
  const rules = guards.flatMap((guard) =>
    guard.rules
      .filter(({ comment }) => comment === isolationMark)
      .map((rule) => ({ rule, isNft: guard.isNft })),
  )
  const [first] = rules
  if (first === undefined) {
    const isNft = (firewall?.tables ?? []).some(({ name }) => name === labMark)
    // Every network that would have had such a rule was on a way out.
    const all = bridged(lab).filter(({ internal }) => !internal)
    return isNft ? { uplinks: all.map(({ bridge }) => bridge).toSorted(), bridges: null } : null
  }
  if (!first.isNft) {
    // One rule for each two: those that a lab's bridge may not send to.
    const dropped = rules.map(({ rule }) => rule).filter(drops)
    const from = new Set(dropped.slice(0, 1).flatMap((rule) => linksOf(rule, 'in', false)))
    const to = dropped
      .filter((rule) => linksOf(rule, 'in', false).some((name) => from.has(name)))
      .flatMap((rule) => linksOf(rule, 'out', false))
    return { uplinks: [], bridges: [...new Set(to)].toSorted() }
  }
  const ours = new Set(linksOf(first.rule, 'in', false))
  const open = linksOf(first.rule, 'out', true).filter((name) => !ours.has(name))
  return { uplinks: open.toSorted(), bridges: null }
}

function drops({ statements }: Rule): boolean {
  return statements.some(({ kind }) => kind === 'drop')
}

function linksOf({ matches }: Rule, side: 'in' | 'out', not: boolean): readonly string[] {
  return matches.flatMap((match) =>
    match.kind === 'interface' && match.side === side && match.not === not ? match.values : [],
  )
}
