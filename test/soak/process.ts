/** What the kernel says of the program: its memory, descriptors and children. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { TestTerminal } from '../support/terminal.ts'

/** `nsenter` forks when it enters a pid namespace: the program is its child, or the child's. */
export function programPid(terminal: TestTerminal): number {
  let pid = terminal.pid
  for (;;) {
    const [child] = childrenOf(pid)
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'node' || child === undefined) return pid
    pid = child
  }
}

/** Of every thread: the worker has children of its own. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    try {
      const told = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      return told.split(' ').filter(Boolean).map(Number)
    } catch {
      // The thread ended between the two looks.
      return []
    }
  })
}

/** Bytes, and its children's on top: what is read by a tool costs memory as well. */
export function residentBytes(pid: number): { readonly own: number; readonly children: number } {
  const children = childrenOf(pid).reduce((sum, child) => sum + rssOf(child), 0)
  return { own: rssOf(pid), children }
}

function rssOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** What each descriptor leads to: `socket:[4711]`, `net:[4026531840]`. A namespace that is held shows here. */
export function openFiles(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [`${fd} ${readlinkSync(`/proc/${pid}/fd/${fd}`)}`]
    } catch {
      // Closed between the two looks.
      return []
    }
  })
}

export function differenceOf(before: readonly string[], after: readonly string[]): string {
  const gone = before.filter((one) => !after.includes(one))
  const fresh = after.filter((one) => !before.includes(one))
  return `${before.length} before, ${after.length} after; gone: ${gone.join(', ')}; new: ${fresh.join(', ')}`
}
