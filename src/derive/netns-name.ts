/** What a namespace is called. A name is for reading; `Netns.id` is what identifies. */
import { isHidden, netnsId, type NetnsId, type NetnsRef } from '../model/ids.ts'
import type { NameSource, Netns } from '../model/netns.ts'

/** Best first: what the user named, then what runs there, then how it was found. */
const rank: Readonly<Record<NameSource, number>> = {
  host: 0,
  docker: 1,
  podman: 2,
  cri: 3,
  lab: 4,
  named: 5,
  init: 6,
  process: 7,
  thread: 8,
  mount: 9,
  fd: 10,
  socket: 11,
  hidden: 12,
}

/** Worse than the oldest process, better than a thread. */
const sandboxRank = rank.process + 0.5

/** What engines call the files that hold their namespaces: Docker, Swarm, Podman, CNI. */
const sandboxFile =
  /^(?:[0-9a-f]{12}|default|ingress_sbox|(?:\d+-|lb_)[0-9a-z]{9,}|(?:netns|cni)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** A file below an engine's own folder is a number that nobody chose; what runs there says more. */
function rankOf({ name, source, path }: Netns['names'][number]): number {
  if (source !== 'docker' && source !== 'podman' && source !== 'cri') return rank[source]
  const isFile = path === null ? sandboxFile.test(name) : path.endsWith(`/${name}`)
  // Of a container that no engine told of the beginning of its id is all there is.
  return isFile || /^[0-9a-f]{12}$/.test(name) ? sandboxRank : rank[source]
}

const memo = new WeakMap<Netns, string>()

/** The best name there is; not necessarily unique, see displayNames. Outside text: sanitise where shown. */
export function displayName(netns: Netns): string {
  const kept = memo.get(netns)
  if (kept !== undefined) return kept
  const best = netns.names.reduce<Netns['names'][number] | null>(
    (best, name) => (name.name !== '' && (best === null || rankOf(name) < rankOf(best)) ? name : best),
    null,
  )
  const name = best?.name ?? namelessName(netns.id)
  memo.set(netns, name)
  return name
}

function namelessName(id: NetnsId): string {
  const seen = seenFrom(id)
  return seen === null ? `net:[${id}]` : `hidden nsid ${seen.nsid} of ${seen.seer}`
}

/** The seer may itself be hidden: `hidden:hidden:4026531840:3:5` is nsid 5 of hidden:4026531840:3. */
function seenFrom(id: NetnsId): { readonly seer: NetnsId; readonly nsid: string } | null {
  if (!isHidden(id)) return null
  const at = id.lastIndexOf(':')
  return { seer: netnsId(id.slice('hidden:'.length, at)), nsid: id.slice(at + 1) }
}

/** With the other namespaces at hand the one that sees it has a name too: `hidden nsid 5 of host`. */
function hiddenName(netns: Netns, byId: ReadonlyMap<NetnsId, Netns>): string | null {
  const seen = seenFrom(netns.id)
  if (seen === null || netns.names.some((name) => name.source !== 'hidden')) return null
  const seer = byId.get(seen.seer)
  return seer === undefined
    ? null
    : `hidden nsid ${seen.nsid} of ${hiddenName(seer, byId) ?? displayName(seer)}`
}

const memoOfAll = new WeakMap<readonly Netns[], ReadonlyMap<NetnsId, string>>()

/** One name each: where two share a name, both get their id behind it. The host keeps `host` in any case. */
export function displayNames(netns: readonly Netns[]): ReadonlyMap<NetnsId, string> {
  const kept = memoOfAll.get(netns)
  if (kept !== undefined) return kept
  const byId = new Map(netns.map((each) => [each.id, each]))
  const names = new Map<NetnsId, string>()
  const uses = new Map<string, number>()
  for (const each of netns) {
    const name = hiddenName(each, byId) ?? displayName(each)
    names.set(each.id, name)
    uses.set(name, (uses.get(name) ?? 0) + 1)
  }
  if (uses.size < netns.length) {
    for (const each of netns) {
      const name = names.get(each.id) ?? ''
      const isHost = each.names.some((one) => one.source === 'host' && one.name === name)
      if (uses.get(name) !== 1 && !isHost) names.set(each.id, `${name} (${each.id})`)
    }
  }
  memoOfAll.set(netns, names)
  return names
}

/** A reference for JSON. */
export function netnsRef(names: ReadonlyMap<NetnsId, string>, id: NetnsId): NetnsRef {
  return { id, name: names.get(id) ?? namelessName(id) }
}
