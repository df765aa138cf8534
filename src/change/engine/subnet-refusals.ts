/** What is wrong with the subnets of a network that an engine is to make: said before it is asked. */
import type { Failure } from '../../lib/failure.ts'
import { contains, formatPrefix, parseIp, parsePrefix, widthOf, type Ip, type Prefix } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { overlap, overlapped, type TakenRange } from '../lab/taken-ranges.ts'
import { checkIp, networkOf } from '../names.ts'
import { misuse, refusal } from '../planner.ts'
import type { NetworkWish } from './dialect.ts'

type Pool = NetworkWish['subnets'][number]

/** `ranges`: what no subnet may overlap. */
export function subnetRefusals(
  { subnets }: Pick<NetworkWish, 'subnets'>,
  ranges: readonly TakenRange[],
): readonly Failure[] {
  const prefixes = subnets.map(({ subnet }) => parsePrefix(subnet))
  return subnets.flatMap((pool, at) => {
    const network = networkOf(pool.subnet)
    const prefix = prefixes[at] ?? null
    if (!network.ok || prefix === null) return network.ok ? [] : network.refusals
    const shown = `subnet ${formatPrefix(prefix)}`
    const other = prefixes.slice(0, at).find((each) => each !== null && overlap(each, prefix))
    const taken = overlapped(prefix, ranges)
    return [
      ...(other === undefined || other === null
        ? []
        : [misuse(pool.subnet, `${shown} overlaps subnet ${formatPrefix(other)}`)]),
      ...(taken === null
        ? []
        : [
            refusal(
              pool.subnet,
              `${shown} overlaps ${taken.what}`,
              'leave --subnet out: the engine takes a free one',
            ),
          ]),
      ...pieceRefusals(pool, prefix),
    ]
  })
}

function pieceRefusals({ gateway, ipRange, auxAddresses }: Pool, prefix: Prefix): readonly Failure[] {
  return [
    ...(gateway === null ? [] : hostRefusals('gateway', gateway, prefix)),
    ...(ipRange === null ? [] : rangeRefusals(ipRange, prefix)),
    ...Object.entries(auxAddresses).flatMap(([name, address]) => [
      ...(name === '' ? [misuse(address, `aux-address ${sanitise(address)} needs a name: NAME=IP`)] : []),
      ...hostRefusals(`aux-address ${sanitise(name)}`, address, prefix),
      ...(gateway !== null && parseIp(gateway)?.value === parseIp(address)?.value
        ? [misuse(address, `aux-address ${sanitise(name)} is the gateway, ${sanitise(gateway)}`)]
        : []),
    ]),
  ]
}

/** A CIDR, or FIRST-LAST as Podman has it, too. */
function rangeRefusals(text: string, prefix: Prefix): readonly Failure[] {
  if (isFirstLast(text)) {
    const [first = '', last = '', ...more] = text.split('-')
    const shown = `ip-range ${sanitise(text)}`
    if (more.length > 0 || (first === '' && last === ''))
      return [misuse(text, `${shown} is no range: write FIRST-LAST`)]
    const ends = [first, last].filter((each) => each !== '')
    const wrong = ends.flatMap((each) => hostRefusals('ip-range', each, prefix))
    const [from, to] = [parseIp(first), parseIp(last)]
    return wrong.length === 0 && from !== null && to !== null && from.value > to.value
      ? [misuse(text, `${shown} ends before it begins`)]
      : wrong
  }
  const range = networkOf(text)
  const part = parsePrefix(text)
  if (!range.ok) return range.refusals
  return part === null || (contains(prefix, part) && part.length >= prefix.length)
    ? []
    : [misuse(text, `ip-range ${formatPrefix(part)} is outside of subnet ${formatPrefix(prefix)}`)]
}

/** `10.0.0.10-10.0.0.20`. */
export function isFirstLast(range: string): boolean {
  return range.includes('-')
}

/** `what`: gateway, `--ip`. One that a host of the subnet can have. */
export function hostRefusals(what: string, text: string, prefix: Prefix): readonly Failure[] {
  const ip = parseIp(text)
  const subnet = `subnet ${formatPrefix(prefix)}`
  if (ip === null) {
    const bad = checkIp(text)
    return bad === null ? [] : [{ ...bad, what: `${what}: ${bad.what}` }]
  }
  if (!contains(prefix, ip)) return [misuse(text, `${what} ${text} is outside of ${subnet}`)]
  // Of two addresses (RFC 3021) or one alone both are hosts.
  if (prefix.length >= widthOf(prefix.family) - 1) return []
  if (ip.value === prefix.value) return [misuse(text, `${what} ${text} is ${subnet} itself`)]
  return isBroadcast(prefix, ip)
    ? [misuse(text, `${what} ${text} is the broadcast address of ${subnet}`)]
    : []
}

function isBroadcast({ family, value, length }: Prefix, ip: Ip): boolean {
  return family === 'inet' && ip.value === value + (1n << BigInt(widthOf(family) - length)) - 1n
}
