/** When a process was started, in clock ticks since boot: with it a pid, which is used again, tells one process. */
import { readFileSync } from 'node:fs'

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)); null: there is no such process. */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
