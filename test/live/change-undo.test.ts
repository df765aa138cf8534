/** Undo on the real kernel: in order, again, blocked by a later change, and where somebody changed things by hand. */
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { ChangeResult } from '../../src/model/change-result.ts'
import { playHost } from '../support/host.ts'
import { stateOf } from '../support/host-state.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'bridge', 'nft', 'sysctl', 'conntrack', 'flock', 'nsenter'] })) {
  let main = ''
  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
  })

  async function playing() {
    const host = await playHost()
    onTestFinished(() => host.end())
    const vethscope = (...args: readonly string[]) => host.try([process.execPath, main, ...args])
    const make = (...args: readonly string[]): ChangeResult => {
      const { code, stdout, stderr } = vethscope(...args, '--yes', '--json')
      expect({ code, stderr }, `${args.join(' ')}: ${stdout}`).toEqual({ code: 0, stderr: '' })
      return JSON.parse(stdout) as ChangeResult
    }
    const isBack = (before: ReturnType<typeof stateOf>) =>
      vi.waitFor(() => expect(stateOf(host)).toEqual(before), { timeout: 20_000, interval: 200 })
    return { host, vethscope, make, isBack }
  }

  test('a later change blocks; one after the other they lead back to the start, and again to the end', async () => {
    const { host, vethscope, make, isBack } = await playing()
    const before = stateOf(host)
    make('net', 'create', 'lab0', '--subnet', '172.19.0.0/16')
    make('node', 'add', 'web', '--network', 'lab0')
    const blocked = vethscope('undo', '1', '--yes')
    expect(blocked.code).toBe(5)
    expect(blocked.stderr).toContain(
      'change 1 (make network lab0 (172.19.0.0/16)) cannot be undone: change 2 (',
    )
    expect(blocked.stderr).toContain('vethscope undo 2 first')
    expect(make('undo')).toMatchObject({ id: 3, undoes: 2, verified: true, left: [] })
    expect(make('undo')).toMatchObject({ id: 4, undoes: 1, verified: true, left: [] })
    await isBack(before)
    expect(vethscope('undo', '--yes').stderr).toContain('there is nothing to undo')
    // The undo of the undo makes the network again.
    expect(make('undo', '4')).toMatchObject({ id: 5, undoes: 4, verified: true })
    expect(host.run(['ip', '-o', 'addr', 'show', 'dev', 'lab0'])).toContain('172.19.0.1/16')
    expect(make('undo')).toMatchObject({ undoes: 5, verified: true })
    await isBack(before)
  })

  test('what somebody removed by hand is told, and what they made of it is left to them', async () => {
    const { host, vethscope, make, isBack } = await playing()
    const before = stateOf(host)
    make('bridge', 'add', 'host', 'br7')
    host.ip('link del br7')
    expect(make('undo').notes.join()).toContain('is taken back already, by something else')
    await isBack(before)
    make('bridge', 'add', 'host', 'br7')
    host.ip('link set br7 address 02:00:00:00:00:07')
    expect(make('undo').notes.join()).toContain('link br7 in host has lladdr 02:00:00:00:00:07, not ')
    await isBack(before)
    make('bridge', 'add', 'host', 'br7')
    host.ip('link del br7', 'link add br7 type veth peer name br8')
    const theirs = vethscope('undo', '--yes')
    expect(theirs.code).toBe(5)
    expect(theirs.stderr).toContain('cannot be undone: link br7 in host has kind veth, not bridge')
    expect(host.run(['ip', 'link', 'show', 'br7'])).toContain('br7')
  })
}
