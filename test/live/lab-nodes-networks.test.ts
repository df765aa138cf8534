/** Nodes on several networks, and nodes that are only another name, on the real kernel. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { stateOf, type HostState } from '../support/host-state.ts'
import { labOn, settlesAs, type LabRunner } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'nft', 'ping', 'getent'] })) {
  let host: TestHost
  let lab: LabRunner
  let empty: HostState
  beforeAll(async () => {
    host = await playHost()
    lab = await labOn(host)
    await lab.change(network('one', { subnets: ['10.9.1.0/24'] }))
    await lab.change(network('two', { subnets: ['10.9.2.0/24', 'fd00:2::/64'], ipv6: true }))
    await lab.change(network('inner', { subnets: ['10.9.3.0/24'], internal: true }))
    empty = stateOf(host)
  })
  afterAll(() => host.end())

  const inside = (name: string, ...command: readonly string[]): string =>
    host.run(['ip', 'netns', 'exec', name, ...command])
  const known = (name: string, wanted: string): boolean =>
    host.try(['ip', 'netns', 'exec', name, 'getent', '-s', 'files', 'hosts', wanted]).code === 0
  const defaults = (name: string): string =>
    ['-4', '-6']
      .map((family) =>
        inside(name, 'ip', family, 'route', 'show', 'default')
          .replace(/ metric.*/, '')
          .trim(),
      )
      .join(' | ')
  const isAs = (state: HostState): Promise<void> => settlesAs(host, state)

  test('several networks: the first leads out, names are those of shared networks', async () => {
    await lab.change(node('both', [on('inner'), on('one'), on('two')]))
    await lab.change(node('far', [on('two')]))
    expect(inside('both', 'ip', '-br', 'link').match(/^eth\d/gm)).toEqual(['eth0', 'eth1', 'eth2'])
    expect(defaults('both')).toBe('default via 10.9.1.1 dev eth1 | default via fd00:2::1 dev eth2')
    expect([known('far', 'both.two'), known('far', 'both.one'), known('both', 'far')]).toEqual([
      true,
      false,
      true,
    ])
    await lab.change({ kind: 'node-rm', name: 'both' })
    await lab.change({ kind: 'node-rm', name: 'far' })
    await isAs(empty)
  })

  test('connected and disconnected while it runs: the default route moves, names follow, and a shell sees it', async () => {
    await lab.change(node('n', [on('one')]))
    await lab.change(node('other', [on('two', { aliases: ['o'] })]))
    const before = stateOf(host)
    const script =
      'echo ready; while [ ! -e /run/go ]; do sleep 0.1; done; grep -c "other.two other o" /etc/hosts > /run/seen'
    const shell = await host.start(['ip', 'netns', 'exec', 'n', 'sh', '-c', script])
    expect(shell).toBe('ready')
    await lab.change({
      kind: 'net-connect',
      node: 'n',
      connection: on('two', { ip: '10.9.2.77', mac: '02:00:00:00:00:77' }),
    })
    host.run(['touch', '/run/go'])
    await vi.waitFor(() => expect(host.run(['cat', '/run/seen'])).toMatch(/^[12]$/m), 5000)
    expect(defaults('n')).toBe('default via 10.9.1.1 dev eth0 | default via fd00:2::1 dev eth1')
    expect(inside('n', 'cat', '/sys/class/net/eth1/address')).toBe('02:00:00:00:00:77\n')
    inside('n', 'ping', '-c1', '-W2', '10.9.2.2')
    const both = stateOf(host)
    await lab.change({ kind: 'net-disconnect', node: 'n', network: 'one' })
    expect(defaults('n')).toBe('default via 10.9.2.1 dev eth1 | default via fd00:2::1 dev eth1')
    expect(known('n', 'other')).toBe(true)
    await lab.undo()
    await isAs(both)
    await lab.undo()
    await isAs(before)
    await lab.change({ kind: 'node-rm', name: 'n' })
    await lab.change({ kind: 'node-rm', name: 'other' })
    await isAs(empty)
  })

  test('a default route that somebody set by hand stays', async () => {
    await lab.change(node('n', [on('one'), on('two')]))
    inside('n', 'ip', 'route', 'replace', 'default', 'via', '10.9.2.9', 'dev', 'eth1')
    await lab.change({ kind: 'net-disconnect', node: 'n', network: 'one' })
    expect(defaults('n')).toBe('default via 10.9.2.9 dev eth1 | default via fd00:2::1 dev eth1')
    await lab.change({ kind: 'node-rm', name: 'n' })
    await isAs(empty)
  })

  test('on an internal network there is no way out, and no nameserver to wait for', async () => {
    await lab.change(node('in', [on('inner')]))
    expect(defaults('in')).toBe(' | ')
    expect(inside('in', 'cat', '/etc/resolv.conf')).not.toMatch(/^nameserver/m)
    await lab.undo()
    await isAs(empty)
  })

  test('mode none has lo alone; mode host and container are names for what is there', async () => {
    await lab.change(node('alone', [], { mode: 'none' }))
    expect(inside('alone', 'ip', '-br', 'addr')).toMatch(/^lo\s+UNKNOWN\s+127\.0\.0\.1\/8 ::1\/128 \n$/)
    expect(known('alone', 'alone')).toBe(true)
    await lab.change(node('n', [on('one')]))
    const before = stateOf(host)
    await lab.change(node('same', [], { mode: 'host' }))
    await lab.change(node('mate', [], { mode: 'container', of: 'n' }))
    const id = (path: string): string => host.run(['stat', '-L', '-c', '%i', path])
    expect(id('/run/netns/same')).toBe(id('/proc/1/ns/net'))
    expect(id('/run/netns/mate')).toBe(id('/run/netns/n'))
    expect(host.run(['cat', '/etc/netns/mate/hosts'])).toBe(host.run(['cat', '/etc/netns/n/hosts']))
    expect(await lab.refusals({ kind: 'node-rm', name: 'n' })).toEqual([
      'node n cannot be removed: node mate is in its namespace',
    ])
    const all = stateOf(host)
    await lab.change({ kind: 'node-rm', name: 'mate' })
    await lab.undo()
    await isAs(all)
    await lab.change({ kind: 'node-rm', name: 'mate' })
    await lab.change({ kind: 'node-rm', name: 'same' })
    await isAs(before)
    await lab.change({ kind: 'node-rm', name: 'n' })
    await lab.change({ kind: 'node-rm', name: 'alone' })
    await isAs(empty)
  })
}
