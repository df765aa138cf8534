/** Ends all processes of a session: those that a terminal's shell started, in whichever process group. */
import { readdirSync, readFileSync } from 'node:fs'

/** How often it is looked whether they are gone. */
const lookMs = 20
/** The kernel takes a moment to take away what was killed. */
const killedMs = 1000

/** SIGHUP, and SIGKILL to what is left after `graceMs`. Resolves when nothing is left, or nothing more can be done. */
export async function endSession(leader: number, graceMs: number): Promise<void> {
  signal(leader, 'SIGHUP')
  if (await areGone(leader, graceMs)) return
  signal(leader, 'SIGKILL')
  await areGone(leader, killedMs)
}

function signal(leader: number, name: NodeJS.Signals): void {
  for (const pid of membersOf(leader)) {
    try {
      process.kill(pid, name)
    } catch {
      // It ended by itself.
    }
  }
}

async function areGone(leader: number, limitMs: number): Promise<boolean> {
  for (const end = performance.now() + limitMs; performance.now() < end;) {
    if (membersOf(leader).length === 0) return true
    await new Promise((done) => setTimeout(done, lookMs))
  }
  return membersOf(leader).length === 0
}

/** The living ones. */
function membersOf(leader: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const stat = statOf(name)
    // proc_pid_stat(5): `pid (comm) state ppid pgrp session …`, and comm may hold anything.
    const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(session) === leader && state !== 'Z' && state !== 'X' ? [Number(name)] : []
  })
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}
