/** What a program and all of its children cost together. */
import { readdirSync, readFileSync } from 'node:fs'

export type TreeUsage = {
  /** Without the first, which is `nsenter` that waits. */
  readonly pids: readonly number[]
  /** Of processor time; children that ended and were waited for count, too. */
  readonly seconds: number
  /** Bytes. What they share counts for each. */
  readonly rss: number
}

export function treeUsage(pid: number): TreeUsage {
  const pids = descendants(pid)
  const each = (pids.length === 0 ? [pid] : pids).map(usageOf)
  return {
    pids,
    seconds: each.reduce((sum, { seconds }) => sum + seconds, 0),
    rss: each.reduce((sum, { rss }) => sum + rss, 0),
  }
}

function descendants(pid: number): readonly number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return children.flatMap((child) => [child, ...descendants(child)])
  } catch {
    return []
  }
}

/** USER_HZ is 100 on Linux (proc_pid_stat(5), fields 14 to 17). */
function usageOf(pid: number): { readonly seconds: number; readonly rss: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .map(Number)
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return { seconds: fields.reduce((sum, ticks) => sum + ticks, 0) / 100, rss: Number(rss ?? 0) * 1024 }
  } catch {
    return { seconds: 0, rss: 0 }
  }
}
