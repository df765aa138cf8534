/** Which rules decide about a first packet that a namespace forwards: what drops or accepts it, what rewrites its source. */
import type { Netns } from '../model/netns.ts'
import type { Rule } from '../model/ruleset.ts'
import type { Way, WayRule, WayRules } from '../model/way-rule.ts'
import { parseIp } from '../lib/ip.ts'
import { anyPacket, type Packet } from './packet/packet.ts'
import { outcomesAt, type Outcomes, type Place } from './packet/verdict.ts'

/** With its rules, which are not in every World. */
export function wayRules({ id, firewall, readable }: Netns, way: Way): WayRules {
  if (readable !== true) return { way, rules: readable }
  if (firewall === null) return { way, rules: { unknown: 'its rules were not read' } }
  const [gap] = firewall.unread
  if (gap !== undefined) return { way, rules: { unknown: gap.unknown } }
  const packet: Packet = {
    ...anyPacket,
    family: way.source !== null && parseIp(way.source)?.family === 'inet6' ? 'ip6' : 'ip',
    iif: way.iif,
    oif: way.oif,
    source: way.source,
    toLocal: false,
    state: 'NEW',
    mark: 0,
  }
  const forward = outcomesAt(firewall, 'forward', packet)
  const passed = decided(forward).map((place) => told(place, 'forward', id, decided(forward).length > 1))
  if (!forward.passes) return { way, rules: passed }
  const sources = outcomesAt(firewall, 'postrouting', packet).acceptedAt.filter(
    ({ rule }) => rule !== null && rewritesSource(rule),
  )
  const rewritten = sources.slice(0, most).map((place) => told(place, 'postrouting', id, sources.length > 1))
  return { way, rules: [...passed, ...rewritten] }
}

const most = 2

/**
 * Of what may drop it all that counts; else the rule that lets it through, in the last chain that has one: chains that
 * let everything through by their policy say nothing.
 */
function decided({ passes, acceptedAt, droppedAt }: Outcomes): readonly Place[] {
  if (!passes) return droppedAt.slice(-1)
  const accepted = acceptedAt.findLast(({ rule }) => rule !== null) ?? acceptedAt.at(-1)
  return [...droppedAt.slice(0, 1), ...(accepted === undefined ? [] : [accepted])]
}

function rewritesSource({ statements }: Rule): boolean {
  return statements.some(({ kind }) => kind === 'masquerade' || kind === 'snat')
}

function told(
  { table, chain, rule }: Place,
  hook: WayRule['hook'],
  netns: Netns['id'],
  maybe: boolean,
): WayRule {
  const { backend, family, name } = table
  return {
    hook,
    rule: { netns, backend, family, table: name, chain: chain.name, number: rule?.number ?? 0 },
    does: rule === null ? (chain.policy ?? 'accept').toUpperCase() : doneBy(rule),
    maybe,
    packets: (rule ?? chain).packets,
    bytes: (rule ?? chain).bytes,
  }
}

const ends = ['masquerade', 'snat', 'drop', 'reject', 'accept', 'return'] as const

function doneBy({ statements }: Rule): string {
  const kind = ends.find((each) => statements.some((statement) => statement.kind === each))
  return (kind ?? statements.at(-1)?.kind ?? 'accept').toUpperCase()
}
