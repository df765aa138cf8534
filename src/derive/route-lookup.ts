/**
 * The walk over policy rules and tables (fib_rules_lookup, fib_table_lookup, fib6_table_lookup): which rule, table
 * and route a flow meets. It notes each step in words.
 */
import { contains, parsePrefix } from '../lib/ip.ts'
import { isUnknown, unknown, type Known } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { PolicyRule, Route } from '../model/route.ts'
import type { Flow } from './flow.ts'
import { usableHops, type Hop } from './nexthops.ts'
import { bestOfIpv6 } from './ipv6-choice.ts'
import { ruleFits, rulesOf, tableOf } from './policy-rules.ts'
import { prefixLengthOf, routesTo } from './route-table.ts'
import { policyRuleText, routeText, tableName } from './route-text.ts'

export type Lookup = {
  /** A route's type, `none`, or `unknown`. */
  readonly verdict: string
  readonly reason: string | null
  readonly rule: PolicyRule | null
  readonly table: number | null
  readonly route: Route | null
  readonly hops: readonly Hop[]
}

export type Match = { readonly route: Route; readonly verdict: string; readonly hops: readonly Hop[] }

const nothing: Lookup = { verdict: 'none', reason: null, rule: null, table: null, route: null, hops: [] }

/** Route types that end the lookup without a way out (fib_props, net/ipv4/fib_semantics.c). */
const refusing: ReadonlySet<string> = new Set(['blackhole', 'unreachable', 'prohibit'])

export function lookup(netns: Netns, flow: Flow, steps: string[]): Lookup {
  const dontKnow = (reason: string): Lookup => ({ ...nothing, verdict: 'unknown', reason })
  const rules = rulesOf(netns, flow.family)
  if (isUnknown(rules)) return dontKnow(`the policy rules could not be read: ${rules.unknown}`)
  if (isUnknown(netns.routes)) return dontKnow(`the routes could not be read: ${netns.routes.unknown}`)
  for (let at = 0; at < rules.length; at += 1) {
    const rule = rules[at]
    if (rule === undefined || !ruleFits(netns, rule, flow)) continue
    if (rule.action === 'nop') continue
    if (rule.action === 'goto') {
      const target = rules.findIndex((one) => one.priority >= (rule.goto ?? 0))
      const found = rules[target]?.priority === rule.goto && target > at
      steps.push(`rule ${policyRuleText(rule)}${found ? '' : ': there is no such rule, so it goes on'}`)
      if (found) at = target - 1
      continue
    }
    if (rule.action !== 'table') {
      steps.push(`rule ${policyRuleText(rule)}: refused here`)
      return { ...nothing, verdict: rule.action, rule }
    }
    const table = tableOf(rule, flow)
    if (isUnknown(table)) return { ...dontKnow(table.unknown), rule }
    const match = inTable(netns, table, flow)
    const name = tableName(table)
    if (match === null) {
      steps.push(`rule ${policyRuleText(rule)}: table ${name} has nothing for it`)
      continue
    }
    if (isUnknown(match)) return { ...dontKnow(match.unknown), rule, table }
    if (match.verdict === 'throw') {
      steps.push(`rule ${policyRuleText(rule)}: ${routeText(match.route, netns)} leaves table ${name}`)
      continue
    }
    const suppressed = isSuppressed(rule, match)
    if (isUnknown(suppressed)) return { ...dontKnow(suppressed.unknown), rule, table, route: match.route }
    if (suppressed) {
      steps.push(`rule ${policyRuleText(rule)}: ${routeText(match.route, netns)} is suppressed by the rule`)
      continue
    }
    steps.push(`rule ${policyRuleText(rule)}`, `table ${name}: ${routeText(match.route, netns)}`)
    return { verdict: match.verdict, reason: null, rule, table, route: match.route, hops: match.hops }
  }
  return { ...nothing, reason: 'no policy rule leads to a route for it' }
}

/** Suppression is asked of routes that lead somewhere, never of those that refuse. */
function isSuppressed(rule: PolicyRule, match: Match): Known<boolean> {
  if (refusing.has(match.verdict)) return false
  // -1 is how the kernel says "not set" (net/core/fib_rules.c).
  if (rule.suppressPrefixLen !== null && rule.suppressPrefixLen >= 0) {
    if (prefixLengthOf(match.route) <= rule.suppressPrefixLen) return true
  }
  if (rule.suppressIfgroup === null || rule.suppressIfgroup < 0) return false
  return unknown(
    `rule ${rule.priority} suppresses links of group ${rule.suppressIfgroup}, and groups are not read`,
  )
}

function inTable(netns: Netns, table: number, flow: Flow): Known<Match> | null {
  const fitting = routesTo(netns, table, flow.dst).filter((route) => takes(route, flow))
  return flow.family === 'inet' ? firstUsable(netns, fitting, flow) : bestOfIpv6(netns, fitting, flow)
}

function takes(route: Route, flow: Flow): boolean {
  if (route.tos !== 0 && route.tos !== flow.tos) return false
  if (route.src === null) return true
  const src = parsePrefix(route.src)
  return src !== null && (src.length === 0 || (flow.src !== null && contains(src, flow.src)))
}

function firstUsable(netns: Netns, routes: readonly Route[], flow: Flow): Known<Match> | null {
  for (const route of routes) {
    if (refusing.has(route.type) || route.type === 'throw') return { route, verdict: route.type, hops: [] }
    const usable = usableHops(netns, route, flow, true)
    if (isUnknown(usable)) return usable
    if (usable === 'blackhole') return { route, verdict: 'blackhole', hops: [] }
    if (usable.length > 0) return { route, verdict: route.type, hops: usable }
  }
  return null
}
