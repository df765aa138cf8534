/** A lab beside bridges of others, on a host whose way out is a bridge itself, as on hosts of virtual machines. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stateOf } from '../support/host-state.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { addOutside, answers, change, node, removal, serve } from './support-lab.ts'
import { network as create } from '../support/lab-wishes.ts'

const tools = ['ip', 'nft', 'iptables', 'python3', 'conntrack', 'sysctl']
const out = '198.51.100.9'

describe.runIf(requires({ root: true, tools }))('a lab beside bridges of others', () => {
  let host: TestHost
  beforeEach(async () => {
    host = await playHost()
    await addOutside(host)
    host.run(['sysctl', '-qw', 'net.ipv4.ip_forward=1'])
    host.ip(
      'link add br0 type bridge',
      'addr flush dev up0',
      'link set up0 master br0',
      'link set br0 addrgenmode none',
      'link set br0 up',
      'addr add 198.51.100.1/24 dev br0',
      'route add default via 198.51.100.9',
    )
    addGuest(host, 'guest', 'virbr0', '192.168.122')
  })
  afterEach(async () => host.end())

  /** Who reaches whom: all that must, then all that must not. */
  async function outcomes(): Promise<unknown> {
    const ends = []
    for (const at of ['outside', 'web', 'other', 'guest']) ends.push(await serve(host, at, [80]))
    const seen = answers(host, [
      { from: 'web', to: out, port: 80 },
      { from: 'outside', to: '198.51.100.1', port: 8080 },
      { from: 'guest', to: '198.51.100.1', port: 8080 },
      { from: 'web', to: '198.51.100.1', port: 9090 },
      { from: 'guest', to: '172.20.0.2', port: 80 },
      { from: 'web', to: '192.168.122.2', port: 80 },
      { from: 'web', to: '172.21.0.2', port: 80 },
    ])
    for (const end of ends) await end()
    return seen
  }
  const kept = [
    '198.51.100.1',
    '198.51.100.9',
    '192.168.122.2',
    '192.168.122.1',
    // Never without being published.
    null,
    null,
    null,
  ]
  const intents = [
    create('a', { subnets: ['172.20.0.0/24'] }),
    create('b', { subnets: ['172.21.0.0/24'] }),
    node('web', 'a', { ports: ['8080:80'] }),
    node('other', 'b'),
  ]

  test(
    'apart from them and from those that come later, and nothing is left',
    { timeout: 120_000 },
    async () => {
      publishGuest(host)
      const before = stateOf(host)
      await change(host, ...intents)
      expect(await outcomes()).toEqual(kept)
      addGuest(host, 'late', 'virbr1', '192.168.123')
      const end = await serve(host, 'web', [80])
      expect(
        answers(host, [
          { from: 'late', to: '198.51.100.1', port: 8080 },
          { from: 'late', to: '172.20.0.2', port: 80 },
        ]),
      ).toEqual(['192.168.123.2', null])
      await end()
      host.ip('link del virbr1', 'netns del late')
      await change(host, ...removal(intents))
      expect(stateOf(host)).toEqual(before)
    },
  )

  test('the same without nft', { timeout: 120_000 }, async () => {
    publishGuest(host)
    host.run(['mount', '--bind', '/dev/null', '/usr/sbin/nft'])
    const [told] = await change(host, ...intents)
    expect(told?.notes).toContainEqual(expect.stringContaining('bridges of others that come later'))
    expect(await outcomes()).toEqual(kept)
    await change(host, ...removal(intents))
    expect(host.run(['iptables-save'])).not.toContain('vethscope')
  })
})

/** A namespace on a bridge of its own. */
function addGuest(host: TestHost, name: string, bridge: string, prefix: string): void {
  host.ip(
    `netns add ${name}`,
    `link add ${bridge} type bridge`,
    `addr add ${prefix}.1/24 dev ${bridge}`,
    `link add v-${name} type veth peer name eth0 netns ${name}`,
    `link set v-${name} master ${bridge}`,
    // An address that comes by itself, and late, would be a difference.
    `link set v-${name} addrgenmode none`,
    `link set ${bridge} addrgenmode none`,
    `link set v-${name} up`,
    `link set ${bridge} up`,
  )
  host.run(['ip', '-n', name, '-batch', '-'], {
    input: `addr add ${prefix}.2/24 dev eth0\nlink set eth0 addrgenmode none\nlink set eth0 up\nroute add default via ${prefix}.1\n`,
  })
}

function publishGuest(host: TestHost): void {
  const rule = ['PREROUTING', '-d', '198.51.100.1', '-p', 'tcp', '--dport', '9090', '-j', 'DNAT']
  host.run(['iptables', '-t', 'nat', '-A', ...rule, '--to-destination', '192.168.122.2:80'])
}
