/** The built program on a test host: its screen in a pseudo-terminal, and what the kernel says of its process. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import type { TestHost } from '../support/host.ts'
import { openTestTerminal, type TerminalOptions, type TestTerminal } from '../support/terminal.ts'

/** Until the World is complete: the first rows are there long before. Machines under load take their time. */
const fillLimitMs = 30_000

/** Closed when the test ends. `wrap` goes before the command: another user, other variables. */
export async function openScreen(
  host: TestHost,
  program: string,
  options: TerminalOptions & { readonly wrap?: readonly string[]; readonly until?: string | RegExp } = {},
): Promise<TestTerminal> {
  const { wrap = [], until = 'live', ...terminalOptions } = options
  const terminal = openTestTerminal(host.inside([...wrap, process.execPath, program]), terminalOptions)
  onTestFinished(() => terminal.close())
  await terminal.waitFor(until, fillLimitMs)
  return terminal
}

/** `nsenter` forks when it enters a pid namespace: the program is its child, or the child's. */
export function programPid(terminal: TestTerminal): number {
  let pid = terminal.pid
  for (;;) {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'node' || child === undefined || child === '') {
      return pid
    }
    pid = Number(child)
  }
}

/** What each open file of a process is. */
export function openFiles(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)]
    } catch {
      // Closed between the two looks.
      return []
    }
  })
}
