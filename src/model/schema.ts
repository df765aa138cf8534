/**
 * The pieces that every schema of the model is made of. zod costs 74 ms to load, so only snapshot reading and
 * the generators import schema values; everyone else imports the types, which vanish at compile time.
 */
import { z } from 'zod'

export const unknownSchema = z.object({ unknown: z.string() })

/** A value, or the reason why it could not be read. */
export function known<T extends z.ZodType>(schema: T) {
  return z.union([unknownSchema, schema])
}

/**
 * A namespace within one World: the inode number of its nsfs file in decimal, or `hidden:<seer>:<nsid>` for one
 * of which only an nsid on somebody's link is known, or `unreadable:<number>` for one that may not be opened. All of nsfs is one device (fs/nsfs.c mounts it once), so
 * inside a World the inode alone tells namespaces apart; the device is kept in Netns.
 */
export const netnsIdSchema = z.string().brand<'NetnsId'>()

/** A number that means something only inside one namespace (RTM_GETNSID); not an identity. */
export const nsidSchema = z.number().int().brand<'Nsid'>()

/** Makes what zod infers deeply read-only, as everything in the model and in the state of the screen is. */
export type Frozen<T> = T extends string | number | boolean | null | undefined
  ? T
  : // Of a list, too, and of one of fixed length each member by itself.
    { readonly [K in keyof T]: Frozen<T[K]> }
