/**
 * Which changes of the journal are in effect. An undo and what it took back cancel each other; an undo of an undo makes
 * the change again, and stands in its place from then on.
 */
import type { Entry } from '../apply/entry.ts'

/** `root`: the change itself, also where it was undone and made again: then `by` is what made it last. */
export type Standing = { readonly root: Entry; readonly by: Entry }

/** Changes that are in effect, in the order in which they were made, or made again, last. */
export function standingOf(entries: readonly Entry[]): readonly Standing[] {
  const byRoot = new Map<number, Standing>()
  for (const by of entries) {
    const { root, isUndo } = originOf(entries, by)
    if (!isInEffect(by) || isUndo) continue
    byRoot.delete(root.id)
    byRoot.set(root.id, { root, by })
  }
  return [...byRoot.values()]
}

/** `left`: it failed, and a part of it could not be taken back. */
export function isInEffect({ state, undoneBy }: Entry): boolean {
  return (state === 'applied' || state === 'unconfirmed' || state === 'left') && undoneBy === null
}

/** The change that an undo, or the undo of an undo, is about. */
export function originOf(
  entries: readonly Entry[],
  entry: Entry,
): { readonly root: Entry; readonly isUndo: boolean } {
  let root = entry
  let isUndo = false
  for (;;) {
    const { undoes } = root.plan
    // What is undone is always older: a journal that says otherwise must not keep us here for ever.
    const older = undoes === undefined || undoes >= root.id ? undefined : entryOf(entries, undoes)
    if (older === undefined) return { root, isUndo }
    root = older
    isUndo = !isUndo
  }
}

export function entryOf(entries: readonly Entry[], id: number): Entry | undefined {
  return entries.find((entry) => entry.id === id)
}
