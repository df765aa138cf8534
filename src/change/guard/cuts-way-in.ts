/** Which steps of a plan would cut a way in. */
import type { Failure } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Fact, Plan, Step, Touch } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import { atOf } from '../at.ts'
import { afterFacts } from './after-steps.ts'
import { waysTo, type WayIn } from './way-in.ts'
import type { Carrier } from './stands-on.ts'

const hint = '--confirm-within 30 takes it back by itself unless you confirm'
const resolver = 'file:/etc/resolv.conf'

/** Each a sentence that names what carries the way; empty where the plan leaves all of them as they are. */
export function cutsWayIn(world: World, plan: Plan, ways: readonly WayIn[]): readonly Failure[] {
  const found = new Map<string, Failure>()
  const add = (subject: string, what: string): void => {
    if (!found.has(what)) found.set(what, { kind: 'refused', what: sanitise(what), subject, hint })
  }
  for (const { touches } of plan.steps) {
    if (touches.some(({ path, how }) => path[0] === resolver && how !== 'use')) {
      add(
        '/etc/resolv.conf',
        '/etc/resolv.conf tells this host its name servers; changing it cuts it off from them',
      )
    }
  }
  // Whoever is cut off by a link is told that, and not also which routes it takes along.
  for (const way of ways) {
    const byLink = plan.steps.flatMap((step) => cutLinks(step, way))
    for (const { link, says } of byLink) add(link, says)
    if (byLink.length > 0) continue
    for (const step of plan.steps)
      for (const { subject, says } of cutBySettings(plan, step, way)) add(subject, says)
    const lead = leadsAway(world, plan, way)
    if (lead !== null) add(way.to, lead)
  }
  return [...found.values()]
}

const doings: { readonly [what in NonNullable<Touch['what']>]?: readonly [string, 'cuts' | 'may cut'] } = {
  down: ['taking it down', 'cuts'],
  move: ['moving it', 'cuts'],
  master: ['putting it on a bridge or taking it off', 'cuts'],
  rename: ['renaming it', 'may cut'],
  mtu: ['changing its MTU', 'may cut'],
  lladdr: ['changing its MAC address', 'may cut'],
  port: ['changing its port options', 'may cut'],
}

/** What the step does to a link that the way goes by. */
function cutLinks(step: Step, way: WayIn): readonly { readonly link: string; readonly says: string }[] {
  return way.carriers.flatMap((carrier) =>
    step.touches.flatMap((touch) => {
      const doing = doingOf(touch, carrier)
      if (doing === null) return []
      const [what, cuts] = doing
      return [{ link: carrier.link, says: `${carries(carrier, way)}; ${what} ${cuts} ${whom(way)}` }]
    }),
  )
}

function doingOf({ path, how, what }: Touch, { at, link }: Carrier): readonly [string, string] | null {
  if (path[0] !== at) return null
  if (path.length === 1) return how === 'delete' ? ['removing its namespace', 'cuts'] : null
  if (path[1] !== `link:${link}`) return null
  if (path.length > 2)
    return path[2] === 'port:isolated' && how === 'change' ? ['isolating it', 'may cut'] : null
  if (how === 'delete') return ['deleting it', 'cuts']
  if (how !== 'change' || what === 'up' || what === 'alias') return null
  return (what === undefined ? undefined : doings[what]) ?? ['changing it', 'may cut']
}

function carries({ link, under, at }: Carrier, way: WayIn): string {
  const name = at === 'host' ? link : `${link} in ${at.replace('/run/netns/', '')}`
  return under === null
    ? `${name} carries ${way.what}`
    : `${name} stands below ${under}, which carries ${way.what}`
}

const whom = ({ kind }: WayIn): string => (kind === 'session' ? 'you off' : 'the host off')

