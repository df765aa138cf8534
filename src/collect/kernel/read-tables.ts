/**
 * All tables of one namespace over one rtnetlink socket. Each table stands for itself: a refused dump makes that
 * table unknown, with the kernel's reason, and never an empty list.
 */
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { NetnsTables } from '../../model/netns.ts'
import type { NeighbourTables, OneTable } from '../reader.ts'
import { attribute, header } from './netlink/build.ts'
import { AF_BRIDGE } from './netlink/format.ts'
import { parseAddress } from './netlink/parse-address.ts'
import { parseLink } from './netlink/parse-link.ts'
import { parseMdb } from './netlink/parse-mdb.ts'
import { parseFdbEntry, parseNeighbour } from './netlink/parse-neighbour.ts'
import { parseNexthop } from './netlink/parse-nexthop.ts'
import { parseRoute } from './netlink/parse-route.ts'
import { parseRule } from './netlink/parse-rule.ts'
import { parsePortVlans, type PortVlans } from './netlink/parse-vlan.ts'
import { withWireguard } from './read-wireguard.ts'
import { describeNetlinkError, type Netlink, type Parse } from './netlink/socket.ts'

export type OwnTables = Omit<NetnsTables, 'nsids'>

export type OwnTablesRead = {
  readonly cookie: string | null
  /** Without the table of nsids, which needs to know the other namespaces. */
  readonly tables: OwnTables
  /** A table changed during each of three dumps. */
  readonly interrupted: boolean
}

export const RTM_GETLINK = 18
export const RTM_GETADDR = 22
export const RTM_GETROUTE = 26
export const RTM_GETNEIGH = 30
const RTM_GETRULE = 34
const RTM_GETMDB = 86
const RTM_GETNEXTHOP = 106

const IFLA_EXT_MASK = 29
const RTEXT_FILTER_BRVLAN = 2
const NTF_PROXY = 8

/** Fixed headers of linux/rtnetlink.h; family 0 (AF_UNSPEC) asks for all families at once. */
export const linkRequest = header(16)
export const addressRequest = header(8)
const routeRequest = header(12)
const ruleRequest = header(12)
const nexthopRequest = header(8)
const neighbourRequest = header(12)
/** Proxy entries come only when asked for by ndm_flags. */
const proxyRequest = header(12, { 10: NTF_PROXY })
/** The forwarding tables come only when asked for by family. */
const fdbRequest = header(12, { 0: AF_BRIDGE })
const mdbRequest = header(8, { 0: AF_BRIDGE })
const vlanRequest = Buffer.concat([
  header(16, { 0: AF_BRIDGE }),
  attribute(IFLA_EXT_MASK, RTEXT_FILTER_BRVLAN),
])

/** Reads the namespace that the socket belongs to. */
export function readTables(socket: Netlink): OwnTablesRead {
  const state: Reading = { socket, interrupted: false }
  // Addresses first: the kernel's first message is small on a new socket, and links would need two.
  const addresses = read.addresses(state)
  const links = read.links(state)
  const routes = read.routes(state)
  const policyRules = read.policyRules(state)
  const nexthopObjects = read.nexthopObjects(state)
  const neighbours = neighbourTables(state, links)
  return {
    cookie: socket.netnsCookie(),
    tables: { links, addresses, routes, policyRules, nexthopObjects, ...neighbours },
    interrupted: state.interrupted,
  }
}

const read: { readonly [Table in OneTable]: (state: Reading) => OwnTables[Table] } = {
  links: (state) => readLinks(state),
  addresses: (state) => dump(state, RTM_GETADDR, addressRequest, parseAddress),
  routes: (state) => dump(state, RTM_GETROUTE, routeRequest, parseRoute),
  policyRules: (state) => dump(state, RTM_GETRULE, ruleRequest, parseRule),
  nexthopObjects: (state) => dump(state, RTM_GETNEXTHOP, nexthopRequest, parseNexthop, true),
}

