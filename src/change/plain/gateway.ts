/** Whether a gateway can be one: its link, and that it is a neighbour there. */
import type { Failure } from '../../lib/failure.ts'
import { contains, formatIp, parseIp, parsePrefix, type Ip, type Prefix } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import { refusal } from '../planner.ts'
import { addressesOf } from '../restore/addresses.ts'
import { siteOf } from '../restore/site.ts'
import { mainTable, type Wanted } from './route-asked.ts'
import { linksOf, type NamedPlace } from './scene.ts'

/** An address of the namespace. */
export function isOwn(place: NamedPlace, ip: Ip): boolean {
  return listOf(place.netns.addresses).some(({ local }) => isSameIp(parseIp(local), ip))
}

export function isSameIp(one: Ip | null, other: Ip): boolean {
  return one !== null && one.family === other.family && one.value === other.value
}

export function gatewayRefusal(
  place: NamedPlace,
  wanted: Wanted,
  via: Ip,
  link: Link | null,
): Failure | null {
  const shown = formatIp(via)
  if (isOwn(place, via))
    return refusal(shown, `${shown} is an address of ${place.name} itself: it is no gateway`)
  if (via.family !== wanted.family && wanted.family === 'inet6')
    return refusal(shown, `${shown} cannot be the gateway of an IPv6 route: it is of the other family`)
  if (isLinkLocal(via)) {
    const what = `the gateway ${shown} is on every link of ${place.name}: the link must be named`
    return wanted.link === null ? refusal(shown, what) : null
  }
  if (link !== null && (wanted.link === null || isOn(place, link, via))) return null
  const where = wanted.link === null ? place.name : `${sanitise(wanted.link.name)} in ${place.name}`
  const networks = networksOf(place, wanted.link)
  return refusal(
    shown,
    `the gateway ${shown} is not on any network of ${where}`,
    networks.length === 0 ? 'it has none: give it an address first' : `there are ${networks.join(', ')}`,
  )
}

function isLinkLocal(ip: Ip): boolean {
  return ip.family === 'inet6' && ip.value >> 118n === 0x3fan
}

function networksOf(place: NamedPlace, only: Link | null): readonly string[] {
  const links = only === null ? linksOf(place).filter(({ kind }) => kind !== 'loopback') : [only]
  const found = links.flatMap((link) => addressesOf(siteOf(place, link)))
  return [...new Set(found.map(({ local, prefixLen }) => `${local}/${prefixLen}`))]
}

/** By which link its gateway is reached at once: the longest route without a gateway that fits. */
export function linkTo(place: NamedPlace, { via }: Wanted): Link | null {
  if (via === null || isLinkLocal(via)) return null
  const fitting = onLinkRoutes(place)
    .filter(({ prefix }) => contains(prefix, via))
    .toSorted((one, other) => other.prefix.length - one.prefix.length)
  return fitting[0]?.link ?? null
}

function isOn(place: NamedPlace, link: Link, via: Ip): boolean {
  return onLinkRoutes(place).some(
    (route) => route.link.ifindex === link.ifindex && contains(route.prefix, via),
  )
}

/** Where neighbours are: routes of unicast without a gateway, of the tables that every lookup meets. */
function onLinkRoutes(place: NamedPlace): readonly { readonly link: Link; readonly prefix: Prefix }[] {
  const byIndex = new Map(linksOf(place).map((link) => [link.ifindex, link]))
  return listOf(place.netns.routes).flatMap(({ type, dst, oif, gateway, table, family }) => {
    if (type !== 'unicast' || gateway !== null || oif === null || table !== mainTable) return []
    const link = byIndex.get(oif)
    const prefix = parsePrefix(dst === 'default' ? (family === 'inet' ? '0.0.0.0/0' : '::/0') : dst)
    return link === undefined || prefix === null ? [] : [{ link, prefix }]
  })
}