/** Addresses and routes: where packets would go once the plan ran, held against where they go now. */
function leadsAway(world: World, plan: Plan, way: WayIn): string | null {
  const { netns, to, local } = way
  const ours = plan.steps.map(({ after }) => after.filter((fact) => isAt(world, fact, netns)))
  const now = wayText(netns, to, local)
  // Nothing leads there now: there is nothing to cut.
  if (now === '') return null
  const end = afterFacts(netns, ours.flat())
  if (local !== null && !hasAddress(end, local) && hasAddress(netns, local)) {
    return `${local} carries ${way.what}; removing it cuts you off`
  }
  if (wayText(end, to, local) === now) return null
  // The last step after which it is otherwise than it was before that step.
  let before = netns
  let blamed: Step | undefined
  for (const [at, facts] of ours.entries()) {
    const next = afterFacts(before, facts)
    if (wayText(next, to, local) !== wayText(before, to, local)) blamed = plan.steps[at]
    before = next
  }
  const instead = wayText(end, to, local)
  const leads = instead === '' ? 'nothing would lead there' : `it would go ${instead}`
  return `${way.what} goes ${now}; after "${blamed?.title ?? plan.title}" ${leads}`
}

function isAt(world: World, fact: Fact, netns: Netns): boolean {
  return 'at' in fact && fact.at === atOf(world, netns)
}

function hasAddress({ addresses }: Netns, local: string): boolean {
  return isUnknown(addresses) || addresses.some((each) => each.local === local)
}

/** `by eth0 via 192.0.2.1`; empty: no way. */
function wayText(netns: Netns, to: string, local: string | null): string {
  return waysTo(netns, to, local)
    .map(({ link, gateway }) => `by ${link ?? 'no link'}${gateway === null ? '' : ` via ${gateway}`}`)
    .join(' and ')
}

type Cut = { readonly subject: string; readonly says: string }

/** Settings that take what carries the way away. */
function cutBySettings(plan: Plan, step: Step, way: WayIn): readonly Cut[] {
  return way.to.includes(':') ? cutInet6(plan, step, way) : cutInet(step, way)
}

/** 8: no request is answered at all (ip-sysctl.rst); the greater of a link's own and that of all counts. Others answer on the link that has the address. */
function cutInet({ title, after }: Step, way: WayIn): readonly Cut[] {
  const { local } = way
  if (local === null) return []
  return after.flatMap((fact): readonly Cut[] => {
    if (fact.kind !== 'sysctl' || fact.at !== way.at || Number(fact.value) < 8) return []
    const [, name] = /^ipv4\.conf\.(.+)\.arp_ignore$/.exec(fact.name) ?? []
    const carrier = way.carriers.find(
      ({ under, link }) => under === null && (name === link || name === 'all'),
    )
    if (carrier === undefined) return []
    const says = `${carries(carrier, way)}; "${title}" cuts ${whom(way)} as soon as its neighbours ask for ${local} again`
    return [{ subject: fact.name, says }]
  })
}

function cutInet6(plan: Plan, { title, after }: Step, way: WayIn): readonly Cut[] {
  return after.flatMap((fact): readonly Cut[] => {
    if (fact.kind !== 'sysctl' || fact.at !== way.at) return []
    const [, name, setting] = /^ipv6\.conf\.(.+)\.([^.]+)$/.exec(fact.name) ?? []
    const carrier = way.carriers.find(
      ({ under, link }) => under === null && (name === link || name === 'all'),
    )
    if (carrier === undefined || setting === undefined) return []
    if (setting === 'disable_ipv6' && fact.value !== '0') {
      return [{ subject: fact.name, says: `${carries(carrier, way)}; "${title}" cuts ${whom(way)}` }]
    }
    if (setting === 'forwarding' && name === 'all' && fact.value === '1' && losesRouter(plan, way, carrier)) {
      const says = `${carries(carrier, way)}, by a route that a router advertised; "${title}" removes that at once`
      return [{ subject: fact.name, says }]
    }
    return []
  })
}

/** A host that forwards takes no routes from routers, unless accept_ra is 2 (ip-sysctl.rst): then the plan sets that, too. */
function losesRouter(plan: Plan, { netns, at }: WayIn, { link: name }: Carrier): boolean {
  const link = listOf(netns.links).find((each) => each.name === name)
  if (link === undefined || isUnknown(link.inet6) || link.inet6?.acceptRa !== 1) return false
  const isKept = plan.steps.some(({ after }) =>
    after.some(
      (fact) =>
        fact.kind === 'sysctl' &&
        fact.at === at &&
        fact.name === `ipv6.conf.${name}.accept_ra` &&
        fact.value === '2',
    ),
  )
  return (
    !isKept && listOf(netns.routes).some((route) => route.oif === link.ifindex && route.protocol === 'ra')
  )
}
