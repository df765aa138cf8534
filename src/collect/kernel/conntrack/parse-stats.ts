/** Conntrack's statistics of one processor (IPCTNL_MSG_CT_GET_STATS_CPU, enum ctattr_stats_cpu). */
import { attributes, be32, walk, type Bytes } from '../netlink/bytes.ts'
import { nfgenmsgSize } from './parse-connection.ts'

/** By attribute type, as conntrack -S names them. Types 1, 3, 5, 6, 7 are no longer sent. */
const names: Readonly<Record<number, string>> = {
  1: 'searched',
  2: 'found',
  3: 'new',
  4: 'invalid',
  5: 'ignore',
  6: 'delete',
  7: 'delete_list',
  8: 'insert',
  9: 'insert_failed',
  10: 'drop',
  11: 'early_drop',
  12: 'error',
  13: 'search_restart',
  14: 'clash_resolve',
  15: 'chain_toolong',
}
const last = 15
const found = attributes(last)

type Stats = Readonly<Record<string, number>>

export function parseStats(bytes: Bytes, start: number, end: number): Stats {
  walk(bytes, Math.min(start + nfgenmsgSize, end), end, found)
  const stats: Record<string, number> = {}
  for (let type = 1; type <= last; type++) {
    const value = be32(bytes, found, type)
    const name = names[type]
    if (value !== null && name !== undefined) stats[name] = value
  }
  return stats
}

export function summed(perProcessor: readonly Stats[]): Stats {
  const sums: Record<string, number> = {}
  for (const stats of perProcessor) {
    for (const [name, value] of Object.entries(stats)) sums[name] = (sums[name] ?? 0) + value
  }
  return sums
}
