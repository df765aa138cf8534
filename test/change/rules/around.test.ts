import { describe, expect, test } from 'vitest'
import { ruleSteps } from '../../../src/change/rules/rule-steps.ts'
import type { Lab } from '../../../src/model/lab.ts'
import type { Step } from '../../../src/model/plan.ts'
import type { Link } from '../../../src/model/link.ts'
import type { NfTable } from '../../../src/model/ruleset.ts'
import type { World } from '../../../src/model/world.ts'
import { chain, iptables, nftTable } from '../../support/ruleset.ts'
import { address, link, loopback, route } from '../../support/world.ts'
import { context, hostWorld, lab, network, node, noLab, port } from './support-rules.ts'

const bridge = (ifindex: number, name: string): Link => link('bridge', { ifindex, name, bridge: {} as never })
const eth0 = link('device', { ifindex: 2, name: 'eth0' })
const [docker0, br0] = [bridge(3, 'docker0'), bridge(4, 'br0')]
const subnet = (text: string) => ({ subnets: [{ subnet: text, gateway: null, ipRange: null }] })
const [a, b] = [network('a'), network('b', subnet('172.21.0.0/24'))]

function worldOf(links: readonly Link[], more: { tables?: readonly NfTable[]; out?: number } = {}): World {
  return hostWorld({
    tables: more.tables ?? [],
    more: {
      links: [loopback(), ...links],
      addresses: [address(more.out ?? 2, '192.0.2.1/24'), address(3, '172.17.0.1/16')],
      routes: [route({ dst: 'default', gateway: '192.0.2.254', oif: more.out ?? 2 })],
    },
  })
}

function stepsOf(on: World, before: Lab, after: Lab, tools = context.tools) {
  const planned = ruleSteps(on, before, after, { ...context, tools })
  if (!planned.ok) throw new Error(planned.refusals.map(({ what }) => what).join())
  return planned.value
}

const inputs = (steps: readonly Step[]): string => steps.map(({ command }) => command.input ?? '').join('')

/** Rules of the guard, without their comment, that isolate. */
function guard(on: World, before: Lab, after: Lab): readonly string[] {
  const { first, last } = stepsOf(on, before, after)
  return inputs([...first, ...last])
    .split('\n')
    .filter((line) => line.includes(':isolation"'))
    .map((line) => line.trim().replace(/ comment .*$/, ''))
}

describe('a lab is apart from the bridges of others', () => {
  test('by the kind of the link; what is published there may be reached', () => {
    expect(guard(worldOf([eth0, docker0]), noLab, lab([a]))).toEqual([
      'iifname "a" meta oifkind "bridge" oifname != { "a", "eth0" } ct status dnat accept',
      'iifname "a" meta oifkind "bridge" oifname != { "a", "eth0" } counter drop',
      'oifname "a" meta iifkind "bridge" iifname != { "a", "eth0" } counter drop',
    ])
  })

  test('what a node publishes is let in before', () => {
    const table = inputs(
      stepsOf(worldOf([eth0, docker0]), lab([a]), lab([a], [node('web', 'a', '172.20.0.2/24', [port])]))
        .first,
    )
    expect(table.indexOf('oifname "a" ct status dnat ip daddr 172.20.0.2 tcp dport 80 accept')).toBeLessThan(
      table.indexOf('oifname "a" meta iifkind "bridge"'),
    )
    expect(table).toContain('oifname "a" ct status dnat ip daddr 172.20.0.2 tcp dport 80 accept')
  })

  test('a bridge with the default route is a way out, and one with a wire as well', () => {
    const wire = link('device', { ifindex: 5, name: 'eth1', master: 6 })
    const links = [
      link('device', { ifindex: 2, name: 'eth0', master: 4 }),
      br0,
      docker0,
      wire,
      bridge(6, 'br1'),
    ]
    expect(guard(worldOf(links, { out: 4 }), noLab, lab([a]))[1]).toBe(
      'iifname "a" meta oifkind "bridge" oifname != { "a", "br0", "br1" } counter drop',
    )
  })

  test('a network on the bridge of the default route cuts nobody off', () => {
    const on = worldOf([eth0, br0], { out: 4 })
    const both = lab([a, network('b', { ...subnet('192.0.2.0/24'), bridge: 'br0', ownsBridge: false })])
    expect(guard(on, lab([a]), both)).toEqual([
      'iifname "a" meta oifkind "bridge" oifname != { "a", "br0" } ct status dnat accept',
      'iifname "a" meta oifkind "bridge" oifname != { "a", "br0" } counter drop',
      'oifname "a" meta iifkind "bridge" iifname != { "a", "br0" } counter drop',
    ])
    const table = inputs(stepsOf(on, lab([a]), both).first)
    expect(table).toContain('ip saddr 172.20.0.0/24 oifname != "a" masquerade')
    expect(table).toContain('ip saddr 192.0.2.0/24 oifname != { "a", "br0" } masquerade')
  })

  test('an internal network has its own drops', () => {
    expect(guard(worldOf([eth0, docker0]), noLab, lab([network('a', { internal: true })]))).toEqual([])
  })

  test('of IPv6 only where the network has it', () => {
    const { first } = stepsOf(worldOf([eth0, docker0]), noLab, lab([a]))
    expect(first.map(({ title }) => title)).toEqual(['make nft table ip vethscope'])
  })
})

