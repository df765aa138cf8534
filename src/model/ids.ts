import type { z } from 'zod'
import type { netnsIdSchema, nsidSchema } from './schema.ts'

/** Identity of a namespace inside one World; see schema.ts. */
export type NetnsId = z.infer<typeof netnsIdSchema>
/** A per-namespace number for another namespace, as the kernel allots it. */
export type Nsid = z.infer<typeof nsidSchema>

/** A namespace with the name that it is shown by (derive/netns-name.ts). */
export type NetnsRef = { readonly id: NetnsId; readonly name: string }

export function netnsId(inode: bigint | number | string): NetnsId {
  return String(inode) as NetnsId
}

/** A namespace that no file leads to: known only as nsid `nsid` of `seer`. */
export function hiddenNetnsId(seer: NetnsId, nsid: number): NetnsId {
  return `hidden:${seer}:${nsid}` as NetnsId
}

/**
 * A namespace that may not be opened, told apart from others by the inode of its processes' /proc/PID/net/dev:
 * a number of another kind than a namespace's own inode.
 */
export function unreadableNetnsId(mark: number): NetnsId {
  return `unreadable:${mark}` as NetnsId
}

export function isHidden(id: NetnsId): boolean {
  return id.startsWith('hidden:')
}

export function nsid(value: number): Nsid {
  return value as Nsid
}
