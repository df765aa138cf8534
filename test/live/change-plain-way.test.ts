/** The way of every article about namespaces, as plans; what a plan refuses; and what cannot be brought back. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Intent } from '../../src/model/intent.ts'
import type { Plan } from '../../src/model/plan.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { stateOf } from '../support/host-state.ts'
import { requires } from '../support/requires.ts'
import { back, forward, planned, readerOn, refusedWith, type Reader } from './support-plain.ts'

if (requires({ root: true, tools: ['ip', 'bridge', 'tc', 'sysctl', 'nsenter', 'ping'] })) {
  let host: TestHost
  let reader: Reader

  beforeAll(async () => {
    host = await playHost()
    reader = await readerOn(host)
  }, 30_000)

  afterAll(() => host.end())

  const way: readonly Intent[] = [
    { kind: 'netns-add', name: 'red' },
    { kind: 'netns-add', name: 'blue' },
    { kind: 'veth-add', netns: 'red', link: 'eth0', peerNetns: 'blue', peerLink: 'eth0', up: true },
    { kind: 'addr-add', netns: 'red', link: 'eth0', address: '10.9.0.1/24' },
    { kind: 'addr-add', netns: 'blue', link: 'eth0', address: '10.9.0.2/24' },
  ]

  test(
    'two namespaces, a veth pair, two addresses: they reach each other, and undone nothing is left',
    { timeout: 60_000 },
    async () => {
      const before = stateOf(host)
      const plans: Plan[] = []
      for (const intent of way) {
        const plan = planned(await reader.world(), intent)
        forward(host, plan)
        plans.push(plan)
      }
      host.run(['ip', 'netns', 'exec', 'red', 'ping', '-c1', '-W5', '10.9.0.2'])
      host.run(['ip', 'netns', 'exec', 'red', 'ping', '-c1', '-W5', '10.9.0.1'])
      expect(host.run(['ip', '-n', 'blue', 'link', 'show', 'eth0'])).toContain('alias vethscope')
      expect(refusedWith(await reader.world(), way[0]!)).toEqual([
        expect.stringMatching(/^netns red exists already \(ino:\d+\)$/),
      ])
      for (const plan of plans.toReversed()) back(host, plan)
      expect(stateOf(host)).toEqual(before)
    },
  )

  test(
    'a namespace goes with the pair that vethscope made in it, and comes back with all that was on both ends',
    { timeout: 60_000 },
    async () => {
      host.ip('netns add kept')
      host.run(['ip', 'netns', 'exec', 'kept', 'sysctl', '-q', '-w', 'net.ipv6.conf.default.accept_dad=0'])
      const pair: Intent = {
        kind: 'veth-add',
        netns: 'kept',
        link: 'eth0',
        peerNetns: 'host',
        peerLink: 'vk',
        up: true,
      }
      host.run(['sysctl', '-q', '-w', 'net.ipv6.conf.default.accept_dad=0'])
      forward(host, planned(await reader.world(), pair))
      host.ip('addr add 10.8.0.1/24 dev vk', 'route add 10.80.0.0/16 via 10.8.0.2')
      host.run(['ip', '-n', 'kept', '-batch', '-'], {
        input: `link set lo up
addr add 10.8.0.2/24 dev eth0
addr add fd08::2/64 dev eth0 nodad
route add default via 10.8.0.1
route add unreachable 10.81.0.0/16
rule add from 10.8.0.2 table 9 priority 700
neigh add 10.8.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
`,
      })
      host.run([
        'ip',
        'netns',
        'exec',
        'kept',
        'sysctl',
        '-q',
        '-w',
        'net.ipv4.ip_forward=1',
        'net.ipv4.ip_default_ttl=77',
      ])
      host.run(['ip', 'netns', 'exec', 'kept', 'sysctl', '-q', '-w', 'net.ipv4.conf.eth0.rp_filter=2'])
      const before = stateOf(host)
      const plan = planned(await reader.world(), { kind: 'netns-rm', name: 'kept' })
      expect(plan.notes).toEqual(['vk goes with it: its other end is in kept'])
      forward(host, plan)
      expect(host.try(['ip', 'link', 'show', 'vk']).code).not.toBe(0)
      back(host, plan)
      expect(stateOf(host)).toEqual(before)
      // Killed while it was taken back, and cleaned up: every command once more.
      back(host, plan)
      expect(stateOf(host)).toEqual(before)
    },
  )

  test(
    'a bridge without a MAC address of its own gets the one back that it had',
    { timeout: 60_000 },
    async () => {
      host.ip('link add auto type bridge', 'link add q0 type veth peer name q1')
      const address = (): string =>
        /link\/ether (\S+)/.exec(host.run(['ip', 'link', 'show', 'auto']))?.[1] ?? ''
      const before = address()
      const plan = planned(await reader.world(), {
        kind: 'link-attach',
        netns: 'host',
        link: 'q0',
        bridge: 'auto',
      })
      forward(host, plan)
      expect(address()).not.toBe(before)
      back(host, plan)
      expect(address()).toBe(before)
    },
  )

  test(
    'addresses come back in their order, also where a secondary one took the place of the first',
    { timeout: 60_000 },
    async () => {
      host.ip('link add o0 type veth peer name o1', 'link set o0 up', 'link set o1 up')
      host.run(['sysctl', '-q', '-w', 'net.ipv4.conf.o0.promote_secondaries=1'])
      host.ip(
        ...['10.4.0.1/24', '10.4.0.2/24', '10.4.0.3/24'].map((each) => `addr add ${each} dev o0`),
        ...['fd04::1/64', 'fd04::2/64', 'fd04::3/64'].map((each) => `addr add ${each} dev o0 nodad`),
        'route add 10.44.0.0/16 dev o0 src 10.4.0.2',
      )
      const now = (): string => host.run(['ip', 'addr', 'show', 'dev', 'o0']) + host.run(['ip', 'route'])
      // The link's own address is looked for twice before it is used.
      await vi.waitFor(() => expect(now()).not.toContain('tentative'), { timeout: 10_000 })
      const before = now()
      for (const intent of [
        { kind: 'addr-rm', netns: 'host', link: 'o0', address: '10.4.0.1/24' },
        { kind: 'link-rename', netns: 'host', link: 'o0', name: 'other' },
        { kind: 'link-down', netns: 'host', link: 'o0' },
      ] as const) {
        const plan = planned(await reader.world(), intent)
        forward(host, plan)
        back(host, plan)
        await vi.waitFor(() => expect(now()).toBe(before), { timeout: 10_000 })
      }
    },
  )

  test(
    'what the World does not hold makes a step irreversible, with the reason',
    { timeout: 60_000 },
    async () => {
      host.ip('link add r0 type veth peer name r1', 'link set r0 up', 'link set r1 up')
      host.ip('addr add 10.5.0.1/24 dev r0 valid_lft 3000 preferred_lft 2000')
      host.ip('route add 10.55.0.0/16 dev r0 proto dhcp')
      host.run(['tc', 'qdisc', 'add', 'dev', 'r1', 'clsact'])
      host.run([
        'tc',
        'filter',
        'add',
        'dev',
        'r1',
        'ingress',
        'protocol',
        'ip',
        'u32',
        'match',
        'u32',
        '0',
        '0',
      ])
      const undoOf = async (intent: Intent): Promise<string> => {
        const { undo } = planned(await reader.world(), intent).steps[0]!
        return 'irreversible' in undo ? undo.irreversible : ''
      }
      expect(await undoOf({ kind: 'link-down', netns: 'host', link: 'r0' })).toBe(
        'route 10.55.0.0/16 came from DHCP: only that can give it again',
      )
      expect(await undoOf({ kind: 'addr-rm', netns: 'host', link: 'r0', address: '10.5.0.1/24' })).toMatch(
        /^10\.5\.0\.1\/24 of r0 is a lease of \d+ s \(from DHCP or a router\): only who gave it can renew it; route/,
      )
      expect(await undoOf({ kind: 'link-rm', netns: 'host', link: 'r1' })).toContain(
        'link r1 has a tc filter (u32) whose rules were not read',
      )
    },
  )

  test('the 1,024th port of a bridge is refused', { timeout: 60_000 }, async () => {
    // Both ends of 511 pairs and one end more.
    const ends = Array.from({ length: 512 }, (_, at) => [`m${at}`, `n${at}`])
    host.ip(
      'link add many type bridge',
      ...ends.map(([one, other]) => `link add ${one} type veth peer name ${other}`),
      ...ends
        .flat()
        .slice(0, 1023)
        .map((name) => `link set ${name} master many`),
    )
    const world = await reader.world()
    const attach: Intent = { kind: 'link-attach', netns: 'host', link: 'n511', bridge: 'many' }
    expect(refusedWith(world, attach)).toEqual(['bridge many in host has 1023 ports: more are not possible'])
    expect(host.try(['ip', 'link', 'set', 'n511', 'master', 'many']).code).not.toBe(0)
    host.ip('link set m0 nomaster')
    expect(refusedWith(await reader.world(), attach)).toEqual([])
  })
}
