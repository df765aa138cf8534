/** The real program on a host of its own with two namespaces, `web` and `db`, and shells that are opened in them. */
import { join } from 'node:path'
import { playHost, type TestHost } from './host.ts'
import { buildVethscope } from './program.ts'
import { openTestTerminal, type TestTerminal } from './terminal.ts'

/** Ctrl-]. */
export const leave = '\x1d'
/** For what a loaded machine takes its time for. */
export const slow = 20_000

export type ShellHost = {
  readonly host: TestHost
  started(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<TestTerminal>
  /** A shell in the namespace of that row of the Namespaces screen. */
  shellIn(terminal: TestTerminal, netns: string): Promise<void>
  /** What ended and was not waited for is not: nobody on a test host takes orphans in. */
  isAlive(pid: string): boolean
  pidOfProgram(): string
  /** Of the shell that has the keys. */
  pidOf(terminal: TestTerminal): Promise<string>
  /** Ends the programs that were started since the last time. */
  closeAll(): void
  end(): Promise<void>
}

export async function shellHost(): Promise<ShellHost> {
  const open: TestTerminal[] = []
  const program = join(await buildVethscope(), 'main.js')
  const host = await playHost()
  for (const line of [
    'netns add web',
    'netns add db',
    'link add vweb type veth peer name eth0 netns web',
    'link add vdb type veth peer name eth0 netns db',
    'link set vweb up',
    'link set vdb up',
    '-n web addr add 172.17.0.2/16 dev eth0',
    '-n web link set eth0 up',
    '-n db addr add 172.17.0.3/16 dev eth0',
    '-n db link set eth0 up',
  ])
    host.run(['ip', ...line.split(' ')])

  return {
    host,
    started: async (args = [], env = {}) => {
      const terminal = openTestTerminal(host.inside([process.execPath, program, ...args]), {
        env: { SHELL: '/bin/bash', ...env },
      })
      open.push(terminal)
      await terminal.waitFor('live', slow)
      await terminal.waitFor('⇄', slow)
      return terminal
    },
    shellIn: async (terminal, netns) => {
      terminal.send('2')
      await terminal.waitFor('━> namespaces', slow)
      await terminal.press('/')
      terminal.send(netns)
      await terminal.waitFor('1 row')
      await terminal.press('enter')
      await terminal.waitFor(new RegExp(`^> +${netns} `, 'm'))
      terminal.send('s')
      await terminal.waitFor(new RegExp(`shell.*\\d ${netns}\\b`), slow)
      terminal.send("PS1='$ '; stty -echo; echo re''ady; stty echo\r")
      await terminal.waitFor(/^ready$/m, slow)
    },
    isAlive: (pid) => /^\d+ .*\) [^ZX] /.test(host.try(['cat', `/proc/${pid}/stat`]).stdout),
    pidOfProgram: () => host.run(['pgrep', '-f', '^[^ ]*node [^ ]*main.js$']).trim().split('\n')[0] ?? '',
    pidOf: async (terminal) => {
      terminal.send('echo pid=$$=\r')
      await terminal.waitFor(/pid=\d+=/)
      return /pid=(\d+)=/.exec(terminal.text())?.[1] ?? ''
    },
    closeAll: () => {
      for (const terminal of open.splice(0)) terminal.close()
    },
    end: () => host.end(),
  }
}
