/** Which rule of the routing policy fits a flow (net/core/fib_rules.c, net/ipv4/fib_rules.c, net/ipv6/fib6_rules.c). */
import { contains, parsePrefix } from '../lib/ip.ts'
import { isUnknown, unknown, type Known } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { PolicyRule } from '../model/route.ts'
import type { Flow } from './flow.ts'
import { indexOf } from './netns-index.ts'

/** Of one family, in the order in which the kernel asks them; those of one priority as they were listed. */
export function rulesOf(netns: Netns, family: Flow['family']): Known<readonly PolicyRule[]> {
  if (isUnknown(netns.policyRules)) return netns.policyRules
  return netns.policyRules.filter((rule) => rule.family === family).sort((a, b) => a.priority - b.priority)
}

/** `not` turns the whole of it round, the links and the mark too. */
export function ruleFits(netns: Netns, rule: PolicyRule, flow: Flow): boolean {
  return selects(netns, rule, flow) !== rule.not
}

function selects(netns: Netns, rule: PolicyRule, flow: Flow): boolean {
  return (
    linkFits(netns, rule.iif, flow.iif, flow) &&
    (rule.oif === null || linkFits(netns, rule.oif, flow.oifName, flow)) &&
    markFits(rule, flow) &&
    (!rule.l3mdev || flow.vrf !== null) &&
    within(rule.uidRange, flow.uid) &&
    prefixFits(rule.src, flow.src, flow) &&
    prefixFits(rule.dst, flow.dst, flow) &&
    (rule.tos === 0 || rule.tos === flow.tos) &&
    (rule.ipProto === null || rule.ipProto === 0 || rule.ipProto === flow.ipProto) &&
    within(rule.sport, flow.sport) &&
    within(rule.dport, flow.dport)
  )
}

/** A rule that names a vrf means every link in it. */
function linkFits(netns: Netns, wanted: string | null, is: string | null, flow: Flow): boolean {
  if (wanted === null || wanted === is) return true
  return indexOf(netns).byName.get(wanted)?.kind === 'vrf' && flow.vrf?.name === wanted
}

function markFits(rule: PolicyRule, flow: Flow): boolean {
  if (rule.fwmark === null && rule.fwmask === null) return true
  const mask = rule.fwmask ?? 0xffffffff
  return ((rule.fwmark ?? 0) & mask) === (flow.mark & mask)
}

/** Without a source IPv4 compares 0.0.0.0; IPv6 does not match at all (RT6_LOOKUP_F_HAS_SADDR). */
function prefixFits(text: string | null, ip: Flow['src'], flow: Flow): boolean {
  if (text === null || text === 'all' || text === 'default') return true
  const prefix = parsePrefix(text)
  if (prefix === null || prefix.length === 0) return prefix !== null
  if (ip === null) return flow.family === 'inet' && contains(prefix, { family: 'inet', value: 0n })
  return contains(prefix, ip)
}

function within(range: { readonly from: number; readonly to: number } | null, value: number): boolean {
  return range === null || (value >= range.from && value <= range.to)
}

/** Which table a rule that fits leads to. */
export function tableOf(rule: PolicyRule, flow: Flow): Known<number> {
  if (!rule.l3mdev) return rule.table ?? unknown(`rule ${rule.priority} names no table`)
  if (flow.vrf?.kind !== 'vrf') return unknown('the vrf of this flow is not known')
  return isUnknown(flow.vrf.vrf) ? flow.vrf.vrf : flow.vrf.vrf.table
}
