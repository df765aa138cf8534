/** How wide the tree's columns are: the same for every row, so that they line up. */
export type Columns = {
  readonly width: number
  /** Mark, tree lines and the link's name. */
  readonly name: number
  /** The far end: the pair's sign, its namespace, its link. */
  readonly farNetns: number
  readonly farLink: number
  /** Addresses; what is left belongs to the notes behind them. */
  readonly address: number
  readonly notes: number
  /** One of the two rates. */
  readonly rate: number
}

export function columnsOf(width: number): Columns {
  const rate = width >= 70 ? 7 : 6
  const extra = Math.max(0, width - 80)
  const name = (width >= 74 ? 17 : 15) + Math.min(6, Math.floor(extra * 0.2))
  const farNetns = (width >= 78 ? 10 : width >= 74 ? 9 : 6) + Math.min(24, Math.floor(extra * 0.35))
  const farLink = (width >= 74 ? 6 : 5) + Math.min(4, Math.floor(extra * 0.1))
  const address = width >= 90 ? 18 : 16
  const notes = Math.max(0, width - name - 2 - farNetns - 1 - farLink - 1 - address - 2 * rate)
  return { width, name, farNetns, farLink, address, notes, rate }
}

/** The far end's cell: `⇄ nginx1     eth0  `. */
export function farWidth(columns: Columns): number {
  return 2 + columns.farNetns + 1 + columns.farLink + 1
}
