/** What the host's receive path dropped: /proc/net/softnet_stat, one line of hexadecimal numbers a processor. */
import { unknown, type Known } from '../../model/known.ts'
import { reasonOf, type ReadProc } from '../kernel/details/read-proc.ts'

/** Columns that are counters (net/core/net-procfs.c, softnet_seq_show); the others are lengths and always-zeros. */
const columns = { processed: 0, dropped: 1, time_squeeze: 2, received_rps: 9, flow_limit_count: 10 } as const

export function readSoftnet(read: ReadProc): Known<Readonly<Record<string, number>>> {
  const content = read('net/softnet_stat')
  if (typeof content !== 'string') return unknown(`/proc/net/softnet_stat: ${reasonOf(content)}`)
  return parseSoftnet(content)
}

/** Summed over the processors. Older kernels have fewer columns: those are left out. */
export function parseSoftnet(content: string): Known<Readonly<Record<string, number>>> {
  const sums: Record<string, number> = {}
  const lines = content.split('\n').filter((line) => line !== '')
  for (const line of lines) {
    const values = line.trim().split(/\s+/)
    if (values.length < 9 || values.some((value) => !/^[0-9a-f]{8}$/.test(value))) {
      return unknown('/proc/net/softnet_stat is malformed')
    }
    for (const [name, column] of Object.entries(columns)) {
      const value = values[column]
      if (value !== undefined) sums[name] = (sums[name] ?? 0) + parseInt(value, 16)
    }
  }
  return lines.length === 0 ? unknown('/proc/net/softnet_stat is empty') : sums
}
