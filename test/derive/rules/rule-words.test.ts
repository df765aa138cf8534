import { expect, test } from 'vitest'
import { ruleContext } from '../../../src/derive/rules/rule-context.ts'
import { ruleLine } from '../../../src/derive/rules/rule-line.ts'
import { ruleWords } from '../../../src/derive/rules/rule-words.ts'
import type { NfTable, Rule, Statement } from '../../../src/model/ruleset.ts'
import { netnsId, type NetnsId } from '../../../src/model/ids.ts'
import { container, dockerWorld, endpoint, engine, hostId } from '../../support/docker-world.ts'
import { addressNames } from '../../../src/derive/rules/address-names.ts'
import { chain, firewall, iptables, nftMap, nftTable } from '../../support/ruleset.ts'

/** The last rule of that chain: its words, and its line `TARGET detail | note`. */
function said(table: NfTable, chainName: string): { readonly words: string; readonly line: string } {
  const rules = firewall([table], {
    ipsets: [{ name: 'bad', type: 'hash:ip', members: ['10.0.0.1', '10.0.0.2'] }],
  })
  const world = dockerWorld(rules)
  const place = table.chains.find(({ name }) => name === chainName)
  const rule: Rule | undefined = place?.rules.at(-1)
  if (place === undefined || rule === undefined) throw new Error(`no rule in ${chainName}`)
  const context = ruleContext(world, hostId, rules, { table, chain: place })
  const { target, detail, note } = ruleLine(rule, context)
  return {
    words: ruleWords(rule, context),
    line: `${target ?? '-'} ${detail}${note === null ? '' : ` | ${note}`}`,
  }
}

const nat = (line: string) => said(iptables('nat', line), /^-A (\S+)/.exec(line)?.[1] ?? '')
const filter = (line: string) => said(iptables('filter', line), /^-A (\S+)/.exec(line)?.[1] ?? '')

test('what leaves a bridge is masqueraded', () => {
  expect(nat('-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE')).toEqual({
    words: "packets from 172.17.0.0/16 that leave by any link but docker0 get that link's address",
    line: 'MASQUERADE 172.17.0.0/16 > any, not out docker0',
  })
})

test('a network is named where its link does not say it already', () => {
  expect(nat('-A POSTROUTING -s 172.28.5.0/24 ! -o br-3d5350 -j MASQUERADE').words).toBe(
    "packets from 172.28.5.0/24 (tomcat-net) that leave by any link but br-3d5350 get that link's address",
  )
  expect(nat('-A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE').words).toBe(
    'packets from 192.0.2.0/24 (network of eth0) get the address of the link they leave by',
  )
})

test('a published port', () => {
  expect(
    nat('-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80'),
  ).toEqual({
    words:
      'tcp packets to port 8080 that came in by any link but docker0 are sent on to nginx1 (172.17.0.3) port 80',
    line: 'DNAT tcp :8080, not in docker0 > nginx1 172.17.0.3:80',
  })
})

test('a hairpin', () => {
  const { words, line } = nat(
    '-A POSTROUTING -s 172.17.0.3/32 -d 172.17.0.3/32 -p tcp -m tcp --dport 80 -j MASQUERADE',
  )
  expect(line).toBe('MASQUERADE tcp 172.17.0.3 > 172.17.0.3:80 | hairpin of nginx1')
  expect(words).toBe(
    'tcp packets from nginx1 (172.17.0.3) to nginx1 (172.17.0.3), port 80 get the address of the link they leave by',
  )
})

test('a jump to a known chain, to an address of this host', () => {
  expect(nat('-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER')).toEqual({
    words: 'packets to an address of this host go through chain DOCKER (Docker: the published ports)',
    line: 'DOCKER to an address of this host',
  })
  expect(nat('-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER').words).toBe(
    'packets to an address of this host, but not 127.0.0.0/8 go through chain DOCKER (Docker: the published ports)',
  )
})

test('verdicts of a filter', () => {
  expect(filter('-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT').words).toBe(
    'packets that leave by docker0 and belong to a known connection or to what it led to are let through',
  )
  expect(
    filter('-A DOCKER -d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT').line,
  ).toBe('ACCEPT tcp any > 172.17.0.3:80, not in docker0, out docker0')
  expect(filter('-A DOCKER-USER -j RETURN').words).toBe(
    'all packets go back to the chain that called this one',
  )
  expect(filter('-A FORWARD -j RETURN').words).toBe('all packets get the policy of this chain, ACCEPT')
  expect(filter('-A INPUT -p tcp -j REJECT --reject-with tcp-reset').words).toBe(
    'tcp packets are refused with tcp-reset',
  )
  expect(filter('-A x -j LOG --log-prefix "[UFW BLOCK] "').words).toBe(
    'all packets are logged as "[UFW BLOCK]"',
  )
})

