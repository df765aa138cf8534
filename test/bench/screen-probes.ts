/** What is asked of a program in a pseudo-terminal: how soon it answers, what it costs, how much it writes. */
import { readFileSync } from 'node:fs'
import type { TestTerminal } from '../support/terminal.ts'
import { until } from './start.ts'

/** A key, then the time until its answer has come and nothing more does: what a person waits for. */
export async function keyTimes(terminal: TestTerminal, keys: readonly string[], rounds: number) {
  const bytes: { readonly [key: string]: string } = { pagedown: '\x1b[6~', pageup: '\x1b[5~' }
  const ms: number[] = []
  const moveBytes: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const key of keys) {
      await settled(terminal, 40)
      const before = terminal.bytes
      const start = performance.now()
      terminal.send(bytes[key] ?? key)
      await until(
        () => terminal.bytes > before,
        5000,
        () => `no answer to ${key}\n${terminal.text()}`,
      )
      ms.push(performance.now() - start)
      await settled(terminal, 15)
      if (key === 'j' || key === 'k') moveBytes.push(terminal.bytes - before)
    }
  }
  return { ms, moveBytes }
}

/** `nsenter` forks when it enters a pid namespace: the program is its child. */
export function programPid(terminal: TestTerminal): number {
  const children = readFileSync(`/proc/${terminal.pid}/task/${terminal.pid}/children`, 'utf8').trim()
  return children === '' ? terminal.pid : Number(children.split(' ')[0])
}

/** Processor seconds and resident bytes. All threads count; USER_HZ is 100 on Linux. */
export function usage(pid: number): { readonly seconds: number; readonly rss: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const rss = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
  return { seconds: (Number(fields[11]) + Number(fields[12])) / 100, rss }
}

/** Until nothing was written for `quiet` ms. */
export async function settled(terminal: TestTerminal, quiet = 200): Promise<void> {
  await terminal.idle(quiet)
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}
