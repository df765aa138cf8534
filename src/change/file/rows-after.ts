/** Addresses and routes of a namespace as facts of a plan leave them: enough to ask where a packet would go then. */
import { formatPrefix, normalIp, parseIp, parsePrefix, prefixOf } from '../../lib/ip.ts'
import { predictRoute } from '../../derive/route.ts'
import type { Address } from '../../model/address.ts'
import { isUnknown, listOf, type Known } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Fact } from '../../model/plan.ts'
import type { Route } from '../../model/route.ts'
import { addressesLike, routesLike } from '../check/rows-like.ts'

type FactOf<K extends Fact['kind']> = Extract<Fact, { readonly kind: K }>

export function afterRow(netns: Netns, fact: FactOf<'address' | 'route'>): Netns {
  if (fact.kind === 'address') return fact.there ? withAddress(netns, fact) : withoutAddress(netns, fact)
  return fact.there ? withRoute(netns, fact) : withoutRoute(netns, fact)
}

function withAddress(netns: Netns, fact: FactOf<'address'>): Netns {
  if (isThere(addressesLike(netns, fact))) return netns
  const { link, address } = fact
  const ifindex = listOf(netns.links).find(({ name }) => name === link)?.ifindex
  const [text = '', length] = address.split('/')
  const ip = parseIp(text)
  if (ifindex === undefined || ip === null) return netns
  const prefixLen = Number(length ?? (ip.family === 'inet' ? 32 : 128))
  const added: Address = {
    ifindex,
    family: ip.family,
    local: text,
    peer: null,
    prefixLen,
    broadcast: null,
    scope: 'global',
    label: null,
    flags: isSecondary(netns, ifindex, text, prefixLen) ? ['secondary', 'permanent'] : ['permanent'],
    validLifetime: null,
    preferredLifetime: null,
    protocol: null,
  }
  // What the kernel adds by itself: to the neighbours directly.
  const direct = routeTo(formatPrefix(prefixOf(ip, prefixLen)), ip.family, {
    oif: ifindex,
    protocol: 'kernel',
    scope: 'link',
    ...(ip.family === 'inet' ? { prefSrc: text } : { metric: 256 }),
  })
  const own = routeTo(`${text}/${ip.family === 'inet' ? 32 : 128}`, ip.family, {
    oif: ifindex,
    table: 255,
    type: 'local',
    protocol: 'kernel',
    scope: 'host',
  })
  const addresses = [...listOf(netns.addresses), added]
  return { ...netns, addresses, routes: [...listOf(netns.routes), direct, own] }
}

function withoutAddress(netns: Netns, fact: FactOf<'address'>): Netns {
  const found = addressesLike(netns, fact)
  if (isUnknown(found)) return netns
  const gone = new Set(found)
  // Without promote_secondaries the others of that network go with its first one (inet_del_ifa).
  const first = found.find(({ family, flags }) => family === 'inet' && !flags.includes('secondary'))
  const addresses = listOf(netns.addresses).filter(
    (each) => !gone.has(each) && !(first !== undefined && isSecondaryOf(each, first)),
  )
  const [one] = found
  // The last IPv4 address of a link takes all routes by it along (fib_inetaddr_event).
  const isLast =
    one !== undefined &&
    one.family === 'inet' &&
    addresses.every(({ family, ifindex }) => family !== 'inet' || ifindex !== one.ifindex)
  const locals = new Set(addresses.map(({ local }) => normalIp(local)))
  const isKept = ({ prefSrc }: Route): boolean =>
    prefSrc === null || locals.has(normalIp(prefSrc)) || found.every((each) => each.family === 'inet6')
  const routes = listOf(netns.routes).filter(
    (route) => isKept(route) && !(isLast && route.family === 'inet' && route.oif === one.ifindex),
  )
  return { ...netns, addresses, routes }
}

/** Of two IPv4 addresses of one network on one link the later one (inet_insert_ifa). */
function isSecondary({ addresses }: Netns, ifindex: number, text: string, prefixLen: number): boolean {
  const own = parsePrefix(`${text}/${prefixLen}`)
  return (
    own?.family === 'inet' &&
    listOf(addresses).some(
      (each) =>
        each.ifindex === ifindex &&
        each.prefixLen === prefixLen &&
        !each.flags.includes('secondary') &&
        parsePrefix(textOf(each))?.value === own.value,
    )
  )
}

function isSecondaryOf(each: Address, first: Address): boolean {
  if (each.ifindex !== first.ifindex || each.prefixLen !== first.prefixLen) return false
  const [own, other] = [parsePrefix(textOf(each)), parsePrefix(textOf(first))]
  return each.flags.includes('secondary') && own?.value === other?.value
}

const textOf = ({ local, prefixLen }: Address): string => `${local}/${prefixLen}`

const isThere = (found: Known<readonly unknown[]>): boolean => !isUnknown(found) && found.length > 0

function withRoute(netns: Netns, fact: FactOf<'route'>): Netns {
  if (isThere(routesLike(netns, fact))) return netns
  const { destination, table, via, link, metric } = fact
  const prefix = destination === 'default' ? null : parsePrefix(destination)
  const family = prefix?.family ?? (via?.includes(':') === true ? 'inet6' : 'inet')
  const named = listOf(netns.links).find(({ name }) => name === link)?.ifindex
  const oif = named ?? (via === null ? null : (predictRoute(netns, { dst: via }).ways[0]?.ifindex ?? null))
  if (oif === null) return netns
  const isEverything = prefix === null || prefix.length === 0
  const added = routeTo(isEverything ? 'default' : formatPrefix(prefix), family, {
    oif,
    table,
    gateway: via,
    metric: metric ?? (family === 'inet6' ? 1024 : null),
  })
  return { ...netns, routes: [...listOf(netns.routes), added] }
}

function withoutRoute(netns: Netns, fact: FactOf<'route'>): Netns {
  const found = routesLike(netns, fact)
  if (isUnknown(found)) return netns
  const gone = new Set(found)
  return { ...netns, routes: listOf(netns.routes).filter((route) => !gone.has(route)) }
}

function routeTo(dst: string, family: Route['family'], fields: Partial<Route>): Route {
  return {
    dst,
    family,
    table: 254,
    type: 'unicast',
    src: null,
    tos: 0,
    metric: null,
    protocol: 'boot',
    scope: 'global',
    prefSrc: null,
    oif: null,
    gateway: null,
    flags: [],
    nexthops: [],
    nexthopId: null,
    mtu: null,
    advmss: null,
    encap: null,
    expires: null,
    cached: false,
    ...fields,
  }
}
