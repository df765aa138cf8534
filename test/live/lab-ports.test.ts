/** docs/lab-ports.md, row by row, on a host with iptables: bridged packets filtered or not. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stateOf } from '../support/host-state.ts'
import type { TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { answers, change, removal, serve } from './support-lab.ts'
import { documented, hostWithOutside, outcomes, portsLab, rows, tryTheWayOut } from './support-lab-ports.ts'

const tools = ['ip', 'nft', 'iptables', 'python3', 'conntrack', 'sysctl']

test('the table is there', () => {
  expect(rows.length).toBe(12)
})

describe.runIf(requires({ root: true, tools }))('published ports on a host with iptables', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await hostWithOutside()
  })
  afterEach(async () => host.end())

  test('nothing drops', { timeout: 120_000 }, async () => {
    await change(host, ...portsLab())
    await serve(host, 'web', [80])
    tryTheWayOut(host)
    expect(host.run(['iptables-save'])).not.toContain('vethscope')
    expect(outcomes(host)).toEqual(documented)
  })

  test('the policy of FORWARD drops, and removal leaves nothing', { timeout: 120_000 }, async () => {
    host.run(['iptables', '-P', 'FORWARD', 'DROP'])
    const before = stateOf(host)
    await change(host, ...portsLab())
    const end = await serve(host, 'web', [80])
    tryTheWayOut(host)
    expect(outcomes(host)).toEqual(documented)
    await end()
    await change(host, ...removal(portsLab()))
    expect(stateOf(host)).toEqual(before)
  })

  test('what passes through, and what is the host’s alone', { timeout: 120_000 }, async () => {
    await change(host, ...portsLab())
    await serve(host, 'web', [80])
    await serve(host, 'beyond', [8080])
    await serve(host, 'host', [9090], '127.0.0.1')
    const own = { from: 'host', to: '127.0.0.1', port: 9090 }
    for (const protocol of ['tcp', 'udp'] as const) {
      expect(
        answers(host, [
          // Through the host to the same port of somebody else.
          { from: 'outside', to: '203.0.113.9', port: 8080, protocol },
          { from: 'other', to: '203.0.113.9', port: 8080, protocol },
          { from: 'web', to: '203.0.113.9', port: 8080, protocol },
          own,
        ]),
      ).toEqual(['198.51.100.9', '203.0.113.1', '203.0.113.1', '127.0.0.1'])
    }
    // By a route of its own a node gets packets for 127.0.0.1 onto the wire.
    host.run(['nsenter', '--net=/run/netns/web', 'sh', '-c', throughGateway])
    expect(answers(host, [{ from: 'web', to: '127.0.0.1', port: 9090 }])).toEqual([null])
    // It is our drop that stops them.
    host.run(['nft', 'flush', 'chain', 'ip', 'vethscope', 'raw'])
    expect(answers(host, [{ from: 'web', to: '127.0.0.1', port: 9090 }])).toEqual(['172.20.0.2'])
  })
})

const throughGateway = `
sysctl -qw net.ipv4.conf.eth0.route_localnet=1 net.ipv4.conf.all.route_localnet=1
ip addr del 127.0.0.1/8 dev lo
ip rule add pref 1 to 127.0.0.1 lookup 7
ip rule del pref 0
ip rule add pref 5 lookup local
ip route add 127.0.0.1 via 172.20.0.1 src 172.20.0.2 table 7
`