describe('what was made stays as it is', () => {
  const rule = (side: 'in' | 'out', ours: readonly string[], open: readonly string[]) => ({
    matches: [
      { kind: 'interface' as const, side, not: false, values: ours },
      {
        kind: 'interface' as const,
        side: side === 'in' ? ('out' as const) : ('in' as const),
        not: true,
        values: open,
      },
    ],
    statements: [{ kind: 'drop' as const }],
    comment: 'vethscope:isolation',
  })
  const hook = { type: 'filter', hook: 'forward', priority: -10, policy: 'accept' }
  const made = nftTable('ip', 'vethscope', [chain('guard', [rule('in', ['a'], ['a', 'vpn0'])], hook)])

  test('while networks are the same: another way out is no reason to change it', () => {
    const on = worldOf([eth0, docker0], { tables: [made] })
    expect(stepsOf(on, lab([a]), lab([a], [node('n', 'a', '172.20.0.2/24')])).first).toEqual([])
  })

  test('with another network it is made anew, and taken back as it was', () => {
    const on = worldOf([eth0, docker0], { tables: [made] })
    const [step] = stepsOf(on, lab([a]), lab([a, b])).first
    expect(step?.command.input).toContain('oifname != { "a", "b", "eth0" } counter drop')
    const undo = step === undefined || 'irreversible' in step.undo ? '' : step.undo[0]?.input
    expect(undo).toContain('oifname != { "a", "vpn0" } counter drop')
  })
})

test('where the only network was on the way out, it stays so when the route is gone', () => {
  const table = nftTable('ip', 'vethscope', [])
  const on = lab([network('b', { ...subnet('192.0.2.0/24'), bridge: 'br0', ownsBridge: false })])
  const [step] = stepsOf(worldOf([eth0, br0], { tables: [table] }), on, lab([...on.networks, a])).first
  const undo = step === undefined || 'irreversible' in step.undo ? '' : step.undo[0]?.input
  expect(step?.command.input).toContain('isolation')
  expect(undo).toContain('masquerade')
  expect(undo).not.toContain('isolation')
})

describe('without nft', () => {
  const tools = new Set([...context.tools].filter((tool) => tool !== 'nft'))

  test('by the names of the bridges that are there, which is said', () => {
    const { first, notes } = stepsOf(worldOf([eth0, docker0, bridge(7, 'virbr0')]), noLab, lab([a]), tools)
    expect(
      inputs(first)
        .split('\n')
        .filter((line) => line.includes(':isolation')),
    ).toEqual(
      [
        '-i a -o docker0 -m conntrack --ctstate DNAT RETURN',
        '-i a -o virbr0 -m conntrack --ctstate DNAT RETURN',
        '-i a -o docker0 DROP',
        '-i a -o virbr0 DROP',
        '-o a -i docker0 DROP',
        '-o a -i virbr0 DROP',
      ].map((each) => {
        const [, matches = '', target = ''] = /^(.*) (\w+)$/.exec(each) ?? []
        return `-A VETHSCOPE-GUARD ${matches} -m comment --comment vethscope:isolation -j ${target}`
      }),
    )
    expect(notes).toContainEqual(expect.stringContaining('bridges of others that come later'))
  })

  test('what stands there is read back', () => {
    const mark = '-m comment --comment vethscope:isolation -j DROP'
    const rules = `-N VETHSCOPE-GUARD\n-A VETHSCOPE-GUARD -i a -o docker0 ${mark}\n-A VETHSCOPE-GUARD -i docker0 -o a ${mark}`
    const on = worldOf([eth0, docker0, bridge(7, 'later')], { tables: [iptables('mangle', rules)] })
    const { first } = stepsOf(on, lab([a]), lab([a, b]), tools)
    const [undo] = first.flatMap((step) => ('irreversible' in step.undo ? [] : step.undo))
    expect(first[0]?.command.input).toContain('-i b -o later')
    expect(undo?.input).toContain('-i a -o docker0')
    expect(undo?.input).not.toContain('later')
  })
})

test('the last network takes its tables away in the other order, so that undo makes them in the first', () => {
  const six = network('a', {
    ipv6: true,
    subnets: [...a.subnets, { subnet: 'fd00::/64', gateway: 'fd00::1', ipRange: null }],
  })
  const titles = (steps: readonly Step[]) => steps.map(({ title }) => title)
  expect(titles(stepsOf(worldOf([eth0]), noLab, lab([six])).first)).toEqual([
    'make nft table ip vethscope',
    'make nft table ip6 vethscope',
  ])
  expect(titles(stepsOf(worldOf([eth0]), lab([six]), noLab).last)).toEqual([
    'delete nft table ip6 vethscope',
    'delete nft table ip vethscope',
  ])
})
