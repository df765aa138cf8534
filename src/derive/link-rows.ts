/** One namespace's links as rows: what has a master below it, what stands on another device below that one. */
import type { NetnsId } from '../model/ids.ts'
import { listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import { isPair } from './claims.ts'
import { addressesOf, indexOf, linkAt } from './netns-index.ts'
import { isResolved, type Peer } from './peers.ts'
import type { Plan } from './sections.ts'
import type { FarEnd, LinkRow } from './topology-row.ts'

type Kept = {
  plan: Plan
  /** The other namespaces that the rows show something of. */
  readonly others: ReadonlyMap<
    NetnsId,
    { readonly netns: Netns | undefined; readonly name: string | undefined }
  >
  /** Where a third namespace may have a say: links whose pair is not exact, by ifindex, and what they came to. */
  readonly unsettled: ReadonlyMap<number, string>
  readonly uppers: string
  readonly farEnds: ReadonlySet<number> | undefined
  readonly hanging: ReadonlyMap<number, readonly LinkRow[]>
  readonly rows: readonly LinkRow[]
}

const memo = new WeakMap<Netns, Kept>()

/** The same rows as long as neither this namespace nor anything its rows show of others has changed. */
export function linkRows(plan: Plan, netns: Netns): readonly LinkRow[] {
  const kept = memo.get(netns)
  if (kept?.plan === plan) return kept.rows
  if (kept !== undefined && isFresh(plan, netns, kept)) {
    kept.plan = plan
    return kept.rows
  }
  const hangs = plan.hangs.get(netns.id) ?? []
  const hanging = new Map([...hangs].map(([ifindex, below]) => [ifindex, linkRows(plan, below)]))
  const links = listOf(netns.links)
  const around = new Map(links.map((link) => [link.ifindex, surroundings(plan, netns, link, hanging)]))
  const rows = build(netns, around)
  memo.set(netns, { plan, ...dependencies(plan, netns), farEnds: plan.farEnds.get(netns.id), hanging, rows })
  return rows
}

function isFresh(plan: Plan, netns: Netns, kept: Kept): boolean {
  if (kept.uppers !== uppersText(plan, netns)) return false
  for (const [ifindex, text] of kept.unsettled) {
    if (textOf(otherEnd(plan, netns, ifindex)) !== text) return false
  }
  for (const [id, other] of kept.others) {
    if (plan.byId.get(id) !== other.netns || plan.names.get(id) !== other.name) return false
  }
  const hangs = plan.hangs.get(netns.id)
  if ((hangs?.size ?? 0) !== kept.hanging.size) return false
  for (const [ifindex, below] of hangs ?? []) {
    if (kept.hanging.get(ifindex) !== linkRows(plan, below)) return false
  }
  const farEnds = plan.farEnds.get(netns.id)
  if (farEnds?.size !== kept.farEnds?.size) return false
  return farEnds === undefined || [...farEnds].every((ifindex) => kept.farEnds?.has(ifindex) === true)
}

function dependencies(plan: Plan, netns: Netns): Pick<Kept, 'others' | 'unsettled' | 'uppers'> {
  const others = new Map<NetnsId, { netns: Netns | undefined; name: string | undefined }>()
  const unsettled = new Map<number, string>()
  for (const link of listOf(netns.links)) {
    const { ifindex } = link
    // What stands on another namespace's row shows nothing here: a change of the host leaves its containers alone.
    if (link.lower === null || isElsewhere(plan, netns, link)) continue
    const other = otherEnd(plan, netns, ifindex)
    if (other === null) continue
    if (!isResolved(other) || !plan.peers.isExact(netns.id, ifindex)) unsettled.set(ifindex, textOf(other))
    if (other.netns === null || other.netns === netns.id || others.has(other.netns)) continue
    others.set(other.netns, { netns: plan.byId.get(other.netns), name: plan.names.get(other.netns) })
  }
  return { others, unsettled, uppers: uppersText(plan, netns) }
}

function otherEnd(plan: Plan, netns: Netns, ifindex: number): Peer {
  return plan.peers.peerOf(netns.id, ifindex) ?? plan.peers.lowerOf(netns.id, ifindex)
}

function textOf(peer: Peer): string {
  if (peer === null) return ''
  if (isResolved(peer)) return `${peer.netns} ${peer.ifindex} ${peer.name}`
  return `${peer.unknown} ${peer.candidates.map((each) => textOf(each)).join()}`
}

function uppersText(plan: Plan, netns: Netns): string {
  return plan.peers
    .foreignUppers(netns.id)
    .map((upper) => textOf(upper))
    .join()
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

function surroundings(
  plan: Plan,
  netns: Netns,
  link: Link,
  hanging: ReadonlyMap<number, readonly LinkRow[]>,
): Surroundings {
  const { ifindex } = link
  const peer = plan.peers.peerOf(netns.id, ifindex)
  const lower = plan.peers.lowerOf(netns.id, ifindex)
  const uppers = plan.peers.uppersOf(netns.id, ifindex).filter((upper) => upper.netns !== netns.id)
  const farNetns = isResolved(peer) ? (plan.byId.get(peer.netns) ?? null) : null
  const farLink = isResolved(peer) && farNetns !== null ? linkAt(farNetns, peer.ifindex) : null
  const farName = farNetns === null ? null : (plan.names.get(farNetns.id) ?? farNetns.id)
  const below = hanging.get(ifindex) ?? noRows
  const lowerNetnsName = isResolved(lower) ? (plan.names.get(lower.netns) ?? lower.netns) : null
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
    elsewhere: isElsewhere(plan, netns, link),
  }
}

function isElsewhere(plan: Plan, netns: Netns, link: Link): boolean {
  return link.master === null && plan.farEnds.get(netns.id)?.has(link.ifindex) === true
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
