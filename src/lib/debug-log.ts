/**
 * What this program did, for --debug and for a crash report: the last lines are kept always, a file gets all of them. One
 * of a thread; the reading worker writes to the same file. Never to the terminal.
 */
import { writeSync } from 'node:fs'
import { sanitise } from './sanitise.ts'

const mostKept = 50
const longest = 400
const kept: string[] = []
let sink: { readonly fd: number; readonly thread: string } | null = null

/** From now on each line goes to this file too. All threads of a process have the same descriptors. */
export function debugTo(fd: number, thread: string): void {
  sink = { fd, thread }
}

/** For what costs something to find out. */
export function isDebugging(): boolean {
  return sink !== null
}

/** The descriptor to hand to a worker. */
export function debugFd(): number | undefined {
  return sink?.fd
}

export function debug(kind: string, text: string): void {
  const line = `${new Date().toISOString()} ${sink?.thread ?? 'main'} ${kind} ${sanitise(text).slice(0, longest)}`
  kept.push(line)
  if (kept.length > mostKept) kept.shift()
  if (sink === null) return
  try {
    // At once, so that what was last is there after a crash; the file is opened to append.
    writeSync(sink.fd, `${line}\n`)
  } catch {
    // A full disk ends the log, not the program.
    sink = null
  }
}

export function lastLines(): readonly string[] {
  return [...kept]
}
