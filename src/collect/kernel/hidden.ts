/**
 * Namespaces that no file leads to: somebody's link points into them by an nsid, and the kernel lets links and
 * addresses be read through it. Two namespaces may see the same one, each by a number of its own; the kernel
 * gives no common name for it, so its links tell (ifindex and MAC).
 */
import { hiddenNetnsId, nsid, type NetnsId } from '../../model/ids.ts'
import { listOf, unknown } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns, NetnsTables } from '../../model/netns.ts'
import type { SeenThroughNsid } from '../reader.ts'

export type HiddenSighting = {
  readonly seer: NetnsId
  /** The number that the seer uses for it. */
  readonly nsid: number
  readonly seen: SeenThroughNsid
}

export type HiddenNetns = {
  readonly netns: Netns
  /** Every number that leads to it. */
  readonly seenBy: readonly { readonly seer: NetnsId; readonly nsid: number }[]
}

const why = 'no file leads to it: only links and addresses can be seen, through an nsid'

/** `linksOf` gives the links of a seer, which tell what the hidden one's own numbers mean. */
export function mergeHidden(
  sightings: readonly HiddenSighting[],
  linksOf: (seer: NetnsId) => readonly Link[],
): readonly HiddenNetns[] {
  const groups = new Map<string, HiddenSighting[]>()
  for (const sighting of sightings) {
    const key = fingerprint(sighting)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [sighting])
    else group.push(sighting)
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first === undefined ? [] : [hidden(first, group, linksOf)]
  })
}

/** Loopbacks are alike everywhere: a namespace with nothing else is never merged. */
function fingerprint({ seer, nsid, seen }: HiddenSighting): string {
  const links = listOf(seen.links)
    .filter((link) => link.kind !== 'loopback')
    .map((link) => `${link.ifindex} ${link.lladdr ?? link.name}`)
    .sort()
  return links.length > 0 ? links.join('\n') : `only ${seer} ${nsid}`
}

function hidden(
  first: HiddenSighting,
  group: readonly HiddenSighting[],
  linksOf: (seer: NetnsId) => readonly Link[],
): HiddenNetns {
  const id = hiddenNetnsId(first.seer, first.nsid)
  const notRead = unknown(why)
  const nsids = byBackPointer(group, linksOf)
  return {
    netns: {
      id,
      dev: null,
      cookie: null,
      userNamespace: notRead,
      names: [{ name: `hidden-${first.nsid}`, source: 'hidden', path: null }],
      holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [] },
      readable: notRead,
      links: first.seen.links,
      addresses: first.seen.addresses,
      routes: notRead,
      policyRules: notRead,
      nexthopObjects: notRead,
      neighbours: notRead,
      fdb: notRead,
      mdb: notRead,
      nsids,
      details: null,
    },
    seenBy: group.map(({ seer, nsid }) => ({ seer, nsid })),
  }
}

/**
 * The hidden one's own numbers. The kernel translates those that the seer has a number for; the number for the
 * seer itself mostly has none there, and follows from the links: a link of the hidden one and a link of the seer
 * that name each other's ifindex, the seer's by the number we came through.
 */
function byBackPointer(
  group: readonly HiddenSighting[],
  linksOf: (seer: NetnsId) => readonly Link[],
): NetnsTables['nsids'] {
  const ids = new Map<number, NetnsId | null>()
  for (const { seer, nsid: through, seen } of group) {
    for (const entry of listOf(seen.nsids)) ids.set(entry.nsid, ids.get(entry.nsid) ?? entry.id)
    const seers = new Map(linksOf(seer).map((link) => [link.ifindex, link]))
    for (const link of listOf(seen.links)) {
      if (link.lower === null || link.lower.nsid === null || (ids.get(link.lower.nsid) ?? null) !== null)
        continue
      const back = seers.get(link.lower.ifindex)?.lower
      if (back?.ifindex === link.ifindex && back.nsid === through) ids.set(link.lower.nsid, seer)
    }
  }
  return [...ids].map(([value, id]) => ({ nsid: nsid(value), id }))
}
