import { describe, expect, test } from 'vitest'
import { ruleSteps } from '../../../src/change/rules/rule-steps.ts'
import type { Lab } from '../../../src/model/lab.ts'
import type { Step } from '../../../src/model/plan.ts'
import type { World } from '../../../src/model/world.ts'
import { chain, firewall, iptables, nftTable } from '../../support/ruleset.ts'
import { address, link, loopback, route } from '../../support/world.ts'
import { context, hostWorld, lab, network, node, noLab, port } from './support-rules.ts'

const text = ({ command }: Step): string => command.argv.join(' ')
const undone = ({ undo }: Step): readonly string[] =>
  'irreversible' in undo ? [undo.irreversible] : undo.map(({ argv }) => argv.join(' '))

function stepsOf(on: World, before: Lab, after: Lab, tools = context.tools) {
  const planned = ruleSteps(on, before, after, { ...context, tools })
  if (!planned.ok)
    return { first: [], last: [], notes: [], refusals: planned.refusals.map(({ what }) => what) }
  return { ...planned.value, refusals: [] }
}

const a = lab([network('a')])
const withPort = lab([network('a')], [node('web', 'a', '172.20.0.2/24', [port])])

/** iptables' filter table with that policy at FORWARD. */
function filter(rules: string, policy = 'DROP') {
  const table = iptables('filter', rules)
  return {
    ...table,
    chains: table.chains.map((each) => (each.name === 'FORWARD' ? { ...each, policy } : each)),
  }
}

const accepted = [
  'iptables -w -t filter -I CHAIN -i a -o eth0 -m comment --comment vethscope:a:out:eth0 -j ACCEPT',
  'iptables -w -t filter -I CHAIN -i a -o a -m comment --comment vethscope:a:self -j ACCEPT',
  'iptables -w -t filter -I CHAIN -o a -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment vethscope:a:back -j ACCEPT',
]

