/**
 * Forwarding of a family: turned on only where it is off, and off again by who turned it on. Writing `all` overwrites
 * `default` and every link's own value (inet_forward_change, addrconf_forward_change), so what differs is recorded first:
 * as comments in the table of ours, which lives exactly as long as it is needed.
 */
import { isUnknown, listOf, type Known } from '../../model/known.ts'
import { labMark } from '../../model/lab-words.ts'
import type { Lab } from '../../model/lab.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { Command, Fact, Step } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import type { Spot } from '../at.ts'
import { natRulesOfOthers, stillNeeded } from './forwarding-users.ts'
import { recordedChain } from './iptables-text.ts'
import { bridged, plainName, subnetsOf, type RuleFamily } from './reach.ts'
import type { Forwarded } from './table-text.ts'

export type ForwardingPlan = {
  readonly before: Forwarded | null
  readonly after: Forwarded | null
  readonly on: readonly Step[]
  readonly off: readonly Step[]
  readonly notes: readonly string[]
}

const words = { ip: 'ipv4', ip6: 'ipv6' } as const
const shown = { ip: 'IPv4', ip6: 'IPv6' } as const

/** A text where it could not be told. */
export function planForwarding(
  host: Netns,
  spot: Spot,
  labs: { readonly before: Lab; readonly after: Lab },
  family: RuleFamily,
): Known<ForwardingPlan> {
  const recorded = recordedIn(host, family)
  const still: ForwardingPlan = { before: recorded, after: recorded, on: [], off: [], notes: [] }
  const needed = needsForwarding(labs.after, family)
  if (!needed && recorded === null) return still
  const now = valueOf(host, family, 'all')
  if (isUnknown(now)) return now
  if (needed) {
    if (now !== '0') return still
    const after = recorded ?? recordOf(host, labs.after, family)
    return { ...still, after, on: [...routerSteps(host, spot, family), onStep(host, spot, family)] }
  }
  if (recorded === null) return still
  const gone = { ...still, after: null }
  if (now !== '1') return gone
  const why = stillNeeded(host, labs.before, recorded, family)
  if (why !== null) return { ...gone, notes: [`forwarding of ${shown[family]} stays on, because ${why}`] }
  return { ...gone, off: [offStep(host, spot, family, recorded)] }
}

/** Why what a step turned on stays on, also when the change it is of is taken back; null: it goes. */
export function forwardingKept(
  { after, before }: Pick<Step, 'after' | 'before'>,
  world: World,
): string | null {
  const host = world.netns.find(({ id }) => id === world.host)
  if (host === undefined) return null
  for (const family of ['ip', 'ip6'] as const) {
    const is = (facts: readonly Fact[], value: string): boolean =>
      facts.some(
        (fact) =>
          fact.kind === 'sysctl' &&
          fact.at === 'host' &&
          fact.name === `${words[family]}.conf.all.forwarding` &&
          fact.value === value,
      )
    const recorded = recordedIn(host, family)
    if (recorded === null || !is(after, '1') || !is(before, '0')) continue
    const lab = listOf(world.labs ?? []).find((each) => each.host === world.host)
    const why = stillNeeded(host, lab ?? noLab, recorded, family)
    if (why !== null) return why
  }
  return null
}

const noLab: Lab = { networks: [], nodes: [], masquerades: [], unfinished: null }

/** Nodes of an internal network may still need it to reach one another, through the gateway. */
function needsForwarding(lab: Lab, family: RuleFamily): boolean {
  return bridged(lab).some(
    (network) => (!network.internal || !network.icc) && subnetsOf(network, family).length > 0,
  )
}

const setting = /^net\/ipv[46]\/conf\/[^/\s]+\/(?:forwarding|accept_ra)=\d+$/

function recordedIn(host: Netns, family: RuleFamily): Forwarded | null {
  const rules = host.firewall?.tables
    .filter((each) => each.family === family)
    .flatMap(({ name, chains }) =>
      chains.filter((chain) => chain.name === (name === labMark ? 'recorded' : recordedChain)),
    )[0]?.rules
  // A chain that somebody flushed says nothing.
  if (rules === undefined || rules.length === 0) return null
  const comments = rules.map(({ comment }) => comment ?? '')
  const valueNamed = (name: string): readonly string[] =>
    comments.flatMap((comment) => (comment.startsWith(`${name}=`) ? [comment.slice(name.length + 1)] : []))
  return {
    links: valueNamed('link'),
    was: comments.filter((comment) => setting.test(comment)),
    natRules: Number(valueNamed('nat-rules')[0] ?? 0),
  }
}

function recordOf(host: Netns, lab: Lab, family: RuleFamily): Forwarded {
  const ours = new Set(bridged(lab).map(({ bridge }) => bridge))
  const links = listOf(host.links).filter(({ kind, name }) => kind !== 'loopback' && plainName.test(name))
  return {
    links: links.filter(({ name, master }) => !ours.has(name) && master === null).map(({ name }) => name),
    was: settingsOf(host, family),
    natRules: natRulesOfOthers(host, family),
  }
}

