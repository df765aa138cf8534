/** What a namespace is called. A name is for reading; `Netns.id` is what identifies. */
import { isHidden, type NetnsId } from '../model/ids.ts'
import type { NameSource, Netns } from '../model/netns.ts'

/** As cli.md prints a namespace that is referred to. */
export type NetnsRef = { readonly id: NetnsId; readonly name: string }

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

const memo = new WeakMap<Netns, string>()

/** The best name there is; not necessarily unique, see displayNames. Outside text: sanitise where shown. */
export function displayName(netns: Netns): string {
  const kept = memo.get(netns)
  if (kept !== undefined) return kept
  const best = netns.names.reduce<Netns['names'][number] | null>(
    (best, name) =>
      name.name !== '' && (best === null || rank[name.source] < rank[best.source]) ? name : best,
    null,
  )
  const name = best?.name ?? namelessName(netns.id)
  memo.set(netns, name)
  return name
}

function namelessName(id: NetnsId): string {
  if (!isHidden(id)) return `net:[${id}]`
  // The seer may itself be hidden: `hidden:hidden:4026531840:3:5` is nsid 5 of hidden:4026531840:3.
  const at = id.lastIndexOf(':')
  return `hidden nsid ${id.slice(at + 1)} of ${id.slice('hidden:'.length, at)}`
}

const memoOfAll = new WeakMap<readonly Netns[], ReadonlyMap<NetnsId, string>>()

/** One name each: where two share a name, both get their id behind it. The host keeps `host` in any case. */
export function displayNames(netns: readonly Netns[]): ReadonlyMap<NetnsId, string> {
  const kept = memoOfAll.get(netns)
  if (kept !== undefined) return kept
  const uses = new Map<string, number>()
  for (const each of netns) {
    const name = displayName(each)
    uses.set(name, (uses.get(name) ?? 0) + 1)
  }
  const names = new Map<NetnsId, string>()
  for (const each of netns) {
    const name = displayName(each)
    const alone = uses.get(name) === 1 || each.names.some((one) => one.source === 'host' && one.name === name)
    names.set(each.id, alone ? name : `${name} (${each.id})`)
  }
  memoOfAll.set(netns, names)
  return names
}

/** A reference for JSON. */
export function netnsRef(names: ReadonlyMap<NetnsId, string>, id: NetnsId): NetnsRef {
  return { id, name: names.get(id) ?? namelessName(id) }
}
