/** The answers of `ip` and `bridge` in one namespace → its tables. Pure: recorded answers do as well. */
import { nsid, type NetnsId } from '../../model/ids.ts'
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { NetnsTables } from '../../model/netns.ts'
import { number, text, type Printed } from './json.ts'
import { parseAddresses } from './parse-address.ts'
import { parseLinks } from './parse-link.ts'
import { parseFdb, parseMdb, parseNeighbours } from './parse-neighbour.ts'
import { parseNexthopObjects, parsePolicyRules, parseRoutes } from './parse-route.ts'

/** Asked of `ip -j -d -s -batch`. `route show table all` answers for both families, `rule show` for one. */
export const ipQuestions = [
  'link show',
  'addr show',
  'route show table all',
  'rule show',
  'neigh show',
  'neigh show proxy',
  'nexthop show',
  'netns list-id',
] as const
/** Asked of `ip -6 -j -d -batch`. */
export const ip6Questions = ['rule show'] as const
/** Asked of `bridge -j -d -s -batch`. */
export const bridgeQuestions = ['fdb show', 'mdb show'] as const

type Answers = readonly Known<readonly Printed[]>[]

/** One answer a question, in the order of the lists above. */
export type IpAnswers = { readonly ip: Answers; readonly ip6: Answers; readonly bridge: Answers }

/** `named`: the namespaces in /run/netns, the only ones that `ip netns list-id` names. */
export function parseTables(answers: IpAnswers, named: ReadonlyMap<string, NetnsId>): NetnsTables {
  const [link, addr, route, rule, neigh, proxy, nexthop, listId] = answers.ip
  const links = map(link, parseLinks)
  const ifindexOf = new Map(
    isUnknown(links) ? [] : links.map((each) => [each.name as string | null, each.ifindex] as const),
  )
  return {
    links,
    addresses: map(addr, parseAddresses),
    routes: map(route, (answer) => parseRoutes(answer, ifindexOf)),
    policyRules: both(
      map(rule, (answer) => parsePolicyRules(answer, 'inet')),
      map(answers.ip6[0], (answer) => parsePolicyRules(answer, 'inet6')),
    ),
    nexthopObjects: map(nexthop, (answer) => parseNexthopObjects(answer, ifindexOf)),
    neighbours: both(
      map(neigh, (answer) => parseNeighbours(answer, ifindexOf)),
      map(proxy, (answer) => parseNeighbours(answer, ifindexOf)),
    ),
    fdb: map(answers.bridge[0], (answer) => parseFdb(answer, ifindexOf)),
    mdb: map(answers.bridge[1], (answer) => parseMdb(answer, ifindexOf)),
    nsids: map(listId, (answer) => parseNsids(answer, links, named)),
  }
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
