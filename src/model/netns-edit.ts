/**
 * What changed in a namespace, by table and row, so that one link that goes down on a host with a thousand does not send
 * the thousand again. Both sides keep the rows that stayed as the very same objects: what follows from them
 * (derive, the screen) compares references.
 */
import type { NetnsId } from './ids.ts'
import type { Netns } from './netns.ts'

/** A run of rows of the table as it was, or new rows. */
type Piece = readonly [from: number, count: number] | { readonly rows: readonly unknown[] }

export type NetnsEdit = {
  readonly id: NetnsId
  /** Fields that are replaced whole. */
  readonly fields: Partial<Netns>
  /** Tables, told in pieces of what they were. */
  readonly tables: { readonly [table: string]: readonly Piece[] }
}

type Fields = { readonly [field: string]: unknown }

/** `after` shares with `before` what did not change (collect/delta.ts); everything else is in the edit. */
export function editBetween(before: Netns, after: Netns): NetnsEdit {
  const was: Fields = before
  const fields: { [field: string]: unknown } = {}
  const tables: { [table: string]: readonly Piece[] } = {}
  for (const [field, is] of Object.entries(after)) {
    const old = was[field]
    if (old === is) continue
    if (Array.isArray(old) && Array.isArray(is)) tables[field] = piecesOf(old, is)
    else fields[field] = is
  }
  return { id: after.id, fields, tables }
}

export function withEdit(before: Netns, edit: NetnsEdit): Netns {
  const was: Fields = before
  const tables = Object.entries(edit.tables).map(([table, pieces]) => {
    const old = was[table]
    return [table, joined(Array.isArray(old) ? old : [], pieces)] as const
  })
  return { ...before, ...edit.fields, ...Object.fromEntries(tables) }
}

function joined(old: readonly unknown[], pieces: readonly Piece[]): readonly unknown[] {
  return pieces.flatMap((piece) => ('rows' in piece ? piece.rows : old.slice(piece[0], piece[0] + piece[1])))
}

/** Rows are found by reference; those that `old` lacks come as they are. */
function piecesOf(old: readonly unknown[], is: readonly unknown[]): readonly Piece[] {
  const placeOf = new Map(old.map((row, at) => [row, at] as const))
  const pieces: Piece[] = []
  for (let at = 0; at < is.length;) {
    const from = placeOf.get(is[at])
    const start = at
    if (from === undefined) {
      while (at < is.length && !placeOf.has(is[at])) at++
      pieces.push({ rows: is.slice(start, at) })
    } else {
      while (at < is.length && old[from + at - start] === is[at]) at++
      pieces.push([from, at - start])
    }
  }
  return pieces
}
