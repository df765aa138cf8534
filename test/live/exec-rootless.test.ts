/** A user who is not root, and a namespace of his own: entered as part of its user namespace. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'setpriv', 'pgrep'] })) {
  let host: TestHost
  let main: string
  let pid: string

  const as = (uid: number) => [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${uid}`,
    '--clear-groups',
    'env',
    'HOME=/run',
  ]
  const owner = as(4242)
  const vethscope = (user: readonly string[], ...args: readonly string[]) =>
    host.try([...user, process.execPath, main, ...args])

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('rootless')
    const script = 'ip link set lo up; ip link add d0 type bridge; echo $$; exec sleep 1000'
    pid = await host.start([...owner, 'unshare', '--user', '--map-root-user', '--net', 'sh', '-c', script])
  })
  afterAll(() => host.end())

  test('exec: the command is root in there and nobody on the host, with its own exit code', () => {
    const netns = host.try(['stat', '-L', '-c', '%i', `/proc/${pid}/ns/net`]).stdout.trim()
    const line = 'id -u; readlink /proc/self/ns/net; ls /sys/class/net; ip link add d1 type bridge; exit 7'
    const { code, stdout, stderr } = vethscope(owner, 'exec', `pid:${pid}`, '--', 'sh', '-c', line)
    expect([code, stderr]).toEqual([7, ''])
    expect(stdout).toBe(`0\nnet:[${netns}]\nd0\nlo\n`)
  })

  test('tcp: the probe starts inside, and the helper is gone afterwards', () => {
    const { code, stdout } = vethscope(owner, 'tcp', `pid:${pid}`, '127.0.0.1:9', '--json')
    expect([code, JSON.parse(stdout).result]).toEqual([1, 'refused'])
    expect(host.try(['pgrep', '-f', 'prober.js']).stdout).toBe('')
  })

  test('another user is refused, in a sentence', () => {
    const { code, stderr } = vethscope(as(4243), 'exec', `pid:${pid}`, '--', 'true')
    expect([code, stderr]).toEqual([
      125,
      expect.stringMatching(/^vethscope: cannot enter netns ".*": permission denied/),
    ])
  })
}
