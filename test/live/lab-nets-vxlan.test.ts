/** A network between two hosts, on the real kernel. */
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stateOf, type HostState } from '../support/host-state.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { labOn, type LabRunner } from '../support/lab-runner.ts'
import { network, node, on } from '../support/lab-wishes.ts'
import { requires } from '../support/requires.ts'

/** 198.51.100.1 and .2, 2001:db8::1 and ::2, by one veth. */
async function twoHosts(): Promise<readonly [TestHost, TestHost]> {
  const [one, two] = [await playHost('vm01'), await playHost('vm02')]
  // By the pid that the other host has on the machine: only from there it can be reached.
  const argv = [
    '-t',
    String(one.pid),
    '-n',
    'ip',
    'link',
    'add',
    'wan',
    'type',
    'veth',
    'peer',
    'name',
    'wan',
  ]
  const made = spawnSync('nsenter', [...argv, 'netns', String(two.pid)], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(made.stderr)
  for (const [at, host] of [one, two].entries()) {
    host.ip(
      'link set wan addrgenmode none',
      `addr add 198.51.100.${at + 1}/24 dev wan`,
      `addr add 2001:db8::${at + 1}/64 dev wan nodad`,
      'link set wan up',
    )
  }
  return [one, two]
}

describe.runIf(requires({ root: true, tools: ['ip', 'bridge', 'nft', 'ping', 'python3'] }))(
  'driver vxlan',
  () => {
    let hosts: readonly [TestHost, TestHost]
    let labs: readonly [LabRunner, LabRunner]
    let before: readonly HostState[]
    beforeAll(async () => {
      hosts = await twoHosts()
      labs = await Promise.all([labOn(hosts[0]), labOn(hosts[1])])
      before = hosts.map(stateOf)
    }, 60_000)
    afterAll(async () => {
      await Promise.all(hosts.map(async (host) => host.end()))
    })

    const ping = (at: 0 | 1, to: string, ...more: readonly string[]) =>
      hosts[at].try(['ip', 'netns', 'exec', `node${at}`, 'ping', '-c1', '-W3', ...more, to])

    const overlay = (at: 0 | 1, underlay: string) =>
      network('ov', {
        driver: 'vxlan',
        vni: 42,
        local: `${underlay}${at + 1}`,
        remotes: [`${underlay}${2 - at}`],
        ipv6: true,
        subnets: ['10.9.0.0/24', 'fd00:9::/64'],
        gateways: [`10.9.0.${at + 1}`, `fd00:9::${at + 1}`],
        ipRanges: [`10.9.0.${64 + 64 * at}/26`, `fd00:9::${at + 1}:0/112`],
      })

    test.each([
      ['198.51.100.', 1450, 28],
      ['2001:db8::', 1430, 28],
    ])(
      'over %s: nodes of both hosts reach each other, with packets as large as the MTU',
      async (underlay, mtu, headers) => {
        for (const at of [0, 1] as const) {
          await labs[at].change(overlay(at, underlay))
          await labs[at].change(node(`node${at}`, [on('ov')]))
        }
        for (const at of [0, 1] as const) {
          expect(hosts[at].run(['ip', '-d', 'link', 'show', 'vx-42'])).toMatch(
            new RegExp(`mtu ${mtu} .*master ov .*dstport 4789 nolearning.*alias vethscope:ov`, 's'),
          )
          expect(hosts[at].run(['ip', '-6', 'addr', 'show', 'dev', 'vx-42'])).toBe('')
        }
        const [far, far6] = ['10.9.0.128', 'fd00:9::2:0']
        const address = hosts[1].run(['ip', '-n', 'node1', '-o', 'addr', 'show', 'dev', 'eth0'])
        expect(address).toContain(far)
        expect(ping(0, far).code).toBe(0)
        expect(ping(0, far, '-M', 'do', '-s', String(mtu - headers)).code).toBe(0)
        expect(ping(0, far, '-M', 'do', '-s', String(mtu - headers + 1)).code).not.toBe(0)
        expect(address).toContain(far6)
        expect(ping(0, far6).code).toBe(0)
        // The gateway of the other host is a neighbour, too.
        expect(ping(0, '10.9.0.2').code).toBe(0)
        await labs[0].change({ kind: 'node-rm', name: 'node0' })
        await labs[1].change({ kind: 'node-rm', name: 'node1' })
        const made = stateOf(hosts[0])
        await Promise.all(labs.map(async (lab) => lab.change({ kind: 'net-rm', name: 'ov' })))
        expect(hosts.map(stateOf)).toEqual(before)
        await labs[0].undo()
        expect(stateOf(hosts[0])).toEqual(made)
        await labs[0].change({ kind: 'net-rm', name: 'ov' })
      },
      60_000,
    )

    test('several remotes each get what is sent to everybody', async () => {
      const remotes = ['198.51.100.2', '198.51.100.3', '198.51.100.4']
      await labs[0].change(network('ov', { driver: 'vxlan', vni: 7, local: '198.51.100.1', remotes }))
      const fdb = hosts[0].run(['bridge', 'fdb', 'show', 'dev', 'vx-7'])
      for (const remote of remotes) expect(fdb).toContain(`00:00:00:00:00:00 dst ${remote} self permanent`)
      await labs[0].change({ kind: 'net-rm', name: 'ov' })
      expect(stateOf(hosts[0])).toEqual(before[0])
    })

    test('where another program has the port the kernel refuses, and all that was made is taken back', async () => {
      const listener =
        "import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 4789)); print('ready', flush=True); time.sleep(999)"
      await hosts[0].start(['python3', '-c', listener])
      const wish = network('ov', {
        driver: 'vxlan',
        vni: 7,
        local: '198.51.100.1',
        remotes: ['198.51.100.2'],
      })
      await expect(labs[0].change(wish)).rejects.toThrow(/Address already in use/)
      expect(stateOf(hosts[0])).toEqual(before[0])
    })
  },
)
