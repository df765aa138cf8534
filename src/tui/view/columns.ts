/** How wide the tree's columns are: the same for every row, so that they line up. */
import type { Needs } from './needs.ts'

export type Columns = {
  readonly width: number
  /** Up to where the columns go: numbers that stand far from the names they belong to are hard to read. */
  readonly used: number
  /** Mark, tree lines and the link's name. */
  readonly name: number
  /** The far end: the pair's sign, its namespace, its link. */
  readonly farNetns: number
  readonly farLink: number
  /** Addresses; what is left belongs to the notes behind them. */
  readonly address: number
  readonly notes: number
  /** Who lives in the far namespace, and its hardware address: where there is room. 0: not shown. */
  readonly held: number
  readonly mac: number
  /** One of the two rates. */
  readonly rate: number
}

/** `alone`: rows without a far end, whose name and address share the room in front of the notes. */
type Field = 'name' | 'farNetns' | 'farLink' | 'address' | 'notes' | 'held' | 'mac'

/** Gaps behind what is aligned. */
const behind = { name: 1, farNetns: 0, farLink: 0, address: 2 } as const

/** Without these nothing could be told apart. */
const least: Readonly<Record<Field, number>> = {
  name: 11,
  farNetns: 6,
  farLink: 4,
  address: 11,
  notes: 0,
  held: 0,
  mac: 0,
}

/** Who gets how much of what is left, in turns, as far as there is a need. */
const turns: readonly (readonly [Field | 'alone' | 'air', number])[] = [
  ['name', 18],
  ['farLink', 6],
  ['address', 17],
  ['farNetns', 12],
  ['alone', 34],
  ['notes', 12],
  ['farNetns', 19],
  ['notes', 15],
  ['air', 3],
  ['farNetns', 22],
  ['address', 22],
  ['farLink', 16],
  ['alone', 44],
  ['notes', 24],
  ['name', 24],
  ['farNetns', 32],
  ['address', 45],
  ['held', 27],
  ['mac', 19],
  ['farNetns', 64],
  ['notes', 36],
]

const airy: readonly Field[] = ['name', 'farNetns', 'address']
/** These are useless in part. */
const whole: readonly Field[] = ['held', 'mac']

export function columnsOf(width: number, needs: Needs): Columns {
  const rate = width >= 70 ? 7 : 6
  const wants: Readonly<Record<Field, number>> = {
    name: needs.name + behind.name,
    farNetns: needs.farNetns,
    farLink: needs.farLink,
    address: needs.address + behind.address,
    notes: Infinity,
    held: Infinity,
    mac: Infinity,
  }
  const sizes: Record<Field, number> = { ...least }
  // The pair's sign, and a gap behind each of the far end's two cells.
  const fixed = 2 * rate + 4
  let left = width - fixed - Object.values(sizes).reduce((sum, each) => sum + each, 0)
  for (const [turn, most] of turns) {
    if (turn === 'air') {
      // What is left need not be used up: short names stand where they stand on other hosts.
      for (const field of airy) {
        const given = Math.max(0, Math.min(left, least[field] + most - sizes[field]))
        sizes[field] += given
        left -= given
      }
      continue
    }
    const field = turn === 'alone' ? 'name' : turn
    const has = turn === 'alone' ? farWidth(sizes) + sizes.name : sizes[field]
    const wanted = Math.max(0, Math.min(most, turn === 'alone' ? needs.alone : wants[field]) - has)
    const given = whole.includes(field) && left < wanted ? 0 : Math.min(left, wanted)
    sizes[field] += given
    left -= given
  }
  return { width, used: width - Math.max(0, left), rate, ...sizes }
}

/** The far end's cell: `⇄ nginx1     eth0  `. */
export function farWidth({ farNetns, farLink }: Pick<Columns, 'farNetns' | 'farLink'>): number {
  return 2 + farNetns + 1 + farLink + 1
}
