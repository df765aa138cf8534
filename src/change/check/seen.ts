/** Where the things of facts are in a World: shared by what checks them and what says how they differ. */
import { isUnknown, unknown, type Known, type Unknown } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'

/**
 * A path as it was found: text of a regular file, null where there is nothing, what else is there. A link counts as something else,
 * wherever it leads: nobody who may be trusted put it there.
 */
export type FileSeen =
  | string
  | null
  | { readonly is: 'folder'; readonly isEmpty: boolean }
  | { readonly is: 'other' }
  | Unknown

/** By path; one that is missing here was not read. */
export type Files = ReadonlyMap<string, FileSeen>

/**
 * The namespace that a fact's `at` means; null: there is none. By the exact path of a name only: a mount on the same path in somebody
 * else's mount namespace is another thing.
 */
export function netnsAt(world: World, at: string): Netns | null {
  if (at === 'host') return world.netns.find(({ id }) => id === world.host) ?? null
  if (at.startsWith('ino:')) return world.netns.find(({ id }) => id === at.slice(4)) ?? null
  return world.netns.find(({ names }) => names.some((name) => isNamed(name) && name.path === at)) ?? null
}

const isNamed = ({ source }: Netns['names'][number]): boolean => source === 'named' || source === 'lab'

/** As people call it: `host`, `web`, `ino:4026532177`. */
export function placeText(at: string): string {
  return at.startsWith('/run/netns/') ? at.slice('/run/netns/'.length) : at
}

/** null: there is no link of that name. */
export function linkIn(netns: Netns, name: string): Known<Link | null> {
  if (isUnknown(netns.links)) return unknown(`the links could not be read: ${netns.links.unknown}`)
  return netns.links.find((link) => link.name === name) ?? null
}

/** As `ip -d link` calls it. */
export function kindOf(link: Link): string {
  return link.kind === 'other' ? link.kindName : link.kind
}

/** Name of its bridge, bond or vrf. */
export function masterOf(netns: Netns, link: Link): string | null {
  if (link.master === null || isUnknown(netns.links)) return null
  const master = netns.links.find(({ ifindex }) => ifindex === link.master)
  return master?.name ?? `ifindex ${link.master}`
}