describe('accepts', () => {
  const inserted = (on: World): readonly string[] =>
    stepsOf(on, noLab, a)
      .first.map(text)
      .filter((each) => each.includes('tables'))

  test('nothing drops: nothing', () => {
    expect(inserted(hostWorld({ tables: [filter('-P FORWARD', 'ACCEPT')] }))).toEqual([])
  })

  test('the policy of FORWARD drops: there', () => {
    const wanted = accepted.map((each) => each.replace('CHAIN', 'FORWARD'))
    expect(inserted(hostWorld({ tables: [filter('-P FORWARD')] }))).toEqual(wanted)
  })

  test('a chain of ufw rejects', () => {
    const rules = '-A FORWARD -j ufw-reject\n-A ufw-reject -m conntrack --ctstate NEW -j REJECT'
    const wanted = accepted.slice(0, 2).map((each) => each.replace('CHAIN', 'FORWARD'))
    expect(inserted(hostWorld({ tables: [filter(rules, 'ACCEPT')] }))).toEqual(wanted)
  })

  test('an engine of Docker: at the head of DOCKER-USER', () => {
    const rules = '-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -j RETURN'
    const wanted = accepted.map((each) => each.replace('CHAIN', 'DOCKER-USER'))
    expect(inserted(hostWorld({ tables: [filter(rules)] }))).toEqual(wanted)
  })

  test('rules that ask for more than what is usual are about others', () => {
    const rules =
      '-A FORWARD -p tcp --dport 25 -j DROP\n-A FORWARD -d 10.0.0.0/8 -j DROP\n-A FORWARD --mystery -j DROP'
    expect(inserted(hostWorld({ tables: [filter(rules, 'ACCEPT')] }))).toEqual([])
  })

  test('a published port', () => {
    const steps = stepsOf(hostWorld({ tables: [filter('-P FORWARD')] }), a, withPort).first.map(text)
    expect(steps).toContain(
      'iptables -w -t filter -I FORWARD -o a -d 172.20.0.2 -p tcp --dport 80 -m conntrack --ctstate DNAT -m comment --comment vethscope:a:port:172.20.0.2>80/tcp -j ACCEPT',
    )
  })

  test('firewalld: the bridge in a zone', () => {
    const forward = chain('filter_FORWARD', [], {
      type: 'filter',
      hook: 'forward',
      priority: 10,
      policy: 'drop',
    })
    const on = hostWorld({ tables: [nftTable('inet', 'firewalld', [forward])] })
    expect(stepsOf(on, noLab, a).refusals).toEqual([
      'firewalld would drop what nodes of a send, and firewall-cmd, which puts a into a zone, is not installed',
    ])
    const zone = stepsOf(on, noLab, a, new Set([...context.tools, 'firewall-cmd'])).first.at(-1)
    expect(zone === undefined ? null : [text(zone), ...undone(zone)]).toEqual([
      'firewall-cmd -q --zone=trusted --add-interface=a',
      'firewall-cmd -q --zone=trusted --remove-interface=a',
    ])
  })

  test('another nft table: refused, naming table, chain and rule, unless it was asked for', () => {
    const transit = chain(
      'transit',
      [
        {
          statements: [{ kind: 'accept' }],
          matches: [{ kind: 'interface', side: 'in', not: false, values: ['wg0'] }],
        },
        { statements: [{ kind: 'drop' }] },
      ],
      {
        type: 'filter',
        hook: 'forward',
        priority: 0,
        policy: 'accept',
      },
    )
    const on = hostWorld({ tables: [nftTable('inet', 'fw', [transit])] })
    expect(stepsOf(on, noLab, a).refusals).toEqual([
      'rule 2 of chain transit (table inet fw) would drop what nodes of a send out by eth0, and an accept in another table cannot help',
    ])
    const asked = stepsOf(on, noLab, lab([network('a', { acceptInForeign: true })]))
    expect(
      asked.first.map(({ command }) => command.input).filter((each) => each?.startsWith('insert')),
    ).toEqual([
      'insert rule inet fw transit iifname "a" oifname "eth0" accept comment "vethscope:a:out:eth0"\n',
      'insert rule inet fw transit iifname "a" oifname "a" accept comment "vethscope:a:self"\n',
      'insert rule inet fw transit oifname "a" ct state established,related accept comment "vethscope:a:back"\n',
    ])
  })

  test('with the network its accepts go, and only its own', () => {
    const marked = (name: string) =>
      `-A FORWARD -i ${name} -o eth0 -m comment --comment vethscope:${name}:out:eth0 -j ACCEPT`
    const on = hostWorld({ tables: [filter(`${marked('a')}\n${marked('b')}`)] })
    const b = network('b', { subnets: [{ subnet: '172.21.0.0/24', gateway: '172.21.0.1', ipRange: null }] })
    const gone = stepsOf(on, lab([network('a'), b]), lab([b])).last.filter((each) =>
      text(each).startsWith('iptables'),
    )
    expect(gone.map(text)).toEqual([
      'iptables -w -t filter -D FORWARD -i a -o eth0 -m comment --comment vethscope:a:out:eth0 -j ACCEPT',
    ])
  })

  test('peers of a vxlan, where INPUT drops', () => {
    const table = iptables('filter', '-P INPUT')
    const on = hostWorld({
      tables: [{ ...table, chains: table.chains.map((each) => ({ ...each, policy: 'DROP' })) }],
    })
    const vxlan = { link: 'vx', vni: 42, local: '192.0.2.1', remotes: ['192.0.2.7'], dstport: 4789 }
    const steps = stepsOf(on, noLab, lab([network('o', { driver: 'vxlan', vxlan })])).first.map(text)
    expect(steps.filter((each) => each.includes('INPUT'))).toEqual([
      'iptables -w -t filter -I INPUT -s 192.0.2.7 -p udp --dport 4789 -m comment --comment vethscope:o:peer:192.0.2.7>4789 -j ACCEPT',
    ])
  })

  test('rules that could not be read are a reason to refuse', () => {
    const unread = [
      { backend: 'nft' as const, family: null, table: null, unknown: 'nft is not installed', hint: null },
    ]
    expect(stepsOf(hostWorld({ more: { firewall: firewall([], { unread }) } }), noLab, a).refusals).toEqual([
      'rules of the host could not be read: nft is not installed',
    ])
  })
})

