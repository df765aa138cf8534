/** The subnets of a network: as asked for, or the next free ones; each with its gateway and the part that nodes get addresses of. */
import type { Failure } from '../../lib/failure.ts'
import {
  contains,
  formatIp,
  formatPrefix,
  parseIp,
  parsePrefix,
  widthOf,
  type Family,
  type Ip,
  type Prefix,
} from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { LabNetwork } from '../../model/lab.ts'
import { checkIp, networkOf } from '../names.ts'
import { misuse, planned, refusal, refused, type Planned } from '../planner.ts'
import { freeSubnet, freeSubnet6 } from './free-subnet.ts'
import type { NetWish } from './network-options.ts'
import { overlap, overlapped, type TakenRange } from './taken-ranges.ts'

export type LabSubnet = LabNetwork['subnets'][number]

export type SubnetSurroundings = {
  /** What no subnet may overlap. */
  readonly ranges: readonly TakenRange[]
  /** Networks that are taken where none is asked for, before the pool is looked at: those of an existing bridge. */
  readonly preferred: readonly Prefix[]
  /** Of a subnet for which none is asked for; null: it has none. */
  readonly gatewayOf: (subnet: Prefix) => Ip | null
}

export function subnetsOf(wish: NetWish, around: SubnetSurroundings): Planned<readonly LabSubnet[]> {
  const asked = askedFor(wish, around.ranges)
  if (!asked.ok) return asked
  const families: readonly Family[] =
    wish.ipv6 || asked.value.some(({ family }) => family === 'inet6') ? ['inet', 'inet6'] : ['inet']
  const chosen: Prefix[] = [...asked.value]
  for (const family of families) {
    if (chosen.some((each) => each.family === family)) continue
    const next =
      around.preferred.find((each) => each.family === family) ?? nextFree(family, wish, chosen, around)
    if (next === null) return refused(noneLeft(family))
    chosen.push(next)
  }
  return withGateways(wish, chosen, around)
}

function nextFree(
  family: Family,
  { name }: NetWish,
  chosen: readonly Prefix[],
  { ranges }: SubnetSurroundings,
): Prefix | null {
  const own = chosen.map((prefix): TakenRange => ({ prefix, what: '', link: null, of: 'network' }))
  const text = family === 'inet' ? freeSubnet([...ranges, ...own]) : freeSubnet6(name, [...ranges, ...own])
  return text === null ? null : parsePrefix(text)
}

function noneLeft(family: Family): Failure {
  return family === 'inet'
    ? refusal('subnet', 'no subnet is free in 172.17.0.0–172.31.255.255 and 192.168.0.0/16', 'give --subnet')
    : refusal('subnet', 'no IPv6 subnet that is free was found', 'give --subnet fd00:…/64')
}

function askedFor({ subnets }: NetWish, ranges: readonly TakenRange[]): Planned<readonly Prefix[]> {
  const refusals: Failure[] = []
  const prefixes: Prefix[] = []
  for (const text of subnets) {
    const network = networkOf(text)
    const prefix = network.ok ? parsePrefix(network.value.text) : null
    if (!network.ok || prefix === null) {
      if (!network.ok) refusals.push(...network.refusals)
      continue
    }
    const shown = `subnet ${formatPrefix(prefix)}`
    const unfit = unfitness(prefix)
    const other = prefixes.find((each) => overlap(each, prefix))
    const taken = overlapped(prefix, ranges)
    if (unfit !== null) refusals.push(misuse(text, `${shown} ${unfit}`))
    else if (other !== undefined)
      refusals.push(misuse(text, `${shown} overlaps subnet ${formatPrefix(other)}`))
    else if (taken !== null)
      refusals.push(
        refusal(text, `${shown} overlaps ${taken.what}`, 'leave --subnet out: a free one is taken'),
      )
    prefixes.push(prefix)
  }
  return refusals.length > 0 ? refused(...refusals) : planned(prefixes)
}

