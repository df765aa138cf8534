/** The live screen with another namespace as the host (--host NETNS). */
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openScreen } from './support-screen.ts'
import { ipLines } from './support-world.ts'

const withHost = ['sh', '-c', 'exec "$@" --host web', 'sh']

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter'] })) {
  let host: TestHost
  let program = ''
  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
  })
  beforeEach(async () => {
    host = await playHost('other')
    host.ip('netns add web', 'netns add db', 'link add v-web type veth peer name up0 netns web')
    ipLines(
      host,
      '-n web link add br-web type bridge',
      '-n web link add v-db type veth peer name eth0 netns db',
    )
  })
  afterEach(async () => host.end())

  test('that namespace is the host, ours is one of the others, and news of it is heard', async () => {
    const terminal = await openScreen(host, program, { wrap: withHost, columns: 120, rows: 40 })
    await terminal.waitFor(/v-db +⇄ db /)
    expect(terminal.text()).toMatch(/up0 +⇄ init .*v-web/)
    ipLines(host, '-n web link add v-new type veth peer name eth9 netns db')
    await terminal.waitFor(/v-new +⇄ db /, 5000)
    // Its end is no reason to end.
    host.ip('netns del web')
    await terminal.waitFor((text) => !/v-db +⇄ db /.test(text), 10_000)
    await terminal.press('home', 'down')
    terminal.send('q')
    expect(await terminal.exited(15_000)).toBe(0)
  })

  test('one that is not there is said before the screen opens', () => {
    const script = ['script', '-qec', `${process.execPath} ${program} --host nowhere`, '/dev/null']
    const { code, stdout } = host.try(script)
    expect(code).toBe(4)
    expect(stdout).toContain('nowhere')
    expect(stdout).not.toContain('\x1b[?1049h')
  })
}
