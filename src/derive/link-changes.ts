/** What happened to a namespace's links: by ifindex, because a link keeps it when it is renamed. */
import { isUnknown } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { Difference } from './changes.ts'
import { indexOf } from './netns-index.ts'

export function linkChanges(before: Netns, after: Netns): readonly Difference[] {
  if (before.links === after.links || isUnknown(before.links) || isUnknown(after.links)) return []
  const was = indexOf(before).links
  const is = indexOf(after).links
  // Links that stayed are the very same objects (model/netns-edit.ts): mostly nearly all.
  const gone = before.links.filter((link) => {
    const now = is.get(link.ifindex)
    return now !== link && !isSame(link, now)
  })
  const found: Difference[] = []
  for (const link of after.links) {
    const old = was.get(link.ifindex)
    if (old === link) continue
    if (old === undefined || !isSame(link, old))
      found.push({ ...about(link), says: `added (${kindOf(link)})` })
    else found.push(...oneLink(old, link, before, after))
  }
  const forwarding = found.filter((one) => one.says.startsWith('forwarding '))
  const removed = gone.map((link) => ({ ...about(link), says: 'removed' }))
  // net.ipv4.ip_forward writes every link's own value: that is one change, not one a link.
  const [first] = forwarding
  const all =
    first !== undefined && forwarding.length > 1 && forwarding.every((one) => one.says === first.says)
  if (!all) return [...removed, ...found]
  const rest = found.filter((one) => !forwarding.includes(one))
  return [
    ...removed,
    ...rest,
    { subject: 'forwarding', ifindex: null, says: first.says.replace('forwarding ', '') },
  ]
}

/** An ifindex can be used again by another link: renamed is what kept its hardware address. */
function isSame(a: Link, b: Link | undefined): boolean {
  return b !== undefined && kindOf(a) === kindOf(b) && (a.name === b.name || a.lladdr === b.lladdr)
}

function kindOf(link: Link): string {
  return link.kind === 'other' ? link.kindName : link.kind
}

function about(link: Link): Pick<Difference, 'subject' | 'ifindex'> {
  return { subject: link.name, ifindex: link.ifindex }
}

function oneLink(old: Link, link: Link, before: Netns, after: Netns): readonly Difference[] {
  const says: readonly (string | null)[] = [
    old.name === link.name ? null : `was renamed from ${old.name}`,
    master(old, link, before, after),
    stateOf(old) === stateOf(link) ? null : `${stateOf(link)} (was ${stateOf(old)})`,
    arrow('mtu', old.mtu, link.mtu),
    arrow('lladdr', old.lladdr, link.lladdr),
    arrow('alias', old.alias, link.alias),
    arrow('altnames', old.altNames.join(' ') || null, link.altNames.join(' ') || null),
    peerMoved(old, link),
    portState(old, link),
    ...fieldChanges(old.inet, link.inet, ''),
    ...fieldChanges(old.inet6, link.inet6, 'ipv6 '),
    ...fieldChanges(kindData(old), kindData(link), ''),
  ]
  return says.filter((one) => one !== null).map((one) => ({ ...about(link), says: one }))
}

/** DOWN: set down; operstate else, where UNKNOWN is what drivers without carrier detection say when they are up. */
function stateOf(link: Link): string {
  if (!link.flags.includes('UP')) return 'DOWN'
  if (link.operstate === 'UNKNOWN') return 'UP'
  return link.operstate === 'DOWN' ? 'NO-CARRIER' : link.operstate
}

function master(old: Link, link: Link, before: Netns, after: Netns): string | null {
  if (old.master === link.master) return null
  const nameIn = (netns: Netns, ifindex: number): string =>
    indexOf(netns).links.get(ifindex)?.name ?? `link ${ifindex}`
  if (link.master !== null && old.master !== null) {
    return `master ${nameIn(before, old.master)}→${nameIn(after, link.master)}`
  }
  if (link.master !== null) return `got master ${nameIn(after, link.master)}`
  return old.master === null ? null : `lost master ${nameIn(before, old.master)}`
}

function peerMoved(old: Link, link: Link): string | null {
  if (old.lower === null || link.lower === null) return null
  if (old.lower.ifindex === link.lower.ifindex && old.lower.nsid === link.lower.nsid) return null
  return link.kind === 'veth' || link.kind === 'netkit' ? 'peer moved' : 'lower device moved'
}

function portState(old: Link, link: Link): string | null {
  if (old.port === null || link.port === null || isUnknown(old.port) || isUnknown(link.port)) return null
  // A bridge disables a port whose link goes down, and takes it back when that comes up.
  const isDisabled = old.port.state === 'disabled' || link.port.state === 'disabled'
  if (isDisabled && stateOf(old) !== stateOf(link)) return null
  return arrow('port', old.port.state, link.port.state)
}

function arrow(what: string, old: string | number | null, now: string | number | null): string | null {
  return old === now ? null : `${what} ${old ?? 'none'}→${now ?? 'none'}`
}

/** The member that is called like the kind holds what only this kind has: link.vxlan, link.bridge … */
function kindData(link: Link): unknown {
  const data: Readonly<Record<string, unknown>> = link
  return data[ownName[link.kind] ?? link.kind]
}

const ownName: Readonly<Record<string, string>> = { macvtap: 'macvlan', ipvtap: 'ipvlan' }

/** Plain fields only: lists in kind data (WireGuard's peers) hold counters and times. */
function fieldChanges(old: unknown, now: unknown, prefix: string): readonly string[] {
  if (!isRecord(old) || !isRecord(now) || isUnknown(old) || isUnknown(now)) return []
  return Object.keys(now).flatMap((key) => {
    const [a, b] = [old[key], now[key]]
    return a === b || !isPlain(a) || !isPlain(b) ? [] : [`${prefix}${key} ${a ?? 'none'}→${b ?? 'none'}`]
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  )
}
