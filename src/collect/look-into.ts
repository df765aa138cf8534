/** One look at one namespace that discovery found: read, seen only from outside, closed, or gone since. */
import type { Netns } from '../model/netns.ts'
import { closedNetns, heldNetns, isGone, leadsNowhere, readNetns } from './assemble.ts'
import type { FoundNetns, KernelReader } from './reader.ts'

export type Look =
  /** `interrupted`: it changed meanwhile. */
  | { readonly kind: 'read'; readonly netns: Netns; readonly interrupted: boolean }
  /** It lives, but nothing leads there any more: `ip netns add` is a process first, and a mount afterwards. */
  | { readonly kind: 'held'; readonly netns: Netns }
  | { readonly kind: 'closed'; readonly netns: Netns }
  | { readonly kind: 'gone' }

export async function lookInto(reader: KernelReader, found: FoundNetns): Promise<Look> {
  const read = await reader.readTables(found)
  const owner = reader.ownerOf(found)
  if ('tables' in read) {
    return { kind: 'read', netns: readNetns(found, read, owner), interrupted: read.interrupted }
  }
  const seen = leadsNowhere(read.errno) ? (reader.observation?.readHeld(found.id) ?? read) : read
  if (!('errno' in seen)) return { kind: 'held', netns: heldNetns(found, seen, owner) }
  return isGone(read.errno) ? { kind: 'gone' } : { kind: 'closed', netns: closedNetns(found, read, owner) }
}
