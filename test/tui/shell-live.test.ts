/** Shells inside namespaces, on the real kernel: typed into and left, full-screen programs, floods, hostile output. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { requires } from '../support/requires.ts'
import { leave, shellHost, slow, type ShellHost } from '../support/shell-host.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'vi', 'bash'] })) {
  let on: ShellHost

  beforeAll(async () => {
    on = await shellHost()
  }, 60_000)
  afterEach(() => on.closeAll())
  afterAll(async () => on.end())

  test('it is typed into, left and entered again, told the size of its terminal, and its exit code shows', async () => {
    const terminal = await on.started()
    await on.shellIn(terminal, 'web')
    terminal.send('ip -br a\r')
    await terminal.waitFor(/eth0\S* +\S+ +172\.17\.0\.2\/16/)
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
    const terminal = await on.started()
    await on.shellIn(terminal, 'web')
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
    const terminal = await on.started()
    await on.shellIn(terminal, 'web')
    const main = on.pidOfProgram()
    const resident = () => Number(/VmRSS:\s+(\d+)/.exec(on.host.read(`/proc/${main}/status`).toString())?.[1])
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
    const terminal = await on.started()
    await on.shellIn(terminal, 'web')
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
}
