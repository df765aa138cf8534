/** What the undo tests compare by sees what changes would leave behind, and nothing else. */
import { expect, onTestFinished, test, vi } from 'vitest'
import { playHost } from '../support/host.ts'
import { stateOf } from '../support/host-state.ts'
import { requires } from '../support/requires.ts'

if (requires({ root: true, tools: ['ip', 'bridge', 'nft', 'iptables', 'nsenter'] })) {
  test('a host at rest looks the same twice, each change shows, and taking it back hides it', async () => {
    const host = await playHost()
    onTestFinished(() => host.end())
    host.ip('netns add web', 'link add br0 type bridge', 'link add v type veth peer name eth0 netns web')
    host.ip('link set v master br0 up', 'link set br0 up', 'addr add 10.9.0.1/24 dev br0')
    host.run(['iptables', '-A', 'FORWARD', '-s', '10.9.0.0/24', '-j', 'ACCEPT'])
    const quiet = () =>
      vi.waitFor(
        () => {
          const [one, two] = [stateOf(host), stateOf(host)]
          expect(two).toEqual(one)
          return two
        },
        { timeout: 20_000, interval: 300 },
      )
    const before = await quiet()
    expect(before['host link']?.join()).toContain('br0')
    expect(before['web link']?.join()).toContain('eth0')
    expect(before['host iptables']?.join()).toContain('10.9.0.0/24')
    expect(before['web sysctl']?.length).toBeGreaterThan(100)
    for (const [change, back, part] of [
      ['ip link set v mtu 1400', 'ip link set v mtu 1500', 'host link'],
      ['bridge link set dev v isolated on', 'bridge link set dev v isolated off', 'host link'],
      ['ip -n web addr add 10.9.0.2/24 dev eth0', 'ip -n web addr del 10.9.0.2/24 dev eth0', 'web address'],
      ['ip route add 192.0.2.0/24 via 10.9.0.9', 'ip route del 192.0.2.0/24', 'host route'],
      ['ip rule add from 10.7.0.0/16 lookup 7', 'ip rule del from 10.7.0.0/16 lookup 7', 'host rule'],
      ['sysctl -qw net.ipv4.conf.v.rp_filter=2', 'sysctl -qw net.ipv4.conf.v.rp_filter=0', 'host sysctl'],
      [
        'bridge fdb add 02:00:00:00:00:09 dev v master static',
        'bridge fdb del 02:00:00:00:00:09 dev v master',
        'host fdb',
      ],
      ['nft add table ip t', 'nft delete table ip t', 'host nft'],
      ['ip netns add other', 'ip netns del other', 'host names'],
      ['mkdir -p /etc/netns/web', 'rmdir /etc/netns/web', 'host etc'],
    ] as const) {
      const was = await quiet()
      host.run(change.split(' '))
      expect(stateOf(host)[part], change).not.toEqual(was[part])
      host.run(back.split(' '))
      await vi.waitFor(() => expect(stateOf(host), back).toEqual(was), { timeout: 10_000, interval: 200 })
    }
  })
}
