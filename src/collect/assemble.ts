/** Discovery's findings and a reader's findings put together: one namespace of the World. */
import { isUnknown, unknown, type Known, type Unknown } from '../model/known.ts'
import type { Netns, NetnsTables } from '../model/netns.ts'
import type { UnreadableNetns } from './discover/unreadable.ts'
import { nothingLeadsThere, type FoundNetns, type SeenThroughNsid, type TablesRead } from './reader.ts'

/** The dear parts, of a namespace that nobody asked about yet. */
const notRead = { details: null, firewall: null, conntrack: null } as const

export function readNetns(
  found: FoundNetns,
  { cookie, tables }: TablesRead,
  userNamespace: Known<string>,
): Netns {
  return {
    id: found.id,
    dev: found.dev,
    cookie,
    userNamespace,
    names: found.names,
    holders: found.holders,
    readable: true,
    ...tables,
    ...notRead,
  }
}

/** Seen, but not to be entered. */
export function closedNetns(
  found: FoundNetns,
  { unknown: reason }: Unknown,
  userNamespace: Known<string>,
): Netns {
  return { ...bare(found, reason, userNamespace), ...noTables(reason), ...notRead }
}

/** No path leads there any more, but it lives: what is seen through a number stays. */
export function heldNetns(found: FoundNetns, seen: SeenThroughNsid, userNamespace: Known<string>): Netns {
  const reason = 'no file leads to it any more: only links and addresses can be seen, through an nsid'
  return { ...bare(found, reason, userNamespace), ...noTables(reason), ...seen, ...notRead }
}

function bare(
  found: FoundNetns,
  reason: string,
  userNamespace: Known<string>,
): Omit<Netns, keyof NetnsTables | keyof typeof notRead> {
  return {
    id: found.id,
    dev: found.dev,
    cookie: null,
    userNamespace,
    names: found.names,
    holders: found.holders,
    readable: unknown(reason),
  }
}

/** Known by its processes only: not even the inode could be read. */
export function unopenedNetns(seen: UnreadableNetns): Netns {
  return {
    id: seen.id,
    dev: null,
    cookie: null,
    userNamespace: seen.userNamespace,
    names: seen.names,
    holders: seen.holders,
    readable: seen.readable,
    ...noTables(seen.readable.unknown),
    ...notRead,
  }
}

/** The same tables under the names and holders of a later discovery. */
export function renamed(netns: Netns, found: FoundNetns): Netns {
  const same = netns.names === found.names && netns.holders === found.holders
  return same ? netns : { ...netns, names: found.names, holders: found.holders }
}

function noTables(why: string): NetnsTables {
  const reason = unknown(why)
  return {
    links: reason,
    addresses: reason,
    routes: reason,
    policyRules: reason,
    nexthopObjects: reason,
    neighbours: reason,
    fdb: reason,
    mdb: reason,
    nsids: reason,
  }
}

/** Numbers of this namespace that no known namespace answers to. */
export function unexplained({ nsids }: Pick<Netns, 'nsids'>): readonly number[] {
  return isUnknown(nsids) ? [] : nsids.filter(({ id }) => id === null).map(({ nsid }) => nsid)
}

/** The namespace, or what led there, went away. */
export function isGone(errno: string): boolean {
  return errno === 'ENOENT' || errno === 'ESRCH' || errno === 'ESTALE' || errno === 'EBADF'
}

/** Where it may still be seen through a number. */
export function leadsNowhere(errno: string): boolean {
  return isGone(errno) || errno === nothingLeadsThere.errno
}
