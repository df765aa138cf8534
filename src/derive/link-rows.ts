/** One namespace's links as rows: what has a master below it, what stands on another device below that one. */
import { listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import { isPair } from './claims.ts'
import { addressesOf, indexOf, linkAt } from './netns-index.ts'
import { isResolved, type Peer } from './peers.ts'
import type { Plan } from './sections.ts'
import type { FarEnd, LinkRow } from './topology-row.ts'

type Kept = { plan: Plan; readonly inputs: readonly unknown[]; readonly rows: readonly LinkRow[] }
const memo = new WeakMap<Netns, Kept>()

/** The same rows as long as neither this namespace nor anything its rows show of others has changed. */
export function linkRows(plan: Plan, netns: Netns): readonly LinkRow[] {
  const kept = memo.get(netns)
  if (kept?.plan === plan) return kept.rows
  const inputs: unknown[] = []
  for (const link of listOf(netns.links)) addInputs(plan, netns, link, inputs)
  if (kept !== undefined && isEqual(kept.inputs, inputs)) {
    kept.plan = plan
    return kept.rows
  }
  const around = new Map(listOf(netns.links).map((link) => [link.ifindex, surroundings(plan, netns, link)]))
  const rows = build(netns, around)
  memo.set(netns, { plan, inputs, rows })
  return rows
}

function isEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at])
}

/** What of a row is not from its own namespace, as values that can be compared: most links have none. */
function addInputs(plan: Plan, netns: Netns, link: Link, inputs: unknown[]): void {
  if (link.lower !== null) {
    const other = plan.peers.peerOf(netns.id, link.ifindex) ?? plan.peers.lowerOf(netns.id, link.ifindex)
    if (isResolved(other)) {
      inputs.push(plan.byId.get(other.netns), other.ifindex, plan.names.get(other.netns))
    } else inputs.push(textOf(other))
    inputs.push(plan.farEnds.get(netns.id)?.has(link.ifindex) === true)
  }
  for (const upper of plan.peers.uppersOf(netns.id, link.ifindex)) {
    if (upper.netns !== netns.id) inputs.push(upper.netns, upper.ifindex, upper.name)
  }
  const below = plan.hangs.get(netns.id)?.get(link.ifindex)
  if (below !== undefined) inputs.push(linkRows(plan, below))
}

/** All that a link's row shows beyond its own namespace. */
type Surroundings = {
  readonly link: Link
  readonly peer: Peer
  readonly far: FarEnd | null
  readonly farHasBridge: boolean
  readonly lower: Peer
  readonly lowerNetnsName: string | null
  readonly uppers: LinkRow['uppers']
  readonly below: readonly LinkRow[]
  /** Printed as the far end of another row. */
  readonly elsewhere: boolean
}

const noRows: readonly LinkRow[] = []

function surroundings(plan: Plan, netns: Netns, link: Link): Surroundings {
  const { ifindex } = link
  const peer = plan.peers.peerOf(netns.id, ifindex)
  const lower = plan.peers.lowerOf(netns.id, ifindex)
  const uppers = plan.peers.uppersOf(netns.id, ifindex).filter((upper) => upper.netns !== netns.id)
  const farNetns = isResolved(peer) ? (plan.byId.get(peer.netns) ?? null) : null
  const farLink = isResolved(peer) && farNetns !== null ? linkAt(farNetns, peer.ifindex) : null
  const farName = farNetns === null ? null : (plan.names.get(farNetns.id) ?? farNetns.id)
  const hanging = plan.hangs.get(netns.id)?.get(ifindex)
  const below = hanging === undefined ? noRows : linkRows(plan, hanging)
  const lowerNetnsName = isResolved(lower) ? (plan.names.get(lower.netns) ?? lower.netns) : null
  const elsewhere = plan.farEnds.get(netns.id)?.has(ifindex) === true && link.master === null
  return {
    link,
    peer,
    far:
      farNetns === null || farLink === null || farName === null
        ? null
        : {
            netns: farNetns.id,
            netnsName: farName,
            link: farLink,
            addresses: addressesOf(farNetns, farLink.ifindex),
          },
    farHasBridge: farNetns !== null && farLink !== null && isPort(farNetns, farLink),
    lower,
    lowerNetnsName,
    uppers,
    below,
    elsewhere,
  }
}

