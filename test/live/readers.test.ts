/** The whole program where something is missing: koffi, root, a capability, the file of PID 1's namespace. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { World } from '../../src/model/world.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openScreen } from './support-screen.ts'

const noKoffi = ['env', 'VETHSCOPE_NO_KOFFI=1']
const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
/** Root that may not look into processes, as in many containers. */
const noPtrace = ['setpriv', '--inh-caps=-sys_ptrace', '--bounding-set=-sys_ptrace']

if (requires({ root: true, tools: ['ip', 'bridge', 'unshare', 'nsenter', 'setpriv'] })) {
  let host: TestHost
  let program = ''

  beforeAll(async () => {
    host = await playHost()
    program = join(await buildVethscope(), 'main.js')
    // Nobody runs it as well.
    chmodSync(dirname(dirname(program)), 0o755)
    host.ip(
      'link add br0 type bridge',
      'addr add 10.5.0.1/24 dev br0',
      'link set br0 up',
      'netns add a',
      'link add v-a type veth peer name eth0 netns a',
      'link set v-a master br0 up',
    )
  })
  afterAll(async () => host.end())

  const vethscope = (wrap: readonly string[], ...args: readonly string[]) =>
    host.try([...wrap, process.execPath, program, ...args])
  const json = (wrap: readonly string[], ...args: readonly string[]) => {
    const { code, stdout, stderr } = vethscope(wrap, ...args, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  const snapshot = (wrap: readonly string[]): World => {
    const { code, stdout } = vethscope(wrap, 'snapshot', '-o', '-')
    expect(code).toBe(0)
    return JSON.parse(stdout) as World
  }

  test('without koffi the commands read through ip, and about says why', () => {
    expect(vethscope(noKoffi, 'show').stdout).toMatch(/v-a +veth .*= a eth0/)
    expect(json(noKoffi, 'about').reader).toEqual({
      name: 'ip',
      why: expect.stringContaining('VETHSCOPE_NO_KOFFI=1'),
    })
    const peersOf = (wrap: readonly string[]) =>
      json(wrap, 'ls', 'links').map(({ name, netns, peer }: Record<string, unknown>) => ({
        name,
        netns,
        peer,
      }))
    expect(peersOf(noKoffi)).toEqual(peersOf([]))
  })

  test('where netlink was asked for, what is missing and what helps is said, and nothing takes its place', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vethscope-elsewhere-'))
    try {
      cpSync(dirname(program), join(folder, 'dist'), { recursive: true })
      const koffi = join(folder, 'node_modules/koffi')
      const refused = (wrap: readonly string[], at = join(folder, 'dist/main.js')) => {
        const said = host.try([...wrap, process.execPath, at, 'show', '--reader', 'netlink', '--json'])
        expect(said.code).toBe(5)
        const { what, hint } = JSON.parse(said.stdout).error
        expect(hint).toContain('without --reader netlink')
        return `${what} | ${hint}`
      }
      expect(refused(noKoffi, program)).toMatch(
        /koffi did not load: switched off by VETHSCOPE_NO_KOFFI=1 \| unset VETHSCOPE_NO_KOFFI;/,
      )
      expect(refused([])).toMatch(/koffi did not load: it is not installed \| `npm ci` /)
      mkdirSync(koffi, { recursive: true })
      writeFileSync(join(koffi, 'package.json'), '{"name":"koffi","main":"index.js"}')
      writeFileSync(join(koffi, 'index.js'), 'throw new Error("no native module for this\\nplatform")')
      expect(refused([])).toMatch(/koffi did not load: no native module for this \| `npm ci` .*this machine/)
      expect(host.try([process.execPath, join(folder, 'dist/main.js'), 'show']).stdout).toMatch(/v-a +veth/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('without koffi the screen is the same, polls, and says so', async () => {
    const took: number[] = []
    const terminal = await openScreen(host, program, { wrap: noKoffi, until: /every 2 s \d/ })
    await terminal.waitFor(/v-a +⇄ a /)
    terminal.send('!')
    await terminal.waitFor('VETHSCOPE_NO_KOFFI=1')
    terminal.send('q')
    await terminal.waitFor((text) => !text.includes('VETHSCOPE_NO_KOFFI=1'))
    // Names are watched; all else is seen at the next look, after three seconds at most.
    host.ip('netns add later', 'link add v-l type veth peer name eth0 netns later')
    await terminal.waitFor(/v-l +⇄ later /, 15_000)
    for (const address of ['10.5.0.7', '10.5.0.8', '10.5.0.9']) {
      const start = performance.now()
      host.run(['ip', '-n', 'a', 'addr', 'replace', `${address}/24`, 'dev', 'eth0'])
      await terminal.waitFor(address, 15_000)
      took.push(performance.now() - start)
      host.run(['ip', '-n', 'a', 'addr', 'flush', 'dev', 'eth0'])
    }
    expect(Math.min(...took)).toBeLessThan(3000)
    host.ip('netns del later')
    await terminal.waitFor((text) => !/v-l +⇄/.test(text), 15_000)
    terminal.send('q')
    expect(await terminal.exited(15_000)).toBe(0)
  })

  test('without root the screen opens with what may be seen, and says what would help', async () => {
    const terminal = await openScreen(host, program, { wrap: nobody, until: /every 2 s \d/ })
    expect(terminal.screen.line('vethscope')).toContain('unreadable')
    expect(terminal.text()).toMatch(/v-a +⇄ a +.*peer unreadable/)
    expect(terminal.text()).toMatch(/not read: .*permission denied/)
    terminal.send('!')
    await terminal.waitFor(/what helps: .*root/)
    terminal.send('q')
    await terminal.waitFor((text) => !text.includes('what helps'))
    terminal.send('q')
    expect(await terminal.exited(15_000)).toBe(0)
  })

  test('without root and without koffi it is the same', async () => {
    const wrap = [...nobody, ...noKoffi]
    expect(vethscope(wrap, 'show').stdout).toMatch(/br0 +bridge/)
    expect(vethscope(wrap, 'show', '--strict').code).toBe(3)
    const terminal = await openScreen(host, program, { wrap, until: /every 2 s \d/ })
    await terminal.waitFor('br0')
    terminal.send('!')
    await terminal.waitFor(/what helps: .*root/)
    terminal.send('\x03')
    expect(await terminal.exited(15_000)).toBe(130)
  })

  test('root that may not look at PID 1 reads everything else, and knows or lists the namespace of PID 1', () => {
    const refused = host.try([...noPtrace, 'readlink', '/proc/1/ns/net'])
    expect(refused.code).not.toBe(0)
    expect(vethscope(noPtrace, 'show').stdout).toMatch(/v-a +veth .*= a eth0/)
    const world = snapshot(noPtrace)
    const isListed = world.gaps.some(({ what, hint }) => what.includes('PID 1') && hint !== null)
    expect(world.init === world.host || isListed).toBe(true)
    expect(world.netns.find(({ names }) => names.some(({ name }) => name === 'a'))?.readable).toBe(true)
  })

  // On some machines root is refused /proc/1/ns/net; on all of them the program only looks, and does not fail.
  test('on this machine itself', () => {
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
    const { status, stdout, stderr } = run('show', 'host', '--json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const own = /\d+/.exec(readlinkSync('/proc/self/ns/net'))?.[0]
    expect(JSON.parse(stdout)).toMatchObject({ host: { id: own, name: 'host' } })
  })
}
