/** Discovery's findings and a reader's findings put together: one namespace of the World. */
import { isUnknown, unknown, type Unknown } from '../model/known.ts'
import type { Netns, NetnsTables } from '../model/netns.ts'
import type { UnreadableNetns } from './discover/unreadable.ts'
import type { FoundNetns, SeenThroughNsid, TablesRead } from './reader.ts'

export function readNetns(found: FoundNetns, { cookie, tables }: TablesRead): Netns {
  return {
    id: found.id,
    dev: found.dev,
    cookie,
    userNamespace: found.userNamespace,
    names: found.names,
    holders: found.holders,
    readable: true,
    ...tables,
    details: null,
  }
}

/** Seen, but not to be entered. What was seen through the observer's number for it stays. */
export function closedNetns(found: FoundNetns, why: Unknown, seen: SeenThroughNsid | null): Netns {
  return {
    id: found.id,
    dev: found.dev,
    cookie: null,
    userNamespace: found.userNamespace,
    names: found.names,
    holders: found.holders,
    readable: why,
    ...noTables(why),
    ...seen,
    details: null,
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
    ...noTables(seen.readable),
    details: null,
  }
}

/** The same tables under the names and holders of a later discovery. */
export function renamed(netns: Netns, found: FoundNetns): Netns {
  const same =
    netns.names === found.names &&
    netns.holders === found.holders &&
    netns.userNamespace === found.userNamespace
  return same
    ? netns
    : { ...netns, names: found.names, holders: found.holders, userNamespace: found.userNamespace }
}

function noTables(why: Unknown): NetnsTables {
  const reason = unknown(why.unknown)
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

/** The namespace, or the process that led there, went away. */
export function isGone(errno: string): boolean {
  return errno === 'ENOENT' || errno === 'ESRCH' || errno === 'ESTALE'
}
