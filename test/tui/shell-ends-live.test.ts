/** Several shells on the real kernel, what is left when they or the program end, and where none can be opened. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { requires } from '../support/requires.ts'
import { leave, shellHost, slow, type ShellHost } from '../support/shell-host.ts'
import type { TestTerminal } from '../support/terminal.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'vi', 'bash'] })) {
  let on: ShellHost

  beforeAll(async () => {
    on = await shellHost()
  }, 60_000)
  afterEach(() => on.closeAll())
  afterAll(async () => on.end())

  test('several shells: each in its namespace, turned by Tab, closed one by one', async () => {
    const terminal = await on.started()
    await on.shellIn(terminal, 'web')
    const first = await on.pidOf(terminal)
    terminal.send(leave)
    await terminal.waitFor('Enter in')
    await terminal.press('escape', 'escape', 'escape')
    expect(terminal.text()).not.toContain('shell  1')
    await on.shellIn(terminal, 'db')
    expect(terminal.text()).toContain('1 web │ 2 db')
    terminal.send('clear; ip -br -4 a\r')
    await terminal.waitFor(/eth0\S* +\S+ +172\.17\.0\.3\/16/)
    const second = await on.pidOf(terminal)
    // It cannot reach the terminal of the other.
    const ttyOf = (pid: string) => on.host.run(['readlink', `/proc/${pid}/fd/0`]).trim()
    const reached = on.host.run(['sh', '-c', 'cat /proc/$0/fdinfo/*', second])
    expect(ttyOf(first)).toMatch(/^\/dev\/pts\/\d+$/)
    expect(reached).not.toMatch(new RegExp(`tty-index:\\s*${ttyOf(first).slice('/dev/pts/'.length)}$`, 'm'))
    terminal.send(leave)
    await terminal.waitFor('Enter in')
    await terminal.press('tab')
    await terminal.waitFor(`pid=${first}=`)
    await terminal.press('tab')
    await terminal.waitFor(`pid=${second}=`)
    await terminal.press('K')
    await terminal.waitFor(`pid=${first}=`)
    expect(terminal.text()).not.toContain('2 db')
    await vi.waitFor(() => expect(on.isAlive(second)).toBe(false), 5000)
    expect(on.isAlive(first)).toBe(true)
    // Its namespace loses its name while the shell holds it.
    on.host.ip('netns del web')
    await terminal.waitFor('/run/netns/web is gone', slow)
    on.host.ip('netns add web')
    terminal.send('K')
    await vi.waitFor(() => expect(on.isAlive(first)).toBe(false), 5000)
  }, 60_000)

  test.each([
    [
      'quit',
      0,
      async (terminal: TestTerminal) => {
        await terminal.press('q')
        await terminal.waitFor('a shell in db')
        terminal.send('\r')
      },
    ],
    ['SIGKILL', 137, async () => on.host.run(['kill', '-KILL', on.pidOfProgram()])],
  ] as const)(
    'after %s no shell is left, nor what runs in it',
    async (_, code, ended) => {
      const terminal = await on.started()
      await on.shellIn(terminal, 'db')
      const shell = await on.pidOf(terminal)
      terminal.send('nohup sleep 1000 >/dev/null 2>&1 & echo background=$!=; sleep 2000\r')
      await terminal.waitFor(/background=\d+=/)
      const background = /background=(\d+)=/.exec(terminal.text())?.[1] ?? ''
      expect([on.isAlive(shell), on.isAlive(background)]).toEqual([true, true])
      terminal.send(leave)
      await terminal.waitFor('Enter in')
      await ended(terminal)
      expect(await terminal.exited()).toBe(code)
      await vi.waitFor(
        () => expect([on.isAlive(shell), on.isAlive(background)]).toEqual([false, false]),
        5000,
      )
    },
    60_000,
  )

  test.each([
    ['no node-pty', [], { VETHSCOPE_NO_PTY: '1' }, 'node-pty is switched off by VETHSCOPE_NO_PTY=1'],
    ['--readonly', ['--readonly'], {}, 's: a shell can change the host'],
  ] as const)(
    '%s: the key says why',
    async (_, args, env, why) => {
      const terminal = await on.started(args, env)
      terminal.send('s')
      await terminal.waitFor(why)
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    },
    60_000,
  )
}