describe('forwarding', () => {
  const inet = (forwarding: number) => ({ forwarding }) as never
  const off = { 'ipv4.conf.all.forwarding': '0', 'ipv4.conf.default.forwarding': '0' }

  test('on where it is off, each link’s own value is put back', () => {
    const links = [
      loopback(),
      link('device', { ifindex: 2, name: 'eth0', inet: inet(0) }),
      link('device', { ifindex: 3, name: 'eth0.7', inet: inet(1) }),
    ]
    const { first } = stepsOf(hostWorld({ sysctls: off, more: { links } }), noLab, a)
    const on = first.find((each) => text(each).startsWith('sysctl'))
    expect(on === undefined ? null : [text(on), ...undone(on)]).toEqual([
      'sysctl -e -q -w net/ipv4/conf/all/forwarding=1',
      'sysctl -e -q -w net/ipv4/conf/all/forwarding=0 net/ipv4/conf/default/forwarding=0 net/ipv4/conf/eth0.7/forwarding=1',
    ])
    const table = first.find(({ title }) => title.includes('nft table ip '))?.command.input
    expect(table).toContain(
      'iifname { "eth0", "eth0.7" } oifname { "eth0", "eth0.7" } counter drop comment "vethscope:forwarding"',
    )
    expect(table).toContain('return comment "net/ipv4/conf/eth0.7/forwarding=1"')
  })

  test('not touched where it is on, nor for an internal network', () => {
    const sysctls = (on: World, after: Lab) =>
      [...stepsOf(on, noLab, after).first, ...stepsOf(on, noLab, after).last]
        .map(text)
        .filter((each) => each.includes('forwarding'))
    expect(sysctls(hostWorld(), a)).toEqual([])
    expect(sysctls(hostWorld({ sysctls: off }), lab([network('a', { internal: true })]))).toEqual([])
  })

  test('of IPv6: a link with a router behind it keeps its default route', () => {
    const sysctls = { 'ipv6.conf.all.forwarding': '0', 'ipv6.conf.default.forwarding': '0' }
    const inet6 = { disableIpv6: 0, forwarding: 0, acceptRa: 1, acceptDad: 1, proxyNdp: 0 }
    const more = {
      links: [loopback(), link('device', { ifindex: 2, name: 'eth0', inet6 })],
      addresses: [address(2, '2001:db8::1/64')],
      routes: [route({ family: 'inet6', dst: 'default', gateway: 'fe80::1', oif: 2, protocol: 'ra' })],
    }
    const six = network('a', {
      ipv6: true,
      subnets: [{ subnet: 'fd00::/64', gateway: 'fd00::1', ipRange: null }],
    })
    const { first } = stepsOf(hostWorld({ sysctls, more }), noLab, lab([six]))
    expect(first.slice(1).map(text)).toEqual([
      'tee /proc/sys/net/ipv6/conf/eth0/accept_ra',
      'sysctl -e -q -w net/ipv6/conf/all/forwarding=1',
    ])
  })

  test('what could not be read is a reason to refuse', () => {
    expect(stepsOf(hostWorld({ more: { details: null } }), noLab, a).refusals).toEqual([
      'whether this host forwards could not be read: settings of the host were not read',
    ])
    const denied = hostWorld({ more: { details: null } })
    expect(ruleSteps(denied, noLab, a, context)).toMatchObject({ refusals: [{ kind: 'permission' }] })
  })
})

describe('published ports', () => {
  test('publishing and withdrawing', () => {
    const on = hostWorld()
    expect(stepsOf(on, a, withPort).last.map(text)).toEqual([
      'tee /proc/sys/net/ipv4/conf/a/route_localnet',
      'ip link set dev v-web type bridge_slave hairpin on',
      'conntrack -D -f ipv4 -p tcp --orig-port-dst 8080 --orig-dst 192.0.2.1',
    ])
    const withdrawn = lab([network('a')], [node('web', 'a', '172.20.0.2/24')])
    expect(stepsOf(on, withPort, withdrawn).last.map(text)).toEqual([
      'tee /proc/sys/net/ipv4/conf/a/route_localnet',
      'ip link set dev v-web type bridge_slave hairpin off',
      'conntrack -D -f ipv4 -p tcp --orig-port-dst 8080 --reply-src 172.20.0.2 --reply-port-src 80',
    ])
  })

  test('nobody forgets connections without conntrack: said', () => {
    const { last, notes } = stepsOf(hostWorld(), a, withPort, new Set(['ip', 'nft', 'iptables']))
    expect(last.map(text).some((each) => each.includes('conntrack'))).toBe(false)
    expect(notes).toEqual([expect.stringContaining('conntrack is not installed')])
  })

  test('[::1] is not promised', () => {
    const six = { ...port, hostIp: '::' }
    const on = network('a', {
      ipv6: true,
      subnets: [{ subnet: 'fd00::/64', gateway: 'fd00::1', ipRange: null }],
    })
    const web = node('web', 'a', '172.20.0.2/24', [six])
    const nodes = [{ ...web, endpoints: web.endpoints.map((each) => ({ ...each, ipv6: 'fd00::2/64' })) }]
    expect(stepsOf(hostWorld(), lab([on]), lab([on], nodes)).notes).toEqual([
      '[::1]:8080 of the host does not lead there: the kernel routes ::1 nowhere but to lo',
    ])
  })
})

test('a table is replaced in one transaction, and taken back as it was', () => {
  const step = stepsOf(hostWorld(), a, withPort).first[0]
  const [back] = step === undefined || 'irreversible' in step.undo ? [] : step.undo
  expect(step?.command.argv).toEqual(['nft', '-f', '-'])
  expect(step?.command.input).toMatch(
    /^table ip vethscope \{\}\ndelete table ip vethscope\ntable ip vethscope \{/,
  )
  expect(back?.input).toBe(stepsOf(hostWorld(), noLab, a).first[0]?.command.input)
  expect(stepsOf(hostWorld(), a, noLab).last[0]?.command.input).toBe(
    'table ip vethscope {}\ndelete table ip vethscope\n',
  )
})

test('facts tell apart texts with as many rules', () => {
  const moved = lab([network('a')], [node('web', 'a', '172.20.0.9/24', [port])])
  const step = stepsOf(hostWorld(), withPort, moved).first[0]
  expect(step?.before).not.toEqual(step?.after)
})