test('a target that is not known is quoted, with what it is called', () => {
  const { words, line } = filter('-A FORWARD -p tcp -j TCPMSS --clamp-mss-to-pmtu')
  expect(words).toBe('tcp packets have this done to them: -j TCPMSS --clamp-mss-to-pmtu')
  expect(line.startsWith('TCPMSS tcp')).toBe(true)
})

test('an opaque match is quoted, and never turns into "all"', () => {
  const { words, line } = filter('-A INPUT --u32 0x10=1 -j DROP')
  expect(words).toBe('packets, and also: --u32 0x10=1, are dropped')
  expect(line).toContain('--u32 0x10=1')
})

test('no claim is made of addresses that two containers have', () => {
  const given = dockerWorld(firewall([]))
  const [host, redis, nginx] = given.netns
  if (host === undefined || redis === undefined || nginx === undefined) throw new Error('the world')
  const twins = { ...given, netns: [host, redis, { ...nginx, addresses: redis.addresses }] }
  const table = iptables('nat', '-A DOCKER -p tcp -j DNAT --to-destination 172.17.0.2:80')
  const [place] = table.chains
  const [rule] = place?.rules ?? []
  if (place === undefined || rule === undefined) throw new Error('the rule')
  const context = ruleContext(twins, hostId, firewall([table]), { table, chain: place })
  expect(ruleWords(rule, context)).toBe('tcp packets are sent on to redis123 or nginx1 (172.17.0.2) port 80')
})

test('of two engines that use one subnet, the container of this one is meant', () => {
  const given = dockerWorld(firewall([]))
  const twin = (name: string, id: number) =>
    container(name, netnsId(id), { endpoints: [endpoint('podman', '10.88.0.2/16')] })
  const engines = [
    engine({ netns: netnsId(900), containers: [twin('theirs', 901)] }),
    engine({ containers: [twin('ours', 401)] }),
  ]
  const names = addressNames({ ...given, engines })
  const owners = (from: NetnsId) => names.ownersOf('10.88.0.2', from).map(({ name }) => name)
  expect(owners(hostId)).toEqual(['ours'])
  expect(owners(netnsId(900))).toEqual(['theirs'])
  expect(owners(netnsId(1))).toEqual(['theirs', 'ours'])
})

const nft = (rule: Partial<Rule>) =>
  said(
    nftTable(
      'inet',
      't',
      [chain('c', [rule], { type: 'filter', hook: 'forward' })],
      [
        nftMap('jumps', { docker0: 'jump a', br0: 'jump b', br1: 'jump c', br2: 'drop' }),
        { ...nftMap('blocked', { '10.0.0.1': '', '10.0.0.9': '' }), kind: 'set' },
      ],
    ),
    'c',
  )

test('sets and verdict maps', () => {
  const drop: Statement = { kind: 'drop' }
  expect(
    nft({
      matches: [{ kind: 'address', side: 'source', not: false, values: ['@blocked'] }],
      statements: [drop],
    }).words,
  ).toBe('packets from the set blocked (10.0.0.1, 10.0.0.9) are dropped')
  expect(nft({ statements: [{ kind: 'vmap', key: ['oifname'], map: 'jumps', elements: [] }] }).words).toBe(
    'all packets are decided by their output link: map jumps (docker0 jump a, br0 jump b, br1 jump c and 1 more)',
  )
  expect(
    nft({ matches: [{ kind: 'ipset', name: 'bad', fields: ['src'], not: true }], statements: [drop] }).words,
  ).toBe('packets whose source is not in ipset bad (2 members) are dropped')
})

test('a rule without a verdict, with and without a counter', () => {
  expect(nft({ packets: 3, bytes: 3 }).words).toBe('all packets are only counted')
  expect(nft({ packets: null, bytes: null }).words).toBe('all packets pass: this rule does nothing with them')
})

test('several statements, in their order', () => {
  const { words, line } = nft({
    matches: [{ kind: 'protocol', not: false, values: ['tcp', 'udp'] }],
    statements: [
      { kind: 'mark', of: 'packet', value: '0x2000', mask: '0x2000' },
      { kind: 'log', prefix: 'x: ' },
      { kind: 'accept' },
    ],
  })
  expect(words).toBe('tcp or udp packets are marked 0x2000/0x2000 and are logged as "x:" and are let through')
  expect(line).toBe('ACCEPT tcp,udp set mark 0x2000/0x2000 log "x:"')
})

test('addresses of IPv6, and of this host', () => {
  const { words, line } = said(
    iptables(
      'nat',
      '-A DOCKER -d 192.0.2.2/32 -p udp -m udp --dport 53 -j DNAT --to-destination [fd00::2]:53',
      {
        family: 'ip6',
      },
    ),
    'DOCKER',
  )
  expect(words).toBe('udp packets to this host (192.0.2.2), port 53 are sent on to fd00::2 port 53')
  expect(line).toBe('DNAT udp any > 192.0.2.2:53 > [fd00::2]:53')
})
