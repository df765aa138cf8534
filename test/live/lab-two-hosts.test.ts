/** Labs of two hosts of one machine: /etc/netns is one folder for both. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'nsenter', 'flock'] })) {
  let host: TestHost
  let program = ''
  beforeAll(async () => {
    host = await playHost()
    program = join(await buildVethscope(), 'main.js')
    host.ip('netns add other')
  }, 60_000)
  afterAll(() => host.end())

  const vethscope = (...args: readonly string[]) =>
    JSON.parse(host.try([process.execPath, program, ...args, '--yes', '--json']).stdout) as {
      readonly id: number
      readonly applied: boolean
      readonly verified: boolean
      readonly left: readonly string[]
    }
  const well = { applied: true, verified: true, left: [] }
  const folders = (): string => host.try(['ls', '/etc/netns']).stdout

  test('what made it is taken back while the folders of another lab are in it, and who goes last takes it away', () => {
    const first = vethscope('node', 'add', 'one', '--mode', 'none')
    const second = vethscope('--host', 'other', 'node', 'add', 'two', '--mode', 'none')
    expect([first, second]).toMatchObject([well, well])

    expect(vethscope('undo', String(first.id))).toMatchObject(well)
    expect(folders()).toBe('two\n')

    const again = vethscope('node', 'add', 'one', '--mode', 'none')
    expect(again).toMatchObject(well)
    expect(vethscope('--host', 'other', 'undo', String(second.id))).toMatchObject(well)
    expect(folders()).toBe('one\n')

    expect(vethscope('node', 'rm', 'one')).toMatchObject(well)
    expect(host.try(['stat', '/etc/netns']).code).toBe(1)
  })

  test('so it is where the nodes are removed, and where the removal is undone', () => {
    vethscope('node', 'add', 'one', '--mode', 'none')
    vethscope('--host', 'other', 'node', 'add', 'two', '--mode', 'none')
    const removed = vethscope('node', 'rm', 'one')
    expect(removed).toMatchObject(well)
    expect(folders()).toBe('two\n')
    expect(vethscope('undo', String(removed.id))).toMatchObject(well)
    expect(folders()).toBe('one\ntwo\n')
    expect(vethscope('node', 'rm', 'one')).toMatchObject(well)
    expect(vethscope('--host', 'other', 'node', 'rm', 'two')).toMatchObject(well)
    expect(host.try(['stat', '/etc/netns']).code).toBe(1)
  })

  test('a folder that is of no lab keeps it, too', () => {
    const made = vethscope('node', 'add', 'one', '--mode', 'none')
    host.run(['mkdir', '/etc/netns/theirs'])
    expect(vethscope('undo', String(made.id))).toMatchObject(well)
    expect(folders()).toBe('theirs\n')
    host.run(['rmdir', '/etc/netns/theirs'])
  })
}
