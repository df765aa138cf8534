import { expect, test } from 'vitest'
import { find, findSteps } from '../../src/derive/find.ts'
import { namespacesAbout } from '../../src/derive/find-ports.ts'
import { nsid } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { dockerWorld, nginxId } from '../support/docker-world.ts'
import { manyPorts, piecesOf } from '../support/many-ports.ts'
import { chain, firewall, iptables, nftTable } from '../support/ruleset.ts'
import { address, link, loopback, port } from '../support/world.ts'

const nat = iptables(
  'nat',
  `-P PREROUTING
  -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80`,
)
const filter = iptables(
  'filter',
  `-P INPUT
  -A INPUT -j LOG --log-prefix "[UFW BLOCK] "
  -A INPUT -s 10.0.0.9/32 -m comment --comment "the neighbour's printer" -j DROP`,
)
const quiet = nftTable('inet', 'x', [chain('c', [{ statements: [{ kind: 'log', prefix: '[UFW' }] }])])

/** nginx1 on the host's vethe82 on docker0. */
function example(): World {
  return dockerWorld(firewall([nat, filter, quiet]), {
    host: {
      links: [
        loopback(),
        link('device', { ifindex: 2, name: 'eth0' }),
        link('bridge', { ifindex: 4, name: 'docker0' }),
        link('veth', {
          ifindex: 6,
          name: 'vethe82',
          master: 4,
          slaveKind: 'bridge',
          lower: { ifindex: 2, nsid: nsid(0) },
          port,
        }),
      ],
      nsids: [{ nsid: nsid(0), id: nginxId }],
    },
    nginx: {
      links: [loopback(), link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex: 6, nsid: nsid(0) } })],
      addresses: [address(2, '172.17.0.3/16')],
      nsids: [{ nsid: nsid(0), id: dockerWorld(null).host }],
    },
  })
}

const found = (text: string) => find(example(), text)
const whats = (text: string) => found(text).map(({ what }) => what)

test('one find answers who is behind a link, which rule publishes its port, and whether anything listens', () => {
  const [first] = found('vethe82')
  expect(first).toMatchObject({
    what: 'link',
    peer: { netns: { id: '300' }, name: 'eth0' },
    publishedBy: 'rule 1 of DOCKER in table nat (iptables-nft) (0.0.0.0:8080/tcp, [::]:80 listens)',
  })
})

test('a container by its name and by the beginning of its id', () => {
  const id = Buffer.from('nginx1').toString('hex')
  for (const text of ['nginx1', id]) {
    const hit = found(text).find(({ what }) => what === 'container')
    expect(hit).toMatchObject({
      says: expect.stringContaining('docker container nginx1'),
      ref: { netns: nginxId, name: 'nginx1' },
      publishedBy: expect.stringContaining('rule 1 of DOCKER'),
    })
  }
  expect(whats('ngin')).toContain('container')
})

test('a network', () => {
  expect(found('tomcat-net').find(({ what }) => what === 'network')).toMatchObject({
    says: 'docker network tomcat-net, driver bridge, link br-3d5350, 172.28.5.0/24, 0 members',
    ref: { netns: '100', name: 'tomcat-net' },
  })
})

test.each([':8080', '8080/tcp', '8080', '192.0.2.2:8080', '0.0.0.0:8080', '172.17.0.3:80', 'dport 8080'])(
  'a published port as %s',
  (text) => {
    expect(found(text).find(({ what }) => what === 'port')).toMatchObject({
      says: '0.0.0.0:8080/tcp leads to nginx1 172.17.0.3:80, [::]:80 listens',
      ref: { netns: nginxId, address: '172.17.0.3', port: 80, rule: { chain: 'DOCKER', number: 1 } },
    })
  },
)

test.each([':8081', '8080/udp', '10.0.0.1:8080', 'LEN=8080', ':99999'])('no published port as %s', (text) => {
  expect(whats(text)).not.toContain('port')
})

test('a rule by its comment, a chain by its name', () => {
  expect(found("the neighbour's printer")).toEqual([
    expect.objectContaining({
      what: 'rule',
      says: 'rule 2 of INPUT in table filter (ip, iptables-nft): packets from 10.0.0.9 are dropped',
      ref: expect.objectContaining({
        rule: expect.objectContaining({ table: 'filter', chain: 'INPUT', number: 2 }),
      }),
    }),
  ])
  expect(found('DOCKER').find(({ what }) => what === 'chain')?.says).toBe(
    'chain DOCKER in table nat (ip, iptables-nft), 1 rule; Docker: the published ports',
  )
})

test('a line of the kernel: the rule that wrote it, and each part with its place in the packet', () => {
  const line =
    '[12.3] [UFW BLOCK] IN=docker0 OUT=eth0 PHYSIN=vethe82 SRC=172.17.0.3 DST=10.9.9.9 LEN=80 PROTO=TCP SPT=80 DPT=443'
  const parts = found(line).map(
    ({ token, what, role, owner }) => `${token} ${what} ${role ?? '-'} ${owner?.id ?? ''}`,
  )
  expect(parts).toEqual([
    '[UFW BLOCK] rule - 100',
    'docker0 link came in by 100',
    'eth0 link leaves by 100',
    'vethe82 link came in by bridge port 100',
    '172.17.0.3 address source 300',
    '80 port source port 100',
  ])
})

test('sockets are asked for only of what is published', () => {
  const world = example()
  expect(namespacesAbout(world, find(world, 'vethe82'))).toEqual([nginxId])
  expect(namespacesAbout(world, find(world, 'redis123'))).toEqual([])
})

test('thousands of rules that lead to the port are told in small pieces', () => {
  const log = 'IN=eth0 OUT= SRC=192.0.2.2 DST=10.9.0.0 PROTO=TCP SPT=80 DPT=1'
  const { pieces, value } = piecesOf(findSteps(manyPorts(1000), log))
  expect(value.filter(({ what }) => what === 'port')).toHaveLength(1000)
  expect(pieces).toBeGreaterThanOrEqual(3000)
})
