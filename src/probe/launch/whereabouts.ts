/** Where this thread is, and what is said about it. */
import { statSync, writeSync } from 'node:fs'
import { sanitise } from '../../lib/sanitise.ts'
import type { Place } from '../../model/probe.ts'
import { cannotEnter, type Refused } from './refused.ts'

export function isInside({ netns, dev }: Place): boolean {
  const here = statSync('/proc/thread-self/ns/net', { bigint: true })
  return here.ino === BigInt(netns.id) && Number(here.dev) === dev
}

/** What leads there leads elsewhere by now. */
export function replaced(place: Place): Refused {
  return cannotEnter(place, 'was replaced by another namespace', 'ESTALE')
}

/** The program runs all the same, so this goes where its own messages go. */
export function remark({ netns }: Place, says: string): void {
  writeSync(2, `vethscope: netns "${sanitise(netns.name)}": ${sanitise(says)}\n`)
}

/** Whether there is a process of that number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
