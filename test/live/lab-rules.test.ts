/** What the rules of a lab let through and what not, on the real kernel; and that nothing of them is left. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Intent } from '../../src/model/intent.ts'
import { stateOf } from '../support/host-state.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { addOutside, answers, change, node, removal, serve } from './support-lab.ts'
import { network as create } from '../support/lab-wishes.ts'

const tools = ['ip', 'nft', 'iptables', 'python3', 'conntrack', 'sysctl']
const out = '198.51.100.9'

function filterBridged(host: TestHost, value: '0' | '1'): void {
  for (const name of ['iptables', 'ip6tables'])
    host.run(['sysctl', '-qw', `net.bridge.bridge-nf-call-${name}=${value}`])
}

function forwarding(host: TestHost): string {
  return host.run(['sysctl', '-n', 'net.ipv4.ip_forward']).trim()
}

describe.runIf(requires({ root: true, tools }))('rules of a lab', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await playHost()
    await addOutside(host)
  })
  afterEach(async () => host.end())

  test(
    'nodes go out with the host’s address, what is internal does not, networks are apart',
    { timeout: 120_000 },
    async () => {
      const before = stateOf(host)
      const intents = [
        create('a', { subnets: ['172.20.0.0/24', 'fd00:20::/64'], ipv6: true }),
        create('b', { subnets: ['172.21.0.0/24'] }),
        create('c', { subnets: ['172.22.0.0/24'], internal: true }),
        create('d', { subnets: ['172.23.0.0/24'], masquerade: false }),
        node('n1', 'a'),
        node('n2', 'a'),
        node('other', 'b'),
        node('inner', 'c'),
        node('inner2', 'c'),
        node('plain', 'd'),
      ]
      await change(host, ...intents)
      const ends = []
      for (const at of ['outside', 'n1', 'inner2', 'beyond']) ends.push(await serve(host, at, [80]))
      // They try the way out although they were given none; and outside knows the way in.
      host.run(['ip', '-n', 'inner', 'route', 'add', 'default', 'via', '172.22.0.1'])
      for (const subnet of ['172.20.0.0/24', '172.22.0.0/24', '172.23.0.0/24'])
        host.run(['ip', '-n', 'outside', 'route', 'add', subnet, 'via', '198.51.100.1'])
      const seen = (value: '0' | '1') => {
        filterBridged(host, value)
        return answers(host, [
          { from: 'n1', to: out, port: 80 },
          { from: 'n1', to: out, port: 80, protocol: 'udp' },
          { from: 'n1', to: '2001:db8:1::9', port: 80 },
          { from: 'n2', to: '172.20.0.2', port: 80 },
          { from: 'n2', to: 'fd00:20::2', port: 80 },
          { from: 'plain', to: out, port: 80 },
          { from: 'other', to: '172.20.0.2', port: 80 },
          { from: 'inner', to: out, port: 80 },
          { from: 'inner', to: '172.20.0.2', port: 80 },
          { from: 'inner', to: '172.22.0.3', port: 80 },
          { from: 'outside', to: '172.22.0.3', port: 80 },
          // Forwarding was off: between links that were there it still is.
          { from: 'outside', to: '203.0.113.9', port: 80 },
        ])
      }
      const expected = [
        '198.51.100.1',
        '198.51.100.1',
        '2001:db8:1::1',
        '172.20.0.3',
        'fd00:20::3',
        '172.23.0.2',
        null,
        null,
        null,
        '172.22.0.2',
        null,
        null,
      ]
      expect(seen('0')).toEqual(expected)
      expect(seen('1')).toEqual(expected)
      for (const end of ends) await end()
      for (const subnet of ['172.20.0.0/24', '172.22.0.0/24', '172.23.0.0/24'])
        host.run(['ip', '-n', 'outside', 'route', 'del', subnet])
      await change(host, ...removal(intents))
      expect(stateOf(host)).toEqual(before)
    },
  )

  test('with --icc=false nodes do not reach one another, but by --link', { timeout: 120_000 }, async () => {
    const before = stateOf(host)
    const intents: readonly Intent[] = [
      create('a', { subnets: ['172.20.0.0/24'], icc: false }),
      node('n1', 'a'),
      node('n2', 'a'),
      node('n3', 'a', { links: ['n1'] }),
    ]
    await change(host, ...intents)
    const ends = []
    for (const at of ['n1', 'n2', 'n3', 'outside']) ends.push(await serve(host, at, [80]))
    // Around the isolation of the ports, through the gateway.
    host.run(['ip', '-n', 'n2', 'route', 'add', '172.20.0.2/32', 'via', '172.20.0.1'])
    host.run(['ip', '-n', 'n1', 'route', 'add', '172.20.0.3/32', 'via', '172.20.0.1'])
    for (const value of ['0', '1'] as const) {
      filterBridged(host, value)
      expect(
        answers(host, [
          { from: 'n1', to: '172.20.0.3', port: 80 },
          { from: 'n2', to: '172.20.0.2', port: 80 },
          { from: 'n2', to: '172.20.0.4', port: 80 },
          { from: 'n1', to: '172.20.0.4', port: 80 },
          { from: 'n3', to: '172.20.0.2', port: 80 },
          { from: 'n3', to: '172.20.0.2', port: 80, protocol: 'udp' },
          { from: 'n3', to: '172.20.0.3', port: 80 },
          { from: 'n1', to: out, port: 80 },
        ]),
      ).toEqual([null, null, null, null, '172.20.0.4', '172.20.0.4', null, '198.51.100.1'])
    }
    for (const end of ends) await end()
    await change(host, ...removal(intents))
    expect(stateOf(host)).toEqual(before)
  })

  test('forwarding stays where somebody else came to need it', { timeout: 120_000 }, async () => {
    host.run(['sysctl', '-qw', 'net.ipv4.conf.up1.forwarding=1'])
    const before = stateOf(host)
    const network = create('a', { subnets: ['172.20.0.0/24'] })
    await change(host, network)
    expect(forwarding(host)).toBe('1')
    await change(host, ...removal([network]))
    expect(stateOf(host)).toEqual(before)
    await change(host, network)
    host.ip('link add theirs type bridge', 'addr add 10.9.0.1/24 dev theirs')
    const [told] = await change(host, ...removal([network]))
    expect(told?.notes).toEqual([
      "forwarding of IPv4 stays on, because bridge theirs, which is not the lab's, may need it; the host now forwards between up0 and up1 too, unless rules forbid it (iptables -P FORWARD DROP)",
    ])
    expect(forwarding(host)).toBe('1')
    expect(host.run(['nft', 'list', 'tables'])).toBe('')
    // The same by undo.
    host.run(['sysctl', '-qw', 'net.ipv4.ip_forward=0'])
    await change(host, network)
    host.ip('link add theirs2 type bridge', 'addr add 10.9.1.1/24 dev theirs2')
    const [undone] = await change(host, 'undo')
    expect(undone?.notes.join()).toContain('bridge theirs2, which is not the lab')
    expect(forwarding(host)).toBe('1')
    expect(host.run(['nft', 'list', 'tables'])).toBe('')
  })
})
