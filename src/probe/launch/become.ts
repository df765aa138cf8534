/**
 * This process becomes another program, as if it had been that from the start: what Node changed of it for its own use is
 * put back first. Environment, folder, terminal and process id stay.
 */
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { ProcessCalls } from './process-calls.ts'
import { notStarted, type Refused } from './refused.ts'

export function become(argv: readonly string[], calls: ProcessCalls): Refused {
  // Node makes them close-on-exec when it starts (uv_disable_stdio_inheritance), and those that it wrote to non-blocking.
  for (const fd of [0, 1, 2]) calls.keepOpen(fd)
  // What is ignored stays ignored over exec, handlers do not: these two Node ignores (node.cc).
  for (const signal of [constants.signals.SIGPIPE, constants.signals.SIGXFSZ]) calls.defaultSignal(signal)
  limitFiles(calls)
  calls.execvp(argv)
  return notStarted(argv[0] ?? '', calls.errno())
}

/** Node raises the soft limit to the hard one; who started it has the one that was meant. */
function limitFiles(calls: ProcessCalls): void {
  const own = openFiles('self')
  const parent = openFiles(process.ppid)
  if (own === null || parent === null || parent.soft >= own.soft) return
  calls.limitFiles(parent.soft, own.hard)
}

/** `Max open files            1024                 524288               files` (proc_pid_limits(5)). */
function openFiles(pid: number | 'self'): { readonly soft: bigint; readonly hard: bigint } | null {
  try {
    const [, soft, hard] =
      /^Max open files\s+(\d+)\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? []
    return soft === undefined || hard === undefined ? null : { soft: BigInt(soft), hard: BigInt(hard) }
  } catch {
    // Another user's, or it is gone.
    return null
  }
}
