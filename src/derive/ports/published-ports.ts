/** Every port that leads to a process elsewhere: by which rule or process, to whose container, and what listens there. */
import { inOneGo, type Pieces } from '../../lib/in-pieces.ts'
import type { NetnsId } from '../../model/ids.ts'
import { unknown, type Known, type Unknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { addressNames } from '../rules/address-names.ts'
import { publishedByIpvs } from './by-ipvs.ts'
import { publishedByHelpers, publishedByProxies, publishedByWordOnly } from './by-processes.ts'
import { publishedByRules, redirectedPort } from './by-rules.ts'
import { listenersIn, servesAt } from './listening.ts'
import type { Listener, Publication, PublishedPort } from '../../model/published-port.ts'
import { stepwise } from '../stepwise.ts'
import { translationsOf } from './translations.ts'

const memo = new WeakMap<World, readonly PublishedPort[]>()

/** By namespace, in the order of their rules. */
export function publishedPorts(world: World): readonly PublishedPort[] {
  return inOneGo(publishedSteps(world))
}

/** The same in pieces: tens of thousands of rules take longer than others want to wait. */
export function* publishedSteps(world: World): Pieces<readonly PublishedPort[]> {
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  const byRules: Publication[] = []
  for (const netns of world.netns) {
    for (const each of yield* publishedByRules(netns)) byRules.push(each)
  }
  const byTarget = new Map<NetnsId, Publication[]>()
  for (const each of byRules) {
    yield
    const { netns } = targetOf(world, each)
    if (netns === null) continue
    const list = byTarget.get(netns)
    if (list === undefined) byTarget.set(netns, [each])
    else list.push(each)
  }
  const shared = world.netns.map((netns) => publishedByIpvs(netns, byTarget.get(netns.id) ?? []))
  yield
  const used = new Set(shared.flatMap((each) => each.used))
  const direct = used.size === 0 ? byRules : byRules.filter((each) => !used.has(each))
  const found = withProxies([...direct, ...shared.flatMap((each) => each.found)], publishedByProxies(world))
  yield
  // Helpers of rootless engines lead into namespaces of their own.
  const inner = found.flatMap((each) =>
    each.netns === world.host ? [] : [{ ...each, ends: targetOf(world, each) }],
  )
  const all = [...found, ...publishedByHelpers(world, inner)]
  yield
  const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
  const every = [...all, ...publishedByWordOnly(world, all)]
  const ports = yield* stepwise(every, (each) => [resolved(world, byId, each)])
  memo.set(world, ports)
  return ports
}

/** Namespaces whose rules are not known wholly, so that ports of theirs may be missing. */
export function unreadRules(world: World): readonly (Unknown & { readonly netns: NetnsId })[] {
  return world.netns.flatMap(({ id, firewall }) => {
    if (firewall === null) return []
    const reasons = firewall.unread
      .filter(({ table }) => table === null || table === 'nat')
      .map(({ backend, family, unknown }) => `${backend}${family === null ? '' : ` ${family}`}: ${unknown}`)
    if (translationsOf(firewall).cut) reasons.push('more ways lead through its rules than were followed')
    return reasons.map((reason) => ({ netns: id, unknown: reason }))
  })
}

/** A proxy beside a rule for the same port is one publication, not two. */
function withProxies(found: readonly Publication[], proxies: readonly Publication[]): readonly Publication[] {
  const placeOf = ({ netns, hostIp, hostPort, protocol }: Publication): string =>
    `${netns} ${hostIp} ${hostPort} ${protocol}`
  const byPlace = new Map(proxies.map((proxy) => [placeOf(proxy), proxy]))
  const beside = new Set<string>()
  const merged = found.map((each) => {
    const place = placeOf(each)
    const proxy = byPlace.get(place)
    if (proxy === undefined) return each
    beside.add(place)
    return { ...each, process: proxy.process }
  })
  return [...merged, ...proxies.filter((proxy) => !beside.has(placeOf(proxy)))]
}

type Target = Pick<PublishedPort['target'], 'container' | 'netns'>

/** Whose address it is, if only one can be meant. */
function targetOf(world: World, { to, netns }: Publication): Target {
  if (to.container !== undefined) return { container: to.container.name, netns: to.container.netns }
  if (to.address === null) return { container: null, netns: null }
  const [owner, ...more] = addressNames(world).ownersOf(to.address, netns)
  if (owner === undefined || more.length > 0) return { container: null, netns: null }
  return { container: owner.container?.name ?? null, netns: owner.netns }
}

function resolved(
  world: World,
  byId: ReadonlyMap<NetnsId, Netns>,
  { to, ...publication }: Publication,
): PublishedPort {
  const target = targetOf(world, { to, ...publication })
  const netns = target.netns === null ? undefined : byId.get(target.netns)
  const port = redirectedPort(netns, publication.protocol, to.port)
  const family = to.address?.includes(':') === true ? 'ip6' : 'ip'
  const listening: Known<readonly Listener[]> =
    to.isPortUnknown === true
      ? unknown('which port there it leads to was not told')
      : netns === undefined
        ? unknown(`no namespace that was found has ${to.address ?? 'the other end'} for its own`)
        : listenersIn(netns, { protocol: publication.protocol, port, family })
  const { netns: from, hostIp, hostPort, lastPort, protocol, via, rule, process } = publication
  return {
    netns: from,
    hostIp,
    hostPort,
    lastPort,
    protocol,
    family: publication.family,
    via,
    rule,
    process,
    target: { container: target.container, netns: target.netns, address: to.address, port },
    listening,
    serves: servesAt(listening, to.address),
  }
}
