/** What of a lab shows only in packets: IPv6, flows that are open already, internal networks, ranges, hosts that drop what comes in. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { requires } from '../support/requires.ts'
import { addOutside, answers, serve } from './support-lab.ts'

const tools = ['ip', 'nft', 'iptables', 'ip6tables', 'python3', 'conntrack', 'sysctl', 'ping']

/** Answers with its own name. */
const named = `
import socket, sys
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.bind(('0.0.0.0', 80))
print('ready', flush=True)
while True:
    _, who = one.recvfrom(99)
    one.sendto(sys.argv[1].encode(), who)
`
/** Always from the same port: one flow, however often it is asked. */
const asking = `
import socket
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.bind(('198.51.100.9', 5555))
one.connect(('198.51.100.1', 5353))
one.settimeout(1)
try:
    one.send(b'?')
    print(one.recv(99).decode(), end='')
except OSError:
    print('nobody', end='')
`

describe.runIf(requires({ root: true, tools }))('a lab and what comes from outside', () => {
  let host: TestHost
  let lab: LabRunner
  beforeAll(async () => {
    host = await playHost()
    await addOutside(host)
    lab = await labOn(host)
    const subnets = ['172.20.0.0/24', 'fd00:20::/64']
    await lab.change(network('a', { ipv6: true, subnets, ipRanges: ['172.20.0.64/26'] }))
    await lab.change(node('web', [on('a')]))
    await lab.change(node('next', [on('a')]))
  }, 60_000)
  afterAll(async () => host.end())

  const ping = (from: string, to: string) => host.try(['ip', 'netns', 'exec', from, 'ping', '-c1', '-W1', to])

  test('addresses come from --ip-range', () => {
    for (const name of ['web', 'next']) {
      const address = /inet (\S+)/.exec(host.run(['ip', '-n', name, 'addr', 'show', 'dev', 'eth0']))?.[1]
      expect(address).toMatch(/^172\.20\.0\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\/24$/)
    }
  })

  test('a port over IPv6 leads to the node, which sees who asks', async () => {
    await lab.change({ kind: 'net-publish', node: 'web', ports: ['8080:80'] })
    const end = await serve(host, 'web', [80])
    const ask = { from: 'outside', to: '2001:db8:1::1', port: 8080 }
    expect(answers(host, [ask])).toEqual(['2001:db8:1::9'])
    await lab.change({ kind: 'net-unpublish', node: 'web', ports: ['8080:80'] })
    expect(answers(host, [ask])).toEqual([null])
    await end()
  })

  test('a flow that is open goes where the port leads now, at once', async () => {
    const ports = ['5353:80/udp']
    const inside = (name: string) => ['nsenter', `--net=/run/netns/${name}`, 'python3', '-c']
    for (const name of ['web', 'next']) await host.start([...inside(name), named, name])
    const answer = () => host.run([...inside('outside'), asking])
    expect(answer()).toBe('nobody')
    await lab.change({ kind: 'net-publish', node: 'web', ports })
    expect(answer()).toBe('web')
    await lab.change({ kind: 'net-unpublish', node: 'web', ports })
    expect(answer()).toBe('nobody')
    await lab.change({ kind: 'net-publish', node: 'next', ports })
    expect(answer()).toBe('next')
    await lab.undo()
    expect(answer()).toBe('nobody')
  })

  test('from an internal network the gateway answers, and nothing beyond', async () => {
    await lab.change(network('b', { internal: true, subnets: ['172.22.0.0/24'] }))
    await lab.change(node('inner', [on('b')]))
    expect(ping('inner', '172.22.0.1').code).toBe(0)
    expect(ping('inner', '198.51.100.9').stderr).toMatch(/unreachable/i)
    // By a way that nobody gave it.
    host.run(['ip', '-n', 'inner', 'route', 'add', 'default', 'via', '172.22.0.1'])
    expect(ping('inner', '172.22.0.1').code).toBe(0)
    // Which knows the way back.
    expect(ping('inner', '203.0.113.9').code).not.toBe(0)
  })

  test('a bridge of somebody else keeps the route_localnet that it had', async () => {
    const value = () => host.run(['cat', '/proc/sys/net/ipv4/conf/br7/route_localnet']).trim()
    host.ip('link add br7 type bridge', 'link set br7 addrgenmode none', 'link set br7 up')
    host.run(['tee', '/proc/sys/net/ipv4/conf/br7/route_localnet'], { input: '1\n' })
    await lab.change(network('c', { bridge: 'br7', subnets: ['172.23.0.0/24'] }))
    await lab.change(node('third', [on('c')], { ports: ['7070:80'] }))
    await lab.change({ kind: 'net-unpublish', node: 'third', ports: ['7070:80'] })
    expect(value()).toBe('1')
    await lab.undo()
    await lab.change({ kind: 'node-rm', name: 'third' })
    await lab.change({ kind: 'net-rm', name: 'c' })
    expect(value()).toBe('1')
  })

  test('a vxlan network gets what its peer sends also where INPUT drops', async () => {
    host.run(['iptables', '-P', 'INPUT', 'DROP'])
    const remotes = ['198.51.100.9']
    const wish = { vni: 42, local: '198.51.100.1', remotes, subnets: ['172.24.0.0/24'], mtu: 1400 }
    await lab.change(network('ov', { driver: 'vxlan', parent: 'up0', ...wish }))
    await lab.change(node('far', [on('ov', { ip: '172.24.0.7' })]))
    const peer = 'type vxlan id 42 local 198.51.100.9 remote 198.51.100.1 dstport 4789'
    const outside = ['ip', '-n', 'outside']
    host.run([...outside, 'link', 'add', 'vx', 'mtu', '1400', ...peer.split(' ')])
    host.run([...outside, 'addr', 'add', '172.24.0.9/24', 'dev', 'vx'])
    host.run([...outside, 'link', 'set', 'vx', 'up'])
    await vi.waitFor(() => expect(ping('outside', '172.24.0.7').code).toBe(0), 5000)
    // It is our rule that lets it in.
    expect(host.run(['iptables', '-S', 'INPUT'])).toMatch(/--dport 4789 .*vethscope/)
    host.run(['iptables', '-F', 'INPUT'])
    expect(ping('outside', '172.24.0.7').code).not.toBe(0)
  })
})
