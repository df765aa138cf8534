/**
 * The second reader: `ip` and `bridge` inside each namespace. It stands in where koffi does not load, and in the
 * tests it is the oracle that the netlink reader is compared with. Slower by an order of magnitude, no events,
 * and silent on what iproute2 does not print: that is `unknown` here.
 */
import { statSync } from 'node:fs'
import type { NetnsId } from '../../model/ids.ts'
import { netnsId, nsid } from '../../model/ids.ts'
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { NetnsDetails, NetnsTables } from '../../model/netns.ts'
import type { FoundNetns, KernelReader, ReadFailure, TablesRead } from '../reader.ts'
import { batch } from './batch.ts'
import { number, text, type Printed } from './json.ts'
import { parseAddresses } from './parse-address.ts'
import { parseLinks } from './parse-link.ts'
import { parseFdb, parseMdb, parseNeighbours } from './parse-neighbour.ts'
import { parseNexthopObjects, parsePolicyRules, parseRoutes } from './parse-route.ts'

const ipQuestions = [
  'link show',
  'addr show',
  'route show table all',
  'rule show',
  'neigh show',
  'neigh show proxy',
  'nexthop show',
  'netns list-id',
] as const

export function ipReader(readDetails: (path: string) => Promise<NetnsDetails>): KernelReader {
  let named: ReadonlyMap<string, NetnsId> = new Map()
  return {
    name: 'ip',
    know: (found) => {
      named = idsByName(found)
      return Promise.resolve()
    },
    readTables: (netns) => enter(netns, (path) => readTables(path, named)),
    readDetails: (netns) => enter(netns, readDetails),
    close: () => {},
  }
}

/** Only names in /run/netns are printed by `ip netns list-id`. */
function idsByName(found: readonly FoundNetns[]): ReadonlyMap<string, NetnsId> {
  return new Map(
    found.flatMap((each) =>
      each.names.filter((name) => name.source === 'named').map((name) => [name.name, each.id] as const),
    ),
  )
}

/**
 * Runs `read` with the first path that leads to the namespace and still does afterwards: a pid may have been
 * reused while the tools ran.
 */
async function enter<T>(netns: FoundNetns, read: (path: string) => Promise<T>): Promise<T | ReadFailure> {
  let failure: ReadFailure = { unknown: 'no path leads to it', errno: 'ENOENT' }
  for (const path of netns.paths) {
    const before = inodeOf(path)
    if (typeof before !== 'string') {
      failure = before
      continue
    }
    if (before !== netns.id) {
      failure = { unknown: `${path} leads to another namespace now`, errno: 'ESTALE' }
      continue
    }
    const value = await read(path)
    if (inodeOf(path) === netns.id) return value
    failure = { unknown: 'went away while it was read', errno: 'ESTALE' }
  }
  return failure
}

function inodeOf(path: string): NetnsId | ReadFailure {
  try {
    return netnsId(statSync(path, { bigint: true }).ino)
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'EIO'
    return { unknown: `cannot open ${path}: ${errno}`, errno }
  }
}

async function readTables(path: string, named: ReadonlyMap<string, NetnsId>): Promise<TablesRead> {
  const [ip, ip6, bridge] = await Promise.all([
    batch(path, ['ip', '-j', '-d', '-s'], ipQuestions),
    batch(path, ['ip', '-6', '-j', '-d'], ['rule show']),
    batch(path, ['bridge', '-j', '-d', '-s'], ['fdb show', 'mdb show']),
  ])
  const [link, addr, route, rule, neigh, proxy, nexthop, listId] = ip
  const links = map(link, parseLinks)
  const ifindexOf = new Map(
    isUnknown(links) ? [] : links.map((each) => [each.name as string | null, each.ifindex] as const),
  )
  const tables: NetnsTables = {
    links,
    addresses: map(addr, parseAddresses),
    routes: map(route, (answer) => parseRoutes(answer, ifindexOf)),
    policyRules: both(
      map(rule, (answer) => parsePolicyRules(answer, 'inet')),
      map(ip6[0], (answer) => parsePolicyRules(answer, 'inet6')),
    ),
    nexthopObjects: map(nexthop, (answer) => parseNexthopObjects(answer, ifindexOf)),
    neighbours: both(
      map(neigh, (answer) => parseNeighbours(answer, ifindexOf)),
      map(proxy, (answer) => parseNeighbours(answer, ifindexOf)),
    ),
    fdb: map(bridge[0], (answer) => parseFdb(answer, ifindexOf)),
    mdb: map(bridge[1], (answer) => parseMdb(answer, ifindexOf)),
    nsids: map(listId, (answer) => parseNsids(answer, links, named)),
  }
  return { cookie: null, tables, interrupted: false }
}

/**
 * `ip netns list-id` names only what is in /run/netns, and its list is cut at the first full buffer. Where a link
 * refers to a number that it did not name, the whole table is unknown: pairing then goes by the back pointers.
 */
function parseNsids(
  answers: readonly Printed[],
  links: Known<readonly Link[]>,
  named: ReadonlyMap<string, NetnsId>,
): NetnsTables['nsids'] {
  const known = new Map<number, NetnsId>()
  for (const answer of answers) {
    const id = named.get(text(answer, 'name') ?? '')
    const value = number(answer, 'nsid')
    if (id !== undefined && value !== null) known.set(value, id)
  }
  const used = isUnknown(links) ? [] : links.flatMap((each) => each.lower?.nsid ?? [])
  if (used.some((value) => !known.has(value))) {
    return unknown('`ip netns list-id` names only namespaces in /run/netns')
  }
  return [...known].map(([value, id]) => ({ nsid: nsid(value), id }))
}

function map<T>(
  answer: Known<readonly Printed[]> | undefined,
  parse: (answer: readonly Printed[]) => Known<readonly T[]>,
): Known<readonly T[]> {
  if (answer === undefined) return unknown('not asked')
  return isUnknown(answer) ? answer : parse(answer)
}

function both<T>(first: Known<readonly T[]>, second: Known<readonly T[]>): Known<readonly T[]> {
  if (isUnknown(first)) return first
  return isUnknown(second) ? second : [...first, ...second]
}
