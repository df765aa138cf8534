/** Shells inside namespaces, on the real kernel: typed into and left, full-screen programs, floods, hostile output, and their ends. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

const leave = '\x1d'
const slow = 20_000

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'vi', 'bash'] })) {
  let host: TestHost
  let program = ''
  const open: TestTerminal[] = []

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    host = await playHost()
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
  }, 60_000)
  afterEach(() => {
    for (const terminal of open.splice(0)) terminal.close()
  })
  afterAll(async () => host.end())

  async function started(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<TestTerminal> {
    const terminal = openTestTerminal(host.inside([process.execPath, program, ...args]), {
      env: { SHELL: '/bin/bash', PS1: '$ ', ...env },
    })
    open.push(terminal)
    await terminal.waitFor('live', slow)
    await terminal.waitFor('⇄', slow)
    return terminal
  }

  /** A shell in the namespace of that row of the Namespaces screen. */
  async function shellIn(terminal: TestTerminal, netns: string): Promise<void> {
    terminal.send('2')
    await terminal.waitFor('━> namespaces')
    await terminal.press('/')
    terminal.send(netns)
    await terminal.waitFor('1 row')
    await terminal.press('enter')
    await terminal.waitFor(new RegExp(`^> +${netns} `, 'm'))
    terminal.send('s')
    await terminal.waitFor(new RegExp(`shell.*\\d ${netns}\\b`), slow)
    terminal.send("PS1='$ '; stty -echo; echo re''ady; stty echo\r")
    await terminal.waitFor(/^ready$/m, slow)
  }

  /** What ended and was not waited for is not: nobody on a test host takes orphans in. */
  const isAlive = (pid: string): boolean =>
    /^\d+ .*\) [^ZX] /.test(host.try(['cat', `/proc/${pid}/stat`]).stdout)
  const pidOfProgram = (): string =>
    host.run(['pgrep', '-f', '^[^ ]*node [^ ]*main.js$']).trim().split('\n')[0] ?? ''
  async function pidOf(terminal: TestTerminal): Promise<string> {
    terminal.send('echo pid=$$=\r')
    await terminal.waitFor(/pid=\d+=/)
    return /pid=(\d+)=/.exec(terminal.text())?.[1] ?? ''
  }

  test('it is typed into, left and entered again, told the size of its terminal, and its exit code shows', async () => {
    const terminal = await started()
    await shellIn(terminal, 'web')
    terminal.send('ip -br a\r')
    await terminal.waitFor(/eth0\S* +UP +172\.17\.0\.2\/16/)
    expect(terminal.text()).not.toContain('172.17.0.3/16 fe80')
    terminal.send('stty size\r')
    await terminal.waitFor('11 80')
    expect(terminal.text()).toContain('Ctrl-] leaves the shell')
    // The screen's cursor is the shell's.
    expect(terminal.screen.cursorHidden).toBe(false)

    terminal.send(leave)
    await terminal.waitFor('Enter in')
    expect(terminal.screen.cursorHidden).toBe(true)
    await terminal.press('1')
    await terminal.waitFor('── host')
    expect(terminal.text()).toContain('11 80')
    // What the shell shows goes on meanwhile, and twice the key is the key itself.
    terminal.send(leave)
    await terminal.waitFor('Ctrl-] leaves the shell')
    terminal.send('cat -v\r')
    await terminal.idle()
    terminal.send(leave)
    await terminal.waitFor('Enter in')
    terminal.send(leave)
    await terminal.waitFor('Ctrl-] leaves the shell')
    terminal.send('xyz\r')
    await terminal.waitFor(/^\^\]xyz$/m)
    terminal.send('\x04')

    terminal.resize(100, 40)
    await terminal.waitFor('Ctrl-] leaves the shell')
    terminal.send('stty size\r')
    await terminal.waitFor('19 100')
    terminal.send('exit 3\r')
    await terminal.waitFor('exited with code 3; Enter closes it')
    await terminal.press('enter')
    expect(terminal.text()).not.toContain('shell  1')
    terminal.send('q')
    expect(await terminal.exited()).toBe(0)
  }, 60_000)

  test('programs of the whole screen draw and leave; Ctrl-C, Ctrl-Z and Escape are theirs', async () => {
    const terminal = await started()
    await shellIn(terminal, 'web')
    terminal.send('vi -u NONE -i NONE\r')
    await terminal.waitFor(/^~$/m)
    terminal.send('ihello there\x1b:s/there/vi/\r')
    await terminal.waitFor(/^hello vi$/m)
    terminal.send(':q!\r')
    await terminal.waitFor(/^\$$/m)
    terminal.send('sleep 100\r')
    await terminal.idle()
    terminal.send('\x1a')
    await terminal.waitFor('Stopped')
    terminal.send('fg\r')
    await terminal.idle()
    terminal.send('\x03')
    await terminal.idle()
    terminal.send('echo code $?\r')
    await terminal.waitFor('code 130')
    terminal.send('clear; cat -v\r')
    await terminal.idle()
    terminal.send('\x1b[200~pas\x1dted\x1b[201~\r')
    await terminal.waitFor(/^pas\^]ted\npas\^]ted$/m)
    expect(terminal.text()).toContain('Ctrl-] leaves the shell')
  }, 60_000)

  test('a flood leaves keys their answers and memory its bounds', async () => {
    const terminal = await started()
    await shellIn(terminal, 'web')
    const main = pidOfProgram()
    const resident = () => Number(/VmRSS:\s+(\d+)/.exec(host.read(`/proc/${main}/status`).toString())?.[1])
    terminal.send('yes flood\r')
    await terminal.waitFor(/^flood\nflood\nflood$/m)
    const before = resident()
    const began = performance.now()
    terminal.send(leave)
    await terminal.waitFor('Enter in')
    await new Promise((done) => setTimeout(done, 1500))
    terminal.send('7')
    await terminal.waitFor('━> all')
    // An idle machine answers within a frame; this one is busy.
    expect(performance.now() - began).toBeLessThan(1500 + 2500)
    expect(resident() - before).toBeLessThan(80_000)
    terminal.send(leave)
    await terminal.waitFor('Ctrl-] leaves the shell')
    terminal.send('\x03')
    terminal.send('echo do""ne\r')
    await terminal.waitFor(/^done$/m)
    terminal.send('seq 1 200000 | tail -1; seq 1 200000\r')
    await terminal.waitFor(/^199999\n200000$/m, slow)
    terminal.send('\x1b[5;2~')
    await terminal.waitFor('10 lines back')
    await terminal.waitFor(/^199985$/m)
  }, 60_000)

  test('nothing of what a shell prints acts on the terminal, and no question of it is answered with text', async () => {
    const terminal = await started()
    await shellIn(terminal, 'web')
    const before = terminal.raw().length
    const hostile = [
      '\\033]52;c;aGFybQ==\\007',
      '\\033]0;harm\\007',
      '\\033]2;harm\\033\\\\',
      '\\033P$q"p\\033\\\\',
      '\\033[21t\\033[18t\\033[8;5;5t',
      '\\033]4;1;?\\007\\033]10;?\\007',
      '\\033[?1049h\\033[?1000h\\033[?1006h\\033[?1049l',
      '\\0233mC1\\2331;31mx',
      '\\033_G harm\\033\\\\',
      '\\342\\200\\256turned',
      '\\033[6n\\033[c',
    ].join('')
    terminal.send(
      `printf '${hostile}\\n'; read -t 1 -n 60 -rs answer; printf 'it said %q.\\n' "$answer"; echo bey''ond\r`,
    )
    await terminal.waitFor(/^beyond$/m)
    const raw = terminal.raw().slice(before)
    for (const harm of ['\x1b]', '\x1bP', '\x1b_', '\x9b', '\u202e', '\x1b[?1000h', '\x1b[?1049', 'G harm'])
      expect(raw.includes(harm), JSON.stringify(harm)).toBe(harm === 'G harm')
    const said = /^it said .*$/m.exec(terminal.text())?.[0] ?? ''
    expect(said).not.toContain('harm')
    expect(said).toMatch(/it said .*R.*c/)
    // The window's own title and size are as they were.
    expect(terminal.screen.columns).toBe(80)
    terminal.send(leave)
    await terminal.waitFor('Enter in')
  }, 60_000)

  test('several shells: each in its namespace, turned by Tab, closed one by one', async () => {
    const terminal = await started()
    await shellIn(terminal, 'web')
    const first = await pidOf(terminal)
    terminal.send(leave)
    await terminal.waitFor('Enter in')
    await terminal.press('escape', 'escape', 'escape')
    expect(terminal.text()).not.toContain('shell  1')
    await shellIn(terminal, 'db')
    expect(terminal.text()).toContain('1 web │ 2 db')
    terminal.send('clear; ip -br -4 a\r')
    await terminal.waitFor(/eth0\S* +UP +172\.17\.0\.3\/16/)
    const second = await pidOf(terminal)
    // It cannot reach the terminal of the other.
    const ttyOf = (pid: string) => host.run(['readlink', `/proc/${pid}/fd/0`]).trim()
    const reached = host.run(['sh', '-c', 'cat /proc/$0/fdinfo/*', second])
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
    await vi.waitFor(() => expect(isAlive(second)).toBe(false), 5000)
    expect(isAlive(first)).toBe(true)
    // Its namespace loses its name while the shell holds it.
    host.ip('netns del web')
    await terminal.waitFor('/run/netns/web is gone', slow)
    host.ip('netns add web')
    terminal.send('K')
    await vi.waitFor(() => expect(isAlive(first)).toBe(false), 5000)
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
    ['SIGKILL', 137, async () => host.run(['kill', '-KILL', pidOfProgram()])],
  ] as const)(
    'after %s no shell is left, nor what runs in it',
    async (_, code, ended) => {
      const terminal = await started()
      await shellIn(terminal, 'db')
      const shell = await pidOf(terminal)
      terminal.send('nohup sleep 1000 >/dev/null 2>&1 & echo background=$!=; sleep 2000\r')
      await terminal.waitFor(/background=\d+=/)
      const background = /background=(\d+)=/.exec(terminal.text())?.[1] ?? ''
      expect([isAlive(shell), isAlive(background)]).toEqual([true, true])
      terminal.send(leave)
      await terminal.waitFor('Enter in')
      await ended(terminal)
      expect(await terminal.exited()).toBe(code)
      await vi.waitFor(() => expect([isAlive(shell), isAlive(background)]).toEqual([false, false]), 5000)
    },
    60_000,
  )

  test.each([
    ['no node-pty', [], { VETHSCOPE_NO_PTY: '1' }, 'node-pty is switched off by VETHSCOPE_NO_PTY=1'],
    ['--readonly', ['--readonly'], {}, 's: a shell can change the host'],
  ] as const)(
    '%s: the key says why',
    async (_, args, env, why) => {
      const terminal = await started(args, env)
      terminal.send('s')
      await terminal.waitFor(why)
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    },
    60_000,
  )
}