/** One table alone. null: it changed during each of three dumps. */
export function readOneTable(socket: Netlink, table: OneTable): Partial<OwnTables> | null {
  const state: Reading = { socket, interrupted: false }
  const rows = { [table]: read[table](state) }
  return state.interrupted ? null : rows
}

/** Those tables alone that change without anybody's doing. */
export function readNeighbours(socket: Netlink, links: NetnsTables['links']): NeighbourTables {
  return neighbourTables({ socket, interrupted: false }, links)
}

function neighbourTables(state: Reading, links: NetnsTables['links']): NeighbourTables {
  return {
    neighbours: both(
      dump(state, RTM_GETNEIGH, neighbourRequest, parseNeighbour),
      dump(state, RTM_GETNEIGH, proxyRequest, parseNeighbour),
    ),
    fdb: dump(state, RTM_GETNEIGH, fdbRequest, parseFdbEntry),
    mdb: readMdb(state, links),
  }
}

type Reading = { readonly socket: Netlink; interrupted: boolean }

/** `optional`: a kernel that does not know the request has no such table, so there is nothing in it. */
function dump<T>(
  state: Reading,
  type: number,
  request: Uint8Array,
  parse: Parse<T>,
  optional = false,
): Known<readonly T[]> {
  const answer = state.socket.dump(type, request, parse)
  if (answer.ok) {
    if (answer.interrupted) state.interrupted = true
    return answer.values
  }
  if (optional && answer.error.errno === 'EOPNOTSUPP') return []
  return unknown(describeNetlinkError(answer.error))
}

function readLinks(state: Reading): NetnsTables['links'] {
  const links = dump(state, RTM_GETLINK, linkRequest, parseLink)
  return isUnknown(links) ? links : withExtras(state, links, links)
}

/** Links that were asked for one by one, with what no link request tells. `all`: as far as they are known. */
export function withLinkExtras(
  socket: Netlink,
  links: readonly Link[],
  all: NetnsTables['links'],
): readonly Link[] {
  return withExtras({ socket, interrupted: false }, links, isUnknown(all) ? links : all)
}

function withExtras(state: Reading, links: readonly Link[], all: readonly Link[]): readonly Link[] {
  return withPortVlans(state, withWireguard(state.socket, links), all)
}

function withPortVlans(state: Reading, links: readonly Link[], all: readonly Link[]): readonly Link[] {
  if (!links.some((link) => link.port !== null)) return links
  const vlans = readVlans(state, all)
  return links.map((link) => {
    if (link.port === null || isUnknown(link.port)) return link
    const own = isUnknown(vlans) ? vlans : (vlans.get(link.ifindex) ?? noVlans)
    return { ...link, port: { ...link.port, vlans: own } }
  })
}

const noVlans: PortVlans['vlans'] = []

/** By ifindex of the port. Where no bridge has a default PVID, the kernel was built without VLAN filtering. */
function readVlans(state: Reading, links: readonly Link[]): Known<ReadonlyMap<number, PortVlans['vlans']>> {
  const built = links.some(
    (link) => link.kind === 'bridge' && !isUnknown(link.bridge) && link.bridge.defaultPvid !== null,
  )
  if (!built) return new Map()
  const ports = dump(state, RTM_GETLINK, vlanRequest, parsePortVlans)
  return isUnknown(ports) ? ports : new Map(ports.map((port) => [port.ifindex, port.vlans]))
}

/** Only bridges and vxlans keep multicast groups; elsewhere there is nothing to ask. */
function readMdb(state: Reading, links: NetnsTables['links']): NetnsTables['mdb'] {
  const may = isUnknown(links) || links.some((link) => link.kind === 'bridge' || link.kind === 'vxlan')
  if (!may) return []
  const answers = dump(state, RTM_GETMDB, mdbRequest, parseMdb, true)
  return isUnknown(answers) ? answers : answers.flat()
}

function both<T>(first: Known<readonly T[]>, second: Known<readonly T[]>): Known<readonly T[]> {
  if (isUnknown(first)) return first
  if (isUnknown(second)) return second
  return second.length === 0 ? first : [...first, ...second]
}
