/** `shell` and `exec` in a real terminal: keys become signals, jobs stop and go on, and the end is the shell's. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'setsid', 'bash'] })) {
  let host: TestHost
  let main: string
  let terminal: TestTerminal | null = null

  const open = (command: readonly [string, ...string[]]): TestTerminal => {
    terminal = openTestTerminal(command, {
      env: { SHELL: '/bin/sh', PS1: '$VETHSCOPE_NETNS> ', HOME: '/nowhere' },
    })
    return terminal
  }
  const limit = 15_000

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('shellhost')
    host.ip('netns add web')
    host.run(['ip', '-n', 'web', 'link', 'add', 'inner0', 'type', 'bridge'])
  })
  afterEach(() => terminal?.close())
  afterAll(() => host.end())

  test('an interactive shell with jobs: Ctrl-C, Ctrl-Z, fg, and its own exit code', async () => {
    // A session of the host's own: the terminal's process group would have no number there.
    const shell = open(host.inside(['setsid', '--ctty', '--wait', process.execPath, main, 'shell', 'web']))
    await shell.waitFor(/^web>/m, limit)
    shell.send('tty -s && echo a-terminal; ls /sys/class/net\r')
    await shell.waitFor(/^a-terminal\n[^]*^inner0/m, limit)
    shell.send("sh -c 'echo sleeping; exec sleep 1000'\r")
    await shell.waitFor(/(?:^|> )sleeping$/m, limit)
    shell.send('\x03')
    shell.send('echo code=$?\r')
    await shell.waitFor(/(?:^|> )code=130$/m, limit)
    shell.send("sh -c 'echo reading; exec cat'\r")
    await shell.waitFor(/(?:^|> )reading$/m, limit)
    shell.send('\x1a')
    await shell.waitFor(/Stopped/, limit)
    shell.send('fg\r')
    shell.send('back\r')
    await shell.waitFor(/back$[^]*^back$/m, limit)
    shell.send('\x04')
    // The prompt behind what cat said.
    await shell.waitFor(/^back\n(?:back\n)?web>$/m, limit)
    shell.send('exit 9\r')
    expect(await shell.exited(limit)).toBe(9)
  })

  test('Ctrl-C ends the command, by the signal', async () => {
    const command = [process.execPath, main, 'exec', 'web', '--', 'sh', '-c', 'echo up; exec sleep 1000']
    // What stands around it ignores the key; Node takes that back for itself.
    const inside = host.inside(['sh', '-c', '"$@"; echo code=$?', 'sh', ...command])
    const sleeping = open(['sh', '-c', 'trap "" INT; exec "$@"', 'sh', ...inside])
    await sleeping.waitFor(/^up$/m, limit)
    sleeping.send('\x03')
    await sleeping.waitFor('code=130', limit)
  })

  test('without a terminal it reads its commands from standard input', () => {
    const run = (name: string) =>
      host.try([
        'sh',
        '-c',
        `echo 'cat /proc/self/ns/net 2>&1 | head -1; readlink /proc/self/ns/net; exit 4' | SHELL=${name} "$0" "$1" shell web`,
        process.execPath,
        main,
      ])
    const { code, stdout } = run('/bin/bash')
    expect([code, stdout]).toEqual([4, expect.stringContaining('net:[')])
    expect(run('bash').code).toBe(4)
    expect(run('/no/such/shell')).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('/no/such/shell'),
    })
  })
}
