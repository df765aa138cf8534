/** What the user may call the far end of a probe: an address, `gateway`, `host`, a container, an alias, any other name. */
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { parseIp } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Sought, Target } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { displayNames } from '../netns-name.ts'
import { linkAt } from '../netns-index.ts'
import { resolverOf } from './resolver.ts'
import { addressesReached, hostReached, type Reached } from './sought-address.ts'
import { defaultGateways, isLinkLocal } from './sought-gateway.ts'
import { namedBy, type Named } from './sought-names.ts'

type Family = 4 | 6

/** As long as a name of the DNS may be (RFC 1035). */
const longest = 253

/** `family`: only such an address will do; null: either, IPv4 first. */
export function soughtOf(
  world: World,
  from: Netns,
  text: string,
  family: Family | null = null,
): Outcome<Sought> {
  if (text === '' || text.startsWith('-') || text.length > longest || /[\s\p{Cc}\p{Cf}/]/u.test(text))
    return failed(notATarget(text))
  const bare = /^\[(.+)\]$/.exec(text)?.[1] ?? text
  const ip = parseIp(bare.split('%')[0] ?? bare)
  if (ip !== null) return ofAddress(from, text, bare, ip.family === 'inet' ? 4 : 6, family)
  if (text === 'gateway') return ofGateway(world, from, family)
  if (text === 'host')
    return nearest(text, hostReached(world, from), family, 'host', `the host has no address of its own`)
  const named = namedBy(world, from, text)
  const [only] = named
  if (only !== undefined)
    return named.length === 1 ? ofNamed(world, from, text, family, only) : failed(ambiguous(text, named))
  // 10.1 and 300.1.1.1: C libraries take the first for 10.0.0.1, and nobody means that.
  const isName = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(text) && !/^[\d.]+$/.test(text)
  return isName ? succeeded({ text, family, resolver: resolverOf(world, from) }) : failed(notATarget(text))
}

function notATarget(text: string): Failure {
  return {
    kind: 'usage',
    what: text === '' ? 'there is no target' : `"${sanitise(text.slice(0, 60))}" is not a target`,
    subject: text,
    hint: 'give an address, a container’s or an alias’s name, a host name, "gateway" or "host"',
  }
}

function otherFamily(text: string, family: Family): Failure {
  return { kind: 'not-found', what: `${text} has no IPv${family} address`, subject: text }
}

function ofAddress(
  from: Netns,
  text: string,
  address: string,
  its: Family,
  family: Family | null,
): Outcome<Target> {
  const usage = (what: string, hint?: string): Outcome<Target> =>
    failed({ kind: 'usage', what, subject: text, ...(hint === undefined ? {} : { hint }) })
  if (family !== null && family !== its) return usage(`${text} is no IPv${family} address`)
  const [plain = '', link] = address.split('%')
  const found = (whole: string): Outcome<Target> =>
    succeeded({ text, address: whole, family: its, from: null })
  if (link !== undefined) {
    if (its === 4 || link === '') return usage(`"${text}" is not an address`)
    const links = listOf(from.links)
    const isThere = links.some(({ name, ifindex }) => name === link || String(ifindex) === link)
    return isUnknown(from.links) || isThere
      ? found(address)
      : failed({ kind: 'not-found', what: `${text}: there is no link "${link}" there`, subject: link })
  }
  if (its === 4 || !isLinkLocal(plain)) return found(plain)
  // Alone it says nothing of where: only with one link there can be no doubt.
  const links = [
    ...new Set(listOf(from.addresses).flatMap(({ local, ifindex }) => (isLinkLocal(local) ? [ifindex] : []))),
  ].flatMap((ifindex) => linkAt(from, ifindex)?.name ?? [])
  const [only] = links
  if (only !== undefined && links.length === 1) return found(`${plain}%${only}`)
  const examples = links.slice(0, 3).map((name) => `${plain}%${name}`)
  return usage(
    `${text} is good for one link only`,
    examples.length === 0 ? `name the link: ${plain}%eth0` : `name the link: ${examples.join(', ')}`,
  )
}

function ofGateway(world: World, from: Netns, family: Family | null): Outcome<Target> {
  const gateways = defaultGateways(from)
  const name = displayNames(world.netns).get(from.id) ?? from.id
  if (isUnknown(gateways))
    return failed({
      kind: 'permission',
      what: `the routes of ${name} could not be read: ${gateways.unknown}`,
      subject: name,
    })
  const first = gateways.find((each) => family === null || each.family === family)
  if (first !== undefined) {
    const { address, family: its, link } = first
    const by = link === null ? '' : ` by ${link}`
    return succeeded({ text: 'gateway', address, family: its, from: `default gateway${by}` })
  }
  const version = family === null ? '' : `IPv${family} `
  return failed({
    kind: 'not-found',
    what: `${name} has no ${version}default gateway`,
    subject: 'gateway',
    hint: 'give an address',
  })
}

function ofNamed(
  world: World,
  from: Netns,
  text: string,
  family: Family | null,
  named: Named,
): Outcome<Target> {
  const { name, by, container, netns, endpoints } = named
  const to = netns === null ? null : (world.netns.find(({ id }) => id === netns) ?? null)
  const what = by === 'container' || by === 'netns' ? `${by} ${name}` : `${by} ${text} of ${name}`
  const isHost = netns === world.host
  const all = isHost ? hostReached(world, from) : addressesReached(world, from, endpoints, to)
  const isStopped = container !== null && container.netns === null
  const why = isStopped
    ? `container "${name}" does not run (${container.state})`
    : `${what} has no address${to === null ? '' : ' but loopback'}`
  const own = to !== null && to.id === from.id && all.length === 0 ? loopback(family) : all
  return nearest(text, own, family, what, why)
}

function loopback(family: Family | null): readonly Reached[] {
  return family === 6
    ? [{ address: '::1', family: 6, on: 'lo' }]
    : [{ address: '127.0.0.1', family: 4, on: 'lo' }]
}

function nearest(
  text: string,
  all: readonly Reached[],
  family: Family | null,
  what: string,
  why: string,
): Outcome<Target> {
  const first = all.find((each) => family === null || each.family === family)
  if (first === undefined)
    return failed(
      all.length === 0 || family === null
        ? { kind: 'not-found', what: why, subject: text }
        : otherFamily(text, family),
    )
  const { address, family: its, on } = first
  return succeeded({ text, address, family: its, from: `${what}${on === null ? '' : ` on ${on}`}` })
}

function ambiguous(text: string, named: readonly Named[]): Failure {
  const told = named.map(({ name, by, container, endpoints }) => {
    const [endpoint] = endpoints
    const address = endpoint?.ipv4 ?? endpoint?.ipv6 ?? container?.id.slice(0, 12)
    const where = [endpoint?.network, address].filter((each) => each !== undefined).join(' ')
    return `${by === 'netns' ? 'netns' : 'container'} ${name}${where === '' ? '' : ` (${where})`}`
  })
  return {
    kind: 'ambiguous',
    what: `"${text}" could mean ${told.join(' or ')}`,
    subject: text,
    hint: 'give its address or the beginning of its id',
  }
}
