/**
 * What the kernel asks of a packet that came in, beside the tables (ip_route_input_slow, __fib_validate_source): may
 * it have this source, and is it forwarded at all.
 */
import { contains, formatIp, parsePrefix } from '../lib/ip.ts'
import { isUnknown, listOf, unknown, type Known } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { Flow } from './flow.ts'
import { addressesOf, indexOf } from './netns-index.ts'
import { isSet, sysctl } from './nexthops.ts'
import { lookup, type Lookup } from './route-lookup.ts'

/** Why it is dropped; null: it is not. */
type Drop = Known<string | null>

const inNet = (text: string, ip: Flow['src']): boolean => {
  const prefix = parsePrefix(text)
  return prefix !== null && ip !== null && contains(prefix, ip)
}

/** Before the tables are asked. Only IPv4 looks at routes for this. */
export function dropAtOnce(netns: Netns, flow: Flow): Drop {
  const link = indexOf(netns).byName.get(flow.iif)
  if (link === undefined) return `there is no link ${flow.iif}`
  if (!link.flags.includes('UP')) return `${flow.iif} is down: nothing comes in there`
  if (flow.family === 'inet6') return null
  if (flow.src === null)
    return unknown(
      `whether ${flow.iif} takes it depends on its source (martian source): add from and an address`,
    )
  if (inNet('224.0.0.0/4', flow.src) || inNet('0.0.0.0/8', flow.src) || flow.src.value === 0xffffffffn) {
    return `${formatIp(flow.src)} cannot be a source (martian source)`
  }
  if (inNet('0.0.0.0/8', flow.dst))
    return `${formatIp(flow.dst)} cannot be a destination (martian destination)`
  const loop = [flow.src, flow.dst].find((ip) => inNet('127.0.0.0/8', ip))
  if (loop === undefined || link.kind === 'loopback') return null
  const allowed = orAll(own(link, 'routeLocalnet', netns, 'route_localnet'), netns, 'route_localnet')
  if (isUnknown(allowed)) return allowed
  return allowed ? null : `${formatIp(loop)} never comes in by ${flow.iif}: route_localnet is 0`
}

/** After the tables were asked, for what is delivered here or forwarded. */
export function dropOfReceived(netns: Netns, flow: Flow, found: Lookup): Drop {
  const link = indexOf(netns).byName.get(flow.iif)
  if (link === undefined) return null
  const isLocal = found.verdict === 'local' || found.verdict === 'broadcast' || found.verdict === 'anycast'
  if (!isLocal) {
    const forwarding = forwards(netns, flow, link)
    if (isUnknown(forwarding)) return forwarding
    if (!forwarding) return `forwarding is 0 on ${flow.family === 'inet' ? link.name : 'all'}`
  }
  if (flow.family === 'inet6' || flow.src === null || found.verdict === 'broadcast') return null
  return badSource(netns, flow, link)
}

function forwards(netns: Netns, flow: Flow, link: Link): Known<boolean> {
  if (flow.family === 'inet6') return isSet(netns, 'ipv6.conf.all.forwarding')
  return own(link, 'forwarding', netns, 'forwarding')
}

type Field = 'forwarding' | 'routeLocalnet' | 'acceptLocal' | 'srcValidMark'

function own(link: Link, field: Field, netns: Netns, name: string): Known<boolean> {
  if (link.inet !== null && !isUnknown(link.inet)) return link.inet[field] !== 0
  return isSet(netns, `ipv4.conf.${link.name}.${name}`)
}

/** Values that hold when either the link's or that of `all` is set. */
function orAll(value: Known<boolean>, netns: Netns, name: string): Known<boolean> {
  if (value === true) return true
  const all = isSet(netns, `ipv4.conf.all.${name}`)
  if (all === true) return true
  return isUnknown(value) ? value : all
}

/** The route back decides: it must be a unicast one, and with rp_filter 1 lead out where the packet came in. */
function badSource(netns: Netns, flow: Flow, link: Link): Drop {
  if (flow.src === null) return null
  const source = formatIp(flow.src)
  const marked = orAll(own(link, 'srcValidMark', netns, 'src_valid_mark'), netns, 'src_valid_mark')
  if (isUnknown(marked) && flow.mark !== 0) return marked
  const back: Flow = {
    ...flow,
    dst: flow.src,
    src: flow.dst,
    iif: flow.vrf?.name ?? 'lo',
    received: false,
    oif: null,
    oifName: null,
    mark: marked === true ? flow.mark : 0,
    tos: 0,
  }
  const route = lookup(netns, back, [])
  if (route.verdict === 'unknown')
    return unknown(`the route back to ${source} is unknown: ${route.reason ?? ''}`)
  if (route.verdict === 'unicast' && route.hops.some((hop) => hop.oif === link.ifindex)) return null
  if (route.verdict === 'local') {
    const accepted = orAll(own(link, 'acceptLocal', netns, 'accept_local'), netns, 'accept_local')
    if (isUnknown(accepted)) return accepted
    return accepted
      ? null
      : `${source} is an address of this namespace itself (martian source; accept_local is 0)`
  }
  const filter = reversePathFilter(netns, link)
  if (filter === 0) return null
  const hasAddress = addressesOf(netns, link.ifindex).some((address) => address.family === 'inet')
  const reaches = route.verdict === 'unicast' && hasAddress
  if (isUnknown(filter))
    return unknown(`the route back to ${source} does not lead out by ${link.name}, and ${filter.unknown}`)
  if (reaches && filter !== 1) return null
  const reason =
    route.verdict === 'unicast'
      ? `the route back to ${source} leads elsewhere`
      : `there is no route back to ${source}`
  return `rp_filter is ${filter} on ${link.name} and ${reason}`
}

/** The larger of the link's value and that of `all`. */
function reversePathFilter(netns: Netns, link: Link): Known<number> {
  const own =
    link.inet === null || isUnknown(link.inet)
      ? sysctl(netns, `ipv4.conf.${link.name}.rp_filter`)
      : link.inet.rpFilter
  const all = sysctl(netns, 'ipv4.conf.all.rp_filter')
  if (isUnknown(own)) return own
  if (isUnknown(all)) return own === 2 ? 2 : all
  return Math.max(own, all)
}

/** Whether an address is one of the namespace's own (inet_addr_type local). */
export function isOwnAddress(netns: Netns, ip: Flow['dst']): Known<boolean> {
  if (isUnknown(netns.addresses)) return netns.addresses
  const text = formatIp(ip)
  if (netns.addresses.some((address) => address.local === text)) return true
  return listOf(netns.routes).some((route) => {
    const prefix = route.type === 'local' ? parsePrefix(route.dst) : null
    return prefix !== null && contains(prefix, ip)
  })
}