function textOf(peer: Peer): string | null {
  if (peer === null) return null
  if (isResolved(peer)) return `${peer.netns} ${peer.ifindex} ${peer.name}`
  return `${peer.unknown} ${peer.candidates.map((each) => textOf(each)).join()}`
}

function isPort(netns: Netns, link: Link): boolean {
  return link.master !== null && linkAt(netns, link.master)?.kind === 'bridge'
}

/** On its own row nobody needs to be told that 127.0.0.1 and ::1 are there. */
function isPlainLoopback(netns: Netns, link: Link): boolean {
  return (
    link.kind === 'loopback' &&
    addressesOf(netns, link.ifindex).every(
      (address) => address.local === '127.0.0.1' || address.local === '::1',
    )
  )
}

function build(netns: Netns, around: ReadonlyMap<number, Surroundings>): readonly LinkRow[] {
  const parents = new Map<number, { readonly parent: number; readonly role: LinkRow['role'] }>()
  const children = new Map<number, Link[]>()
  const index = indexOf(netns)
  for (const { link, lower } of around.values()) {
    const master = link.master === null ? undefined : index.links.get(link.master)
    const under = isResolved(lower) && lower.netns === netns.id ? lower.ifindex : null
    const parent = master?.ifindex ?? under
    if (parent === null || parent === link.ifindex) continue
    const role = master === undefined ? 'upper' : master.kind === 'bridge' ? 'port' : 'slave'
    parents.set(link.ifindex, { parent, role })
    const list = children.get(parent)
    if (list === undefined) children.set(parent, [link])
    else list.push(link)
  }
  const placed = new Set<number>()
  const rowsOf = (links: readonly Link[]): readonly LinkRow[] =>
    [...links].sort(byKind).flatMap((link) => {
      const its = around.get(link.ifindex)
      // The kernel allows no loops of masters and lower devices, but a file from elsewhere may hold one.
      if (its === undefined || placed.has(link.ifindex)) return []
      placed.add(link.ifindex)
      const own = [...rowsOf(children.get(link.ifindex) ?? []), ...its.below]
      // Shown as another row's far end: what stands on it moves up.
      if (its.elsewhere || (isPlainLoopback(netns, link) && own.length === 0)) return own
      return [rowOf(netns, its, parents.get(link.ifindex)?.role ?? 'link', own)]
    })
  const links = listOf(netns.links)
  const top = rowsOf(links.filter((link) => !parents.has(link.ifindex)))
  return [...top, ...rowsOf(links.filter((link) => !placed.has(link.ifindex)))]
}

function rowOf(
  netns: Netns,
  its: Surroundings,
  role: LinkRow['role'],
  children: readonly LinkRow[],
): LinkRow {
  const { link } = its
  return {
    kind: 'link',
    id: `link:${netns.id}:${link.ifindex}`,
    netns: netns.id,
    ifindex: link.ifindex,
    role,
    link,
    addresses: addressesOf(netns, link.ifindex),
    peer: its.peer,
    far: its.far,
    lower: its.lower,
    lowerNetnsName: its.lowerNetnsName,
    uppers: its.uppers,
    offBridge: isPair(link) && !isPort(netns, link) && !its.farHasBridge,
    children,
  }
}

const rank = (link: Link): number => (link.kind === 'bridge' ? 1 : isPair(link) ? 2 : 0)

/** What leads out first, then bridges, then loose veth ends; by ifindex within. */
function byKind(a: Link, b: Link): number {
  return rank(a) - rank(b) || a.ifindex - b.ifindex
}
