/** Nodes of a lab on the real kernel: they reach each other by name at once, and go without a trace. */
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
    await lab.change(network('lab0', { subnets: ['10.9.0.0/24'] }))
    await lab.change(network('six', { subnets: ['10.9.6.0/24', 'fd00:6::/64'], ipv6: true }))
    await lab.change(network('apart', { subnets: ['10.9.7.0/24'], icc: false }))
    empty = stateOf(host)
  })
  afterAll(() => host.end())

  const inside = (name: string, ...command: readonly string[]): string =>
    host.run(['ip', 'netns', 'exec', name, ...command])
  const ping = (name: string, target: string): boolean =>
    host.try(['ip', 'netns', 'exec', name, 'ping', '-c1', '-W2', target]).code === 0
  const isAs = (state: HostState): Promise<void> => settlesAs(host, state)

  test('two nodes reach each other by name, alias and name with network; removed, brought back and undone nothing is left', async () => {
    await lab.change(node('web', [on('lab0', { aliases: ['www'] })]))
    const one = stateOf(host)
    await lab.change(node('db', [on('lab0')]))
    expect([ping('db', 'web'), ping('db', 'www'), ping('db', 'web.lab0'), ping('web', 'db')]).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(inside('web', 'getent', '-s', 'files', 'hosts', 'db')).toMatch(/^10\.9\.0\.3\s+db\.lab0 db$/m)
    expect(inside('web', 'getent', '-s', 'files', 'hosts', 'web')).toMatch(
      /^10\.9\.0\.2\s+web\.lab0 web www$/m,
    )
    expect(inside('web', 'ip', 'route')).toMatch(/^default via 10\.9\.0\.1 dev eth0 $/m)
    expect(inside('web', 'ip', '-6', 'addr')).not.toContain('eth0')
    const two = stateOf(host)
    inside('db', 'ip', 'address', 'add', '10.77.0.1/24', 'dev', 'eth0')
    inside('db', 'ip', 'route', 'add', '10.88.0.0/16', 'via', '10.9.0.9')
    const byHand = stateOf(host)
    await lab.change({ kind: 'node-rm', name: 'db' })
    await isAs(one)
    await lab.undo()
    await isAs(byHand)
    expect(ping('db', 'www')).toBe(true)
    inside('db', 'ip', 'route', 'del', '10.88.0.0/16')
    inside('db', 'ip', 'address', 'del', '10.77.0.1/24', 'dev', 'eth0')
    await isAs(two)
    await lab.undo()
    await isAs(one)
    await lab.undo()
    await isAs(empty)
  })

  test('IPv6 works at once: no address waits for duplicates', async () => {
    await lab.change(node('a6', [on('six')]))
    await lab.change(node('b6', [on('six', { ip6: 'fd00:6::b' })]))
    const told = inside('b6', 'ip', '-6', 'addr', 'show', 'scope', 'global')
    expect(ping('a6', 'fd00:6::b')).toBe(true)
    expect(told).toContain('fd00:6::b/64')
    expect(told).not.toContain('tentative')
    expect(inside('a6', 'getent', '-s', 'files', 'ahostsv6', 'b6')).toMatch(/^fd00:6::b\s/m)
    expect(inside('a6', 'ip', '-6', 'route')).toMatch(/^default via fd00:6::1 dev eth0 /m)
    await lab.change({ kind: 'node-rm', name: 'b6' })
    await lab.change({ kind: 'node-rm', name: 'a6' })
    await isAs(empty)
  })

  test('without icc a port is isolated, and nodes do not reach each other; they reach the gateway', async () => {
    await lab.change(node('p', [on('apart')]))
    await lab.change(node('q', [on('apart')]))
    const ports = JSON.parse(host.run(['ip', '-j', '-d', 'link', 'show', 'type', 'veth'])) as {
      linkinfo: { info_slave_data?: { isolated: boolean } }
    }[]
    expect(ports.map(({ linkinfo }) => linkinfo.info_slave_data?.isolated)).toEqual([true, true])
    expect(ping('p', '10.9.7.1')).toBe(true)
    expect(host.try(['ip', 'netns', 'exec', 'p', 'ping', '-c1', '-W1', 'q']).code).toBe(1)
    await lab.change({ kind: 'node-rm', name: 'p' })
    await lab.change({ kind: 'node-rm', name: 'q' })
    await isAs(empty)
  })

  test('a link is known by its alias, and only to who asked for it', async () => {
    await lab.change(node('db', [on('lab0')]))
    await lab.change(node('web', [on('lab0', { links: ['db:database'] })]))
    expect(ping('web', 'database')).toBe(true)
    expect(host.try(['ip', 'netns', 'exec', 'db', 'getent', '-s', 'files', 'hosts', 'database']).code).toBe(2)
    await lab.change({ kind: 'node-rm', name: 'db' })
    expect(host.try(['ip', 'netns', 'exec', 'web', 'getent', '-s', 'files', 'hosts', 'database']).code).toBe(
      2,
    )
    await lab.change({ kind: 'node-rm', name: 'web' })
    await isAs(empty)
  })

  test('a node in which something runs stays', async () => {
    await lab.change(node('busy', [on('lab0')]))
    host.spawn(['ip', 'netns', 'exec', 'busy', 'sleep', '60'])
    await vi.waitFor(() => expect(host.run(['ip', 'netns', 'pids', 'busy'])).toMatch(/\d/), 5000)
    const pid = host.run(['ip', 'netns', 'pids', 'busy']).trim()
    expect(await lab.refusals({ kind: 'node-rm', name: 'busy' })).toEqual([
      expect.stringMatching(
        new RegExp(`^node busy cannot be removed: (sleep|ip) \\(pid ${pid}\\) runs in it$`),
      ),
    ])
    host.run(['kill', pid])
    await vi.waitFor(() => expect(host.run(['ip', 'netns', 'pids', 'busy'])).toBe(''), 5000)
    await lab.change({ kind: 'node-rm', name: 'busy' })
    await isAs(empty)
  })
}