/** Not for hosts of a link (RFC 1122 3.2.1.3, RFC 5771, RFC 1112; RFC 4291 2.4). */
const impossible = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3', '::/8', 'fe80::/10', 'ff00::/8']
  .map(parsePrefix)
  .filter((prefix) => prefix !== null)

/** Network, broadcast, gateway and one node; in IPv6 there is no broadcast address, but ::0 means every router. */
const longest: Readonly<Record<Family, number>> = { inet: 30, inet6: 126 }
const shortest = 8

function unfitness(prefix: Prefix): string | null {
  if (prefix.length > longest[prefix.family])
    return `is too small: it has no room for a gateway and a node; /${longest[prefix.family]} at least`
  if (impossible.some((each) => overlap(each, prefix))) return 'is not for hosts'
  return prefix.length < shortest ? `is too large: /${shortest} at most` : null
}

function withGateways(
  wish: NetWish,
  chosen: readonly Prefix[],
  around: SubnetSurroundings,
): Planned<readonly LabSubnet[]> {
  const gateways = placed(chosen, wish.gateways.map(gatewayIn), 'gateway')
  const parts = placed(chosen, wish.ipRanges.map(partIn), 'ip-range')
  const refusals = [...gateways.refusals, ...parts.refusals]
  if (refusals.length > 0) return refused(...refusals)
  return planned(
    chosen.map((subnet) => {
      const asked = gateways.of.get(subnet)
      const gateway = asked?.ip ?? around.gatewayOf(subnet)
      return {
        subnet: formatPrefix(subnet),
        gateway: gateway === null ? null : formatIp(gateway),
        ipRange: parts.of.get(subnet)?.text ?? null,
      }
    }),
  )
}

type Piece = { readonly text: string; readonly ip: Ip; readonly length: number; readonly isHost: boolean }

function gatewayIn(text: string): Piece | Failure {
  const ip = parseIp(text)
  if (ip === null) return checkIp(text) ?? misuse(text, `"${sanitise(text)}" is no address`)
  return { text: formatIp(ip), ip, length: widthOf(ip.family), isHost: true }
}

function partIn(text: string): Piece | Failure {
  const network = networkOf(text)
  const prefix = network.ok ? parsePrefix(network.value.text) : null
  if (network.ok && prefix !== null)
    return { text: network.value.text, ip: prefix, length: prefix.length, isHost: false }
  const [failure] = network.ok ? [] : network.refusals
  return failure ?? misuse(text, `"${sanitise(text)}" is no network`)
}

/** Each in the subnet that it lies in: one a subnet. */
function placed(
  subnets: readonly Prefix[],
  pieces: readonly (Piece | Failure)[],
  what: string,
): { readonly of: ReadonlyMap<Prefix, Piece>; readonly refusals: readonly Failure[] } {
  const of = new Map<Prefix, Piece>()
  const refusals: Failure[] = []
  for (const piece of pieces) {
    if ('kind' in piece) {
      refusals.push(piece)
      continue
    }
    const { text, ip, length } = piece
    const wrong = (says: string): Failure => misuse(text, `${what} ${text} ${says}`)
    const subnet = subnets.find((each) => contains(each, ip) && each.length <= length)
    const had = subnet === undefined ? undefined : of.get(subnet)
    if (subnet === undefined)
      refusals.push(wrong(`is outside of the network's subnets (${subnets.map(formatPrefix).join(', ')})`))
    else if (had !== undefined) refusals.push(wrong(`is in the same subnet as ${had.text}`))
    else if (piece.isHost && ip.value === subnet.value)
      refusals.push(wrong(`is the address of subnet ${formatPrefix(subnet)} itself`))
    else if (piece.isHost && ip.family === 'inet' && ip.value === lastOf(subnet))
      refusals.push(wrong(`is the broadcast address of subnet ${formatPrefix(subnet)}`))
    else of.set(subnet, piece)
  }
  return { of, refusals }
}

function lastOf({ family, value, length }: Prefix): bigint {
  return value + (1n << BigInt(widthOf(family) - length)) - 1n
}

/** The first address that a host can have: Docker's gateway. */
export function firstHost({ family, value }: Prefix): Ip {
  return { family, value: value + 1n }
}