/** What `all` overwrites, in the order in which it is put back: writing `all` comes first. */
function settingsOf(host: Netns, family: RuleFamily): readonly string[] {
  const all = valueOf(host, family, 'all')
  const byDefault = valueOf(host, family, 'default')
  const links = listOf(host.links).filter(({ name }) => plainName.test(name))
  const path = (name: string, key: string): string => `net/${words[family]}/conf/${name}/${key}`
  const allValue = isUnknown(all) ? '0' : all
  const forwardings = [
    ['all', allValue] as const,
    ['default', isUnknown(byDefault) ? allValue : byDefault] as const,
    ...links.flatMap((link) => {
      const value = forwardingOf(link, family)
      return value === null || value === allValue ? [] : [[link.name, value] as const]
    }),
  ]
  return [
    ...forwardings.map(([name, value]) => `${path(name, 'forwarding')}=${value}`),
    ...routersBehind(host, family).map(({ name }) => `${path(name, 'accept_ra')}=1`),
  ]
}

function forwardingOf({ inet, inet6 }: Link, family: RuleFamily): string | null {
  const conf = family === 'ip' ? inet : inet6
  return conf === null || isUnknown(conf) ? null : String(conf.forwarding)
}

function valueOf(host: Netns, family: RuleFamily, name: 'all' | 'default'): Known<string> {
  const { details } = host
  if (details === null) return { unknown: 'settings of the host were not read' }
  if (isUnknown(details.sysctls)) return details.sysctls
  const key = `${words[family]}.conf.${name}.forwarding`
  return details.sysctls[key] ?? { unknown: `${key} was not read` }
}

/** Links with a default route by router advertisement, which a host that forwards does not take (accept_ra, ip-sysctl.rst). */
function routersBehind(host: Netns, family: RuleFamily): readonly Link[] {
  if (family === 'ip') return []
  const oifs = new Set(
    listOf(host.routes)
      .filter((route) => route.family === 'inet6' && route.dst === 'default' && route.protocol === 'ra')
      .flatMap(({ oif, nexthops }) => [oif, ...nexthops.map((each) => each.oif)]),
  )
  return listOf(host.links).filter(
    ({ ifindex, inet6 }) => oifs.has(ifindex) && inet6 !== null && !isUnknown(inet6) && inet6.acceptRa === 1,
  )
}

/** First of all: the default route goes away in the moment in which forwarding is turned on. */
function routerSteps(host: Netns, spot: Spot, family: RuleFamily): readonly Step[] {
  return routersBehind(host, family).map(({ name }): Step => {
    const write = (value: string): Command =>
      spot.inside(['tee', `/proc/sys/net/ipv6/conf/${name}/accept_ra`], { input: `${value}\n` })
    const fact = (value: string) =>
      ({ kind: 'sysctl', at: spot.at, name: `ipv6.conf.${name}.accept_ra`, value }) as const
    return {
      title: `keep the default route of ${name} while forwarding`,
      command: write('2'),
      undo: [write('1')],
      after: [fact('2')],
      before: [fact('1')],
      touches: [{ path: [spot.at, `sysctl:ipv6.conf.${name}.accept_ra`], how: 'change' }],
    }
  })
}

function onStep(host: Netns, spot: Spot, family: RuleFamily): Step {
  return {
    ...change(spot, family, '0', '1'),
    title: `turn forwarding of ${shown[family]} on`,
    command: set(spot, [`net/${words[family]}/conf/all/forwarding=1`]),
    // accept_ra has a step of its own.
    undo: [
      set(
        spot,
        settingsOf(host, family).filter((each) => !each.includes('/accept_ra=')),
      ),
    ],
  }
}

function offStep(host: Netns, spot: Spot, family: RuleFamily, { was }: Forwarded): Step {
  return {
    ...change(spot, family, '1', '0'),
    title: `turn forwarding of ${shown[family]} off again`,
    command: set(spot, was),
    undo: [set(spot, [...settingsOf(host, family), ...raised(was)])],
  }
}

/** What was raised by a step of its own. */
function raised(was: readonly string[]): readonly string[] {
  return was.filter((each) => each.includes('/accept_ra=')).map((each) => each.replace(/=\d+$/, '=2'))
}

function change(
  spot: Spot,
  family: RuleFamily,
  before: string,
  after: string,
): Pick<Step, 'before' | 'after' | 'touches'> {
  const name = `${words[family]}.conf.all.forwarding`
  const fact = (value: string) => ({ kind: 'sysctl', at: spot.at, name, value }) as const
  return {
    before: [fact(before)],
    after: [fact(after)],
    touches: [{ path: [spot.at, `sysctl:${name}`], how: 'change' }],
  }
}

/** `-e`: a link that went away meanwhile is no failure. With slashes, because a link's name may have dots in it. */
function set(spot: Spot, values: readonly string[]): Command {
  return spot.inside(['sysctl', '-e', '-q', '-w', ...values])
}
