/** Changes that cannot be kept account of, or that are not one's to make: refused with a sentence, and nothing is changed. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { stateOf, type HostState } from '../support/host-state.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'nft', 'flock', 'unshare', 'nsenter', 'setpriv'] })) {
  let host: TestHost
  let main: string
  let before: HostState

  beforeEach(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost()
    // As it is on a host.
    host.run(['chmod', '755', '/run'])
    host.ip('link add br0 type bridge')
    before = stateOf(host)
  })
  afterEach(() => host.end())

  const change = (line: string, as: readonly string[] = []) => {
    const argv = [...as, process.execPath, main, ...line.split(' '), '--yes', '--json']
    const { code, stdout, stderr } = host.try(argv)
    return { line, code, stderr, ...(JSON.parse(stdout) as object) }
  }
  const lines = [
    'netns add red',
    'link up host br0',
    'addr add host br0 10.9.9.1/24',
    'sysctl set host ipv4.conf.br0.rp_filter 2',
    'masquerade add host 10.9.9.0/24',
    'net create lab0',
    'node add web --mode none',
  ]

  test('not root: every kind', () => {
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
    for (const line of lines)
      expect(change(line, nobody)).toMatchObject({ line, code: 3, error: { kind: 'permission' } })
    expect(stateOf(host)).toEqual(before)
  })

  test('a journal that cannot be written', () => {
    host.run(['mkdir', '-m', '700', '/run/vethscope'])
    host.run(['mount', '-t', 'tmpfs', '-o', 'ro,mode=700', 'tmpfs', '/run/vethscope'])
    for (const line of lines) {
      expect(change(line)).toMatchObject({
        line,
        code: 5,
        error: {
          kind: 'refused',
          what: expect.stringMatching(/\/run\/vethscope\/\d+: read-only file system$/),
        },
      })
    }
    expect(stateOf(host)).toEqual(before)
  })

  test('a folder that others may write in, or a link in its place', () => {
    const made = { 'may be written by other users': 'mkdir -m 777', 'is no folder': 'ln -s /tmp' }
    for (const [says, how] of Object.entries(made)) {
      host.run([...how.split(' '), '/run/vethscope'])
      expect(change('netns add red')).toMatchObject({
        code: 3,
        error: { kind: 'permission', what: `nothing is kept in /run/vethscope: it ${says}` },
      })
      host.run(['sh', '-c', 'rmdir /run/vethscope 2> /dev/null || rm /run/vethscope'])
    }
    expect(stateOf(host)).toEqual(before)
  })
}
