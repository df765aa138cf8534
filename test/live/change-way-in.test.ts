/** What carries one's own session is not cut by accident, and what was allowed to cut it comes back by itself. */
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { JournalChange } from '../../src/model/change-result.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { stateAtRest, stateOf } from '../support/host-state.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

const serve = `
const server = require('net').createServer((socket) => socket.on('error', () => {}))
server.listen(22, '192.0.2.2', () => console.log('listens'))
`
const call = `
const socket = require('net').connect(22, '192.0.2.2', () => console.log('connected'))
socket.on('error', () => {})
`

if (requires({ root: true, tools: ['ip', 'bridge', 'nft', 'flock', 'nsenter', 'setsid'] })) {
  let main = ''
  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
  })

  /** eth0 is a pair to the client, who stands behind it; somebody is connected to port 22. */
  async function hostWithSession(): Promise<TestHost> {
    const host = await playHost()
    onTestFinished(() => host.end())
    host.ip(
      'netns add client',

      'link add eth0 type veth peer name eth0 netns client',
      'link add br0 address 02:00:00:00:00:01 type bridge',
      // A bridge that never had a port has a carrier; one that lost its last has none.
      'link add p0 type veth peer name p1',
      'link set p0 master br0 up',
      'link set p1 up',
      'addr add 192.0.2.2/24 dev eth0',
      'link set eth0 up',
      'link set br0 up',
      'route add 198.51.100.0/24 via 192.0.2.9 dev eth0',
    )
    host.run(['ip', '-n', 'client', 'addr', 'add', '192.0.2.9/24', 'dev', 'eth0'])
    host.run(['ip', '-n', 'client', 'link', 'set', 'eth0', 'up'])
    await host.start([process.execPath, '-e', serve])
    await host.start(['ip', 'netns', 'exec', 'client', process.execPath, '-e', call])
    // Link-local addresses come when no duplicate was heard of.
    const now = await stateAtRest(host)
    expect(now['client address']?.join()).toContain('fe80')
    return host
  }

  const session = 'SSH_CONNECTION=192.0.2.9 40000 192.0.2.2 22'
  const vethscope = (host: TestHost, args: readonly string[], env: readonly string[] = [session]) =>
    host.try(['env', ...env, process.execPath, main, ...args])
  const journal = (host: TestHost) =>
    JSON.parse(vethscope(host, ['journal', '--json']).stdout) as readonly JournalChange[]
  const watchers = (host: TestHost) =>
    host.run(['sh', '-c', 'grep -lsz [_]_watch /proc/[0-9]*/cmdline || true']).trim()
  const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 200 })

  test('what would cut the session is refused, whichever way, and nothing is changed', async () => {
    const host = await hostWithSession()
    const before = stateOf(host)
    const own = 'your SSH session from 192.0.2.9 (192.0.2.2:22)'
    const refused = (args: readonly string[], env?: readonly string[]): string => {
      const { code, stderr } = vethscope(host, [...args, '--yes'], env)
      expect(stderr).toContain('--confirm-within 30 takes it back by itself unless you confirm')
      expect(code).toBe(5)
      return stderr
    }
    expect(refused(['link', 'down', 'host', 'eth0'])).toContain(
      `eth0 carries ${own}; taking it down cuts you off`,
    )
    expect(refused(['link', 'attach', 'host', 'eth0', 'br0'])).toContain(
      `eth0 carries ${own}; putting it on a bridge`,
    )
    expect(refused(['addr', 'rm', 'host', 'eth0', '192.0.2.2/24'])).toContain('192.0.2.2 carries')
    expect(refused(['addr', 'add', 'host', 'br0', '192.0.2.10/29'])).toContain('it would go by br0')
    // The other end of the pair, in the client's namespace.
    expect(refused(['link', 'down', 'client', 'eth0'])).toContain(
      `eth0 in client stands below eth0, which carries ${own}`,
    )
    // Nobody tells of a session, but one is there.
    expect(refused(['link', 'down', 'host', 'eth0'], [])).toContain(
      'an SSH session from 192.0.2.9 (192.0.2.2:22)',
    )
    expect(stateOf(host)).toEqual(before)
    expect(journal(host)).toEqual([])
    // What leaves it alone is not.
    expect(vethscope(host, ['link', 'down', 'host', 'br0', '--yes']).code).toBe(0)
  })

  test('with --confirm-within it comes back by itself, and stays where it was confirmed', async () => {
    const host = await hostWithSession()
    const before = stateOf(host)
    const cut = vethscope(host, ['link', 'down', 'host', 'eth0', '--yes', '--confirm-within', '1', '--json'])
    expect(JSON.parse(cut.stdout)).toMatchObject({ id: 1, applied: true, verified: true })
    await until(() => expect(journal(host)[0]).toMatchObject({ id: 1, state: 'undone', undoneBy: 2 }))
    await until(() => expect(stateOf(host)).toEqual(before))
    await until(() => expect(watchers(host)).toBe(''))

    const kept = vethscope(host, ['link', 'mtu', 'host', 'eth0', '1400', '--yes', '--confirm-within', '600'])
    expect(kept.code).toBe(0)
    expect(journal(host).at(-1)).toMatchObject({ id: 3, state: 'unconfirmed' })
    expect(watchers(host)).not.toBe('')
    expect(vethscope(host, ['confirm']).code).toBe(0)
    expect(journal(host).at(-1)).toMatchObject({
      id: 3,
      state: 'applied',
      undoneBy: null,
      confirmBefore: null,
    })
    // It has seen that, and goes.
    await until(() => expect(watchers(host)).toBe(''))
    expect(host.run(['ip', 'link', 'show', 'eth0'])).toContain('mtu 1400')
  })

  test.each(['during:1', 'after-end'])(
    'also where vethscope and all of its session are killed at %s',
    async (moment) => {
      const host = await hostWithSession()
      const before = stateOf(host)
      const argv = ['link', 'attach', 'host', 'eth0', 'br0', '--yes', '--confirm-within', '2']
      const env = ['env', session, `VETHSCOPE_STOP_AT=${moment}`]
      // Then all that belongs to the shell which it was started from.
      host.try([
        'setsid',
        '-w',
        'sh',
        '-c',
        '"$@"; kill -KILL 0',
        'sh',
        ...env,
        process.execPath,
        main,
        ...argv,
      ])
      expect(watchers(host)).not.toBe('')
      await until(() => {
        const [change] = journal(host)
        expect(['undone', 'rolled back']).toContain(change?.state)
        expect(change?.left).toEqual([])
      })
      await until(() => expect(watchers(host)).toBe(''))
      await until(() => expect(stateOf(host)).toEqual(before))
    },
  )

  test('a journal that cannot be read for a while does not send the watcher home', async () => {
    const host = await hostWithSession()
    const cut = vethscope(host, ['link', 'down', 'host', 'eth0', '--yes', '--confirm-within', '6'])
    expect(cut.code).toBe(0)
    // As where no more files can be opened. It looks each second where the journal has changed.
    const damage = 'cd /run/vethscope/[0-9]*; echo x >> journal; sleep 2.5; sed -i "$ d" journal'
    host.run(['sh', '-c', damage])
    await until(() => expect(journal(host)[0]).toMatchObject({ id: 1, state: 'undone', undoneBy: 2 }))
    await until(() => expect(host.run(['ip', 'link', 'show', 'eth0'])).toContain('state UP'))
  })

  test('what was made on top of it in the meantime goes with it', async () => {
    const host = await hostWithSession()
    const before = stateOf(host)
    const make = (...args: readonly string[]) =>
      expect(vethscope(host, [...args, '--yes'])).toMatchObject({ code: 0 })
    make('link', 'attach', 'host', 'eth0', 'br0', '--confirm-within', '8')
    make('link', 'detach', 'host', 'eth0', '--confirm-within', '600')
    await until(() =>
      expect(journal(host).slice(0, 2)).toMatchObject([{ state: 'undone' }, { state: 'undone' }]),
    )
    await until(() => expect(watchers(host)).toBe(''))
    await until(() => expect(stateOf(host)).toEqual(before))
  })
}
