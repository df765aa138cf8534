export type Motion = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last'

/** Where a motion leads from one of `last + 1` places. */
export function target(at: number, last: number, page: number, motion: Motion): number {
  const by = Math.max(1, page)
  const step = { up: -1, down: 1, 'page-up': -by, 'page-down': by, first: -at, last: last - at }[motion]
  return Math.max(0, Math.min(last, at + step))
}
