/** Networks on a parent, on the real kernel: their nodes reach what is outside, and not the host. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { stateOf } from '../support/host-state.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { requires } from '../support/requires.ts'

describe.runIf(requires({ root: true, tools: ['ip', 'nft', 'ping'] }))('drivers macvlan and ipvlan', () => {
  let host: TestHost
  let lab: LabRunner
  beforeEach(async () => {
    host = await playHost()
    host.ip(
      'netns add outside',
      'link add lan0 type veth peer name eth0 netns outside',
      'link set lan0 addrgenmode none',
      'addr add 192.0.2.10/24 dev lan0',
      'link set lan0 up',
    )
    for (const line of [
      'link set eth0 addrgenmode none',
      'addr add 192.0.2.1/24 dev eth0',
      'link set eth0 up',
    ])
      host.run(['ip', '-n', 'outside', ...line.split(' ')])
    host.ip('route add default via 192.0.2.1')
    // The other end of the parent hears of its carrier a moment later.
    await vi.waitFor(
      () => expect(host.run(['ip', '-n', 'outside', '-br', 'link'])).toMatch(/eth0@\S+ +UP/),
      5000,
    )
    lab = await labOn(host)
  })
  afterEach(async () => host.end())

  const reaches = (from: string, to: string) =>
    host.try(['ip', 'netns', 'exec', from, 'ping', '-c1', '-W1', to]).code === 0

  test('passthru: what cuts the host off is refused; a parent that carries nothing goes to the node', async () => {
    await lab.change(
      network('pt', { driver: 'macvlan', parent: 'lan0', mode: 'passthru', subnets: ['192.0.2.0/24'] }),
    )
    const refused = await lab.refusals(node('web', [on('pt', { ip: '192.0.2.70' })]))
    expect(refused.join()).toContain("lan0 carries the host's default route of IPv4; changing it may cut")
    host.ip('route del default via 192.0.2.1')
    const empty = stateOf(host)
    await lab.change(node('web', [on('pt', { ip: '192.0.2.70' })]))
    expect(reaches('web', '192.0.2.1')).toBe(true)
    await lab.undo()
    expect(stateOf(host)).toEqual(empty)
  })

  test('macvlan: nodes reach the outside and each other, not the host of the parent', async () => {
    const before = stateOf(host)
    const made = await lab.change(
      network('mv', {
        driver: 'macvlan',
        parent: 'lan0',
        subnets: ['192.0.2.0/24'],
        ipRanges: ['192.0.2.64/26'],
      }),
    )
    expect(made.notes.join()).toContain(
      'by design this host and the nodes of a macvlan network do not reach each other',
    )
    const empty = stateOf(host)
    await lab.change(node('web', [on('mv')]))
    await lab.change(node('db', [on('mv')]))
    const address =
      /inet (\S+)\//.exec(host.run(['ip', '-n', 'db', '-o', '-4', 'addr', 'show', 'eth0']))?.[1] ?? ''
    expect(reaches('web', '192.0.2.1')).toBe(true)
    expect(reaches('web', address)).toBe(true)
    expect(reaches('web', '192.0.2.10')).toBe(false)
    expect(host.run(['ip', '-n', 'web', 'route'])).toContain('default via 192.0.2.1')
    await lab.change({ kind: 'node-rm', name: 'web' })
    await lab.change({ kind: 'node-rm', name: 'db' })
    expect(stateOf(host)).toEqual(empty)
    await lab.change({ kind: 'net-rm', name: 'mv' })
    expect(stateOf(host)).toEqual(before)
  })

  test('ipvlan: where the kernel lacks it, it says so, and nothing of the node stays', async () => {
    await lab.change(network('iv', { driver: 'ipvlan', parent: 'lan0', subnets: ['192.0.2.0/24'] }))
    const before = stateOf(host)
    const hasIpvlan =
      host.try(['ip', 'link', 'add', 'link', 'lan0', 'name', 'try0', 'type', 'ipvlan']).code === 0
    if (hasIpvlan) {
      host.ip('link del try0')
      await lab.change(node('web', [on('iv')]))
      expect(reaches('web', '192.0.2.1')).toBe(true)
      expect(reaches('web', '192.0.2.10')).toBe(false)
      await lab.change({ kind: 'node-rm', name: 'web' })
    } else
      await expect(lab.change(node('web', [on('iv')]))).rejects.toThrow(/Unknown device type|not supported/)
    expect(stateOf(host)).toEqual(before)
  })
})
