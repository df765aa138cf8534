/** Networks of driver bridge on the real kernel: they work when they are made, and go without a trace. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { stateOf, type HostState } from '../support/host-state.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { requires } from '../support/requires.ts'

describe.runIf(requires({ root: true, tools: ['ip', 'nft', 'ping'] }))(
  'lab networks of driver bridge',
  () => {
    let host: TestHost
    let lab: LabRunner
    beforeEach(async () => {
      host = await playHost()
      lab = await labOn(host)
    })
    afterEach(async () => host.end())

    /** The kernel tells a moment later that a bridge has no carrier any more (linkwatch). */
    const becomes = async (state: HostState) =>
      vi.waitFor(() => {
        expect(stateOf(host)).toEqual(state)
      }, 10_000)

    const pings = (from: string, ...to: readonly string[]) =>
      to.map((each) => host.try(['ip', 'netns', 'exec', from, 'ping', '-c1', '-W2', each]).code === 0)

    test('its gateway answers at once in both families, and undo leaves nothing', async () => {
      const before = stateOf(host)
      await lab.change(network('lab0', { ipv6: true, subnets: ['10.9.0.0/24', 'fd00:9::/64'], mtu: 1400 }))
      const empty = stateOf(host)
      const shown = host.run(['ip', '-d', 'link', 'show', 'lab0'])
      expect(shown).toMatch(/ UP|,UP/)
      expect(shown).toMatch(/mtu 1400 .*stp_state 0 .*alias vethscope:lab0/s)
      await lab.change(node('web', [on('lab0')]))
      expect(pings('web', '10.9.0.1', 'fd00:9::1')).toEqual([true, true])
      expect(host.run(['ip', '-6', 'addr', 'show', 'dev', 'lab0'])).not.toContain('tentative')
      await lab.undo()
      await becomes(empty)
      await lab.undo()
      expect(stateOf(host)).toEqual(before)
    })

    test('a network without IPv6 has none, not even a link-local address', async () => {
      await lab.change(network('lab0'))
      await lab.change(node('web', [on('lab0')]))
      expect(host.run(['ip', '-6', 'addr', 'show', 'dev', 'lab0'])).toBe('')
    })

    test('below the MTU of IPv6 its links have no settings of it, and it works all the same', async () => {
      host.ip('addr add 198.51.100.1/32 dev lo')
      const before = stateOf(host)
      const tunnel = { driver: 'vxlan', vni: 7, local: '198.51.100.1', remotes: ['198.51.100.2'] } as const
      for (const more of [{}, tunnel]) {
        await lab.change(network('lab0', { ...more, subnets: ['10.9.0.0/24'], mtu: 1000 }))
        const empty = stateOf(host)
        await lab.change(node('web', [on('lab0')]))
        await lab.change(node('db', [on('lab0')]))
        expect(pings('web', '10.9.0.1', '10.9.0.3')).toEqual([true, true])
        await lab.undo()
        await lab.undo()
        await becomes(empty)
        await lab.undo()
        await becomes(before)
      }
    })

    test('rm leaves what was there before; its undo brings back the network with all that was set on it by hand', async () => {
      const before = stateOf(host)
      await lab.change(network('lab0', { subnets: ['10.9.0.0/24'] }))
      host.ip(
        'link set lab0 txqueuelen 77 mtu 1300',
        'link set lab0 type bridge ageing_time 4242 priority 1234 mcast_snooping 0',
        'addr add 10.44.0.1/24 dev lab0',
        'route add 10.45.0.0/16 via 10.44.0.9',
        'neigh add 10.44.0.9 lladdr 02:00:00:00:44:09 dev lab0 nud permanent',
        'link add mine type veth peer name mine1',
        'link set mine master lab0',
        'link set mine type bridge_slave cost 7',
        'link property add dev lab0 altname lab-zero',
      )
      const made = stateOf(host)
      expect(await lab.plan({ kind: 'net-rm', name: 'lab0' })).toMatchObject({
        notes: ['link mine on bridge lab0 is left without a bridge'],
      })
      await lab.change({ kind: 'net-rm', name: 'lab0' })
      host.run(['ip', 'link', 'del', 'mine'])
      expect(stateOf(host)).toEqual(before)
      host.ip('link add mine type veth peer name mine1')
      await lab.undo()
      host.ip('link set mine type bridge_slave cost 7')
      const back = stateOf(host)
      const without = (lines: readonly string[] | undefined) =>
        lines?.filter((line) => !line.includes('mine'))
      for (const part of Object.keys(made))
        expect([part, without(back[part])]).toEqual([part, without(made[part])])
    })

    test('an existing bridge keeps what it had and loses what it got', async () => {
      host.ip(
        'link add br0 address 02:00:00:00:00:07 type bridge',
        // Addresses that come by themselves, and late, would be a difference; so would the size of segments, which a bridge
        // has for good once it had a port (br_set_gso_limits).
        'link set br0 addrgenmode none',
        'link add port0 type veth peer name port1',
        'link set port0 addrgenmode none',
        'link set port1 addrgenmode none',
        'link set port0 master br0 up',
        'link set port1 up',
        'addr add 10.5.0.254/24 dev br0',
        'link set br0 up',
      )
      await vi.waitFor(() => {
        expect(host.run(['ip', '-o', 'link'])).not.toMatch(/NO-CARRIER|state DOWN/)
      }, 10_000)
      const before = stateOf(host)
      await lab.change(network('old', { bridge: 'br0' }))
      await lab.change(node('web', [on('old')]))
      expect(pings('web', '10.5.0.254')).toEqual([true])
      await lab.change({ kind: 'node-rm', name: 'web' })
      await lab.change({ kind: 'net-rm', name: 'old' })
      expect(stateOf(host)).toEqual(before)
      await lab.change(network('new', { bridge: 'br0', subnets: ['10.6.0.0/24'] }))
      expect(host.run(['ip', 'addr', 'show', 'dev', 'br0'])).toContain('10.6.0.1/24')
      await lab.change({ kind: 'net-prune' })
      expect(stateOf(host)).toEqual(before)
      await lab.undo()
      await lab.undo()
      expect(stateOf(host)).toEqual(before)
    })

    test('prune takes every network without nodes at once, and undo brings them all back', async () => {
      await lab.change(network('used', { subnets: ['10.9.0.0/24'] }))
      await lab.change(node('web', [on('used')]))
      const before = stateOf(host)
      for (const name of ['one', 'two']) await lab.change(network(name, { ipv6: name === 'two' }))
      const made = stateOf(host)
      const pruned = await lab.change({ kind: 'net-prune' })
      expect(pruned.title).toBe('remove networks one, two')
      expect(stateOf(host)).toEqual(before)
      await lab.undo()
      expect(stateOf(host)).toEqual(made)
    })

    test('what overlaps is refused by name, what is free is taken, and nothing is changed', async () => {
      host.ip(
        'link add br0 type bridge',
        'link set br0 addrgenmode none',
        'addr add 172.17.0.1/16 dev br0',
        'link set br0 up',
        'route add blackhole 172.18.4.0/24 table 77',
        'route add 0.0.0.0/1 dev br0',
      )
      const before = stateOf(host)
      expect(await lab.refusals(network('lab0', { subnets: ['172.17.9.0/24'] }))).toEqual([
        'subnet 172.17.9.0/24 overlaps 172.17.0.1/16, an address of br0',
      ])
      expect(await lab.refusals(network('lab0', { subnets: ['172.18.0.0/16'] }))).toEqual([
        'subnet 172.18.0.0/16 overlaps blackhole route 172.18.4.0/24 (table 77)',
      ])
      expect(await lab.refusals(network('br0'))).toEqual([
        expect.stringMatching(/^bridge br0 exists already \(ifindex \d+\)$/),
      ])
      expect((await lab.plan(network('lab0'))).title).toBe('make network lab0 (172.19.0.0/16)')
      expect(stateOf(host)).toEqual(before)
    })
  },
)
