/** The launcher as other programs of ours start it, what it refuses, and how `exec` does without koffi. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Place } from '../../src/model/probe.ts'
import type { LaunchSpec } from '../../src/probe/launch/launch-spec.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'setpriv'] })) {
  let host: TestHost
  let main: string

  const netnsFile = (name: string) => host.try(['stat', '-L', '-c', '%i', `/run/netns/${name}`]).stdout.trim()

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('launchhost')
    host.ip('netns add web', 'netns add db')
    // An /etc of the host's own: the machine's is left alone.
    host.run(['sh', '-c', 'cp -a /etc /run/etc && mount --bind /run/etc /etc && mkdir -p /etc/netns/web'])
    host.run(['sh', '-c', 'echo "nameserver 10.9.8.7" > /etc/netns/web/resolv.conf'])
  })
  afterAll(() => host.end())

  test('without koffi the program is a child: the same place, files, input and exit code', () => {
    const bare = (...args: readonly string[]) =>
      host.try(['env', 'VETHSCOPE_NO_KOFFI=1', process.execPath, main, 'exec', ...args])
    const line = 'readlink /proc/self/ns/net; cat /etc/resolv.conf; exit 7'
    expect(bare('web', '--', 'sh', '-c', line)).toMatchObject({
      code: 7,
      stdout: `net:[${netnsFile('web')}]\nnameserver 10.9.8.7\n`,
      stderr: '',
    })
    expect(bare('db', '--', 'readlink', '/proc/self/ns/net').stdout).toBe(`net:[${netnsFile('db')}]\n`)
    expect(bare('db', '--', 'no-such-program').code).toBe(127)
    const shell = `env VETHSCOPE_NO_KOFFI=1 "$0" "$1" exec db -- sh -c 'kill -TERM $$'; echo $?`
    expect(host.run(['sh', '-c', shell, process.execPath, main])).toBe('143\n')
  })

  test('without koffi it ends with its parent all the same', () => {
    const ino = netnsFile('web')
    const dev = Number(host.try(['stat', '-L', '-c', '%d', '/run/netns/web']).stdout)
    const place = { netns: { id: ino, name: 'web' }, dev, paths: ['/run/netns/web'], sockets: [], user: null }
    const spec = {
      place,
      argv: ['sh', '-c', 'echo $$ > /run/tool; exec sleep 1000'],
      files: false,
      entered: false,
    }
    const told = JSON.stringify(spec).replace(/}$/, ',"parent":PARENT}')
    const parent = `VETHSCOPE_NO_KOFFI=1 "$0" "$1" "$(echo "$2" | sed s/PARENT/$$/)" & until [ -s /run/tool ]; do sleep 0.05; done; kill -KILL $$`
    host.try(['sh', '-c', parent, process.execPath, main.replace(/main\.js$/, 'launch.js'), told])
    const gone = 'for n in $(seq 100); do [ -e /proc/$(cat /run/tool) ] || exit 0; sleep 0.05; done; exit 1'
    expect(host.try(['sh', '-c', gone]).code).toBe(0)
  })

  const launch = (
    place: Partial<Place>,
    argv: readonly string[] = ['true'],
    more: Partial<LaunchSpec> = {},
  ) => {
    const ino = netnsFile('web')
    const dev = Number(host.try(['stat', '-L', '-c', '%d', '/run/netns/web']).stdout)
    const whole = { netns: { id: ino, name: 'web' }, dev, paths: [], sockets: [], user: null, ...place }
    const spec = { place: whole, argv, files: true, parent: null, entered: false, ...more }
    return host.try([process.execPath, main.replace(/main\.js$/, 'launch.js'), JSON.stringify(spec)])
  }

  test('what leads elsewhere by now is refused; another way that is still right is taken', async () => {
    expect(launch({ paths: ['/run/netns/web'] }).code).toBe(0)
    expect(launch({ paths: ['/run/netns/db'] })).toMatchObject({
      code: 125,
      stderr: 'vethscope: cannot enter netns "web": was replaced by another namespace\n',
    })
    expect(launch({ paths: ['/run/netns/db', '/nowhere', '/run/netns/web'] }).code).toBe(0)
    // A pid that is another process's by now; a FIFO and a plain file where a namespace was.
    const other = await host.start(['ip', 'netns', 'exec', 'db', 'sh', '-c', 'echo $$; exec sleep 1000'])
    expect(launch({ paths: [`/proc/${other}/ns/net`] }).stderr).toContain('was replaced')
    host.run(['sh', '-c', 'mkfifo /run/fifo; touch /run/file'])
    for (const path of ['/run/fifo', '/run/file']) expect(launch({ paths: [path] }).code).toBe(125)
    expect(launch({ paths: ['/nowhere'] }).stderr).toBe(
      'vethscope: cannot enter netns "web": it is gone (ENOENT)\n',
    )
    expect(launch({ paths: ['/run/netns/web'] }, ['true'], { entered: true }).stderr).toContain(
      'was replaced',
    )
  })

  test('whose parent has ended already does not start', () => {
    const dead = Number(host.run(['sh', '-c', 'sh -c "echo \\$\\$"']))
    const said = launch({ paths: ['/run/netns/web'] }, ['echo', 'started'], { parent: dead })
    expect(said).toMatchObject({ code: 125, stdout: '', stderr: expect.stringContaining('has ended') })
  })
}
