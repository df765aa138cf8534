/** What Docker of each kind would write, and why it cannot be told. The real 20.10 is asked in test/engine/rules-restore.test.ts. */
import { expect, test } from 'vitest'
import { expectedRules } from '../../../src/derive/engine-rules/engine-rules.ts'
import { isUnknown } from '../../../src/model/known.ts'
import { endpoint, network } from '../../support/engine.ts'
import { dockerOf, mark, net, proxy, runs, type Docker } from './support-engine.ts'

/** `ip nat DOCKER` → its rules; of a chain of the kernel's only those of Docker. */
function rulesOf(docker: Docker): Readonly<Record<string, readonly string[]>> {
  const { world, engine } = dockerOf(docker)
  const rules = expectedRules(world, engine)
  if (isUnknown(rules)) throw new Error(rules.unknown)
  return Object.fromEntries(
    rules.chains.map(({ family, table, name, rules }) => [
      `${family} ${table} ${name}`,
      rules.map(({ text }) => text),
    ]),
  )
}

function whyNot(docker: Docker): string {
  const { world, engine } = dockerOf(docker)
  const rules = expectedRules(world, engine)
  return isUnknown(rules) ? rules.unknown : 'it is told'
}

function notesOf(docker: Docker): readonly string[] {
  const { world, engine } = dockerOf(docker)
  const rules = expectedRules(world, engine)
  return isUnknown(rules) ? [rules.unknown] : rules.notes
}

const one = net('one', '10.1.0.0/24')
const two = net('two', '10.2.0.0/24')
const noicc = net('noicc', '10.3.0.0/24', { options: { [`${mark}enable_icc`]: 'false' } })
const closed = net('closed', '10.4.0.0/24', { internal: true })
const plain = net('plain', '10.5.0.0/24', { options: { [`${mark}enable_ip_masquerade`]: 'false' } })
const web = runs('web', { one: '10.1.0.2' }, ['8080:80'])
/** So much of the forward dialect is left that it is known to be one. */
const forward = '*filter\n:DOCKER-INTERNAL - [0:0]\nCOMMIT\n'

test('up to 27: each network above the one before it, icc=false at the end, no rules out of an internal one', () => {
  const rules = rulesOf({
    networks: [one, noicc, closed, plain],
    containers: [web],
    processes: [proxy(9, 8080, '10.1.0.2', 80)],
  })
  expect(rules['ip filter FORWARD']).toEqual([
    '-j DOCKER-USER',
    '-j DOCKER-ISOLATION-STAGE-1',
    '-o br-plain -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-o br-plain -j DOCKER',
    '-i br-plain ! -o br-plain -j ACCEPT',
    '-i br-plain -o br-plain -j ACCEPT',
    '-o br-one -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-o br-one -j DOCKER',
    '-i br-one ! -o br-one -j ACCEPT',
    '-i br-one -o br-one -j ACCEPT',
    '-o br-noicc -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-o br-noicc -j DOCKER',
    '-i br-noicc ! -o br-noicc -j ACCEPT',
    '-i br-closed -o br-closed -j ACCEPT',
    '-i br-noicc -o br-noicc -j DROP',
  ])
  expect(rules['ip filter DOCKER-ISOLATION-STAGE-1']).toEqual([
    '-i br-plain ! -o br-plain -j DOCKER-ISOLATION-STAGE-2',
    '-i br-one ! -o br-one -j DOCKER-ISOLATION-STAGE-2',
    '-i br-noicc ! -o br-noicc -j DOCKER-ISOLATION-STAGE-2',
    '! -s 10.4.0.0/24 -o br-closed -j DROP',
    '! -d 10.4.0.0/24 -i br-closed -j DROP',
    '-j RETURN',
  ])
  expect(rules['ip filter DOCKER-USER']).toEqual(['-j RETURN'])
  expect(rules['ip nat POSTROUTING']).toEqual([
    '-s 10.1.0.0/24 ! -o br-one -j MASQUERADE',
    '-s 10.3.0.0/24 ! -o br-noicc -j MASQUERADE',
    '-s 10.1.0.2/32 -d 10.1.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE',
  ])
  expect(rules['ip nat DOCKER']).toEqual([
    '-i br-one -j RETURN',
    '-i br-noicc -j RETURN',
    '! -i br-one -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.1.0.2:80',
  ])
  expect(Object.keys(rules).some((key) => key.startsWith('ip6'))).toBe(false)
})

test('without docker-proxy: by the bridges, by the jump that is left', () => {
  const rules = rulesOf({ networks: [one], containers: [web], routeLocalnet: 1 })
  expect(rules['ip nat OUTPUT']).toEqual(['-m addrtype --dst-type LOCAL -j DOCKER'])
  expect(rules['ip nat DOCKER']).toEqual(['-p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.1.0.2:80'])
  expect(rules['ip nat POSTROUTING']?.[0]).toBe('-o br-one -m addrtype --src-type LOCAL -j MASQUERADE')
  const left = {
    ip: '*nat\n:OUTPUT ACCEPT [0:0]\n:DOCKER - [0:0]\n-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER\nCOMMIT\n',
  }
  expect(rulesOf({ networks: [one], containers: [web], left })['ip nat DOCKER']?.[0]).toMatch(/^-p tcp/)
  expect(whyNot({ networks: [one], containers: [web] })).toBe(
    'whether this Docker works with docker-proxy cannot be told',
  )
})

test('from 28.5 on: below DOCKER-FORWARD, ports closed, direct access dropped in raw', () => {
  const rules = rulesOf({
    version: '29.0.1',
    networks: [closed, noicc, one],
    containers: [web, runs('db', { noicc: '10.3.0.2' })],
    processes: [proxy(9, 8080, '10.1.0.2', 80)],
    left: {
      ip: `${forward}*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 10.3.0.2/32 ! -i br-noicc -j DROP\nCOMMIT\n`,
    },
  })
  expect(rules['ip filter FORWARD']).toEqual(['-j DOCKER-USER', '-j DOCKER-FORWARD'])
  expect(rules['ip filter DOCKER-FORWARD']).toEqual([
    '-j DOCKER-CT',
    '-j DOCKER-INTERNAL',
    '-j DOCKER-BRIDGE',
    '-i br-closed -o br-closed -j ACCEPT',
    '-i br-noicc -o br-noicc -j DROP',
    '-i br-noicc ! -o br-noicc -j ACCEPT',
    '-i br-one -j ACCEPT',
  ])
  expect(rules['ip filter DOCKER']).toEqual([
    '-d 10.1.0.2/32 ! -i br-one -o br-one -p tcp -m tcp --dport 80 -j ACCEPT',
    '! -i br-noicc -o br-noicc -j DROP',
    '! -i br-one -o br-one -j DROP',
  ])
  expect(rules['ip filter DOCKER-USER']).toEqual([])
  expect(rules['ip raw PREROUTING']?.toSorted()).toEqual([
    '-d 10.1.0.2/32 ! -i br-one -j DROP',
    '-d 10.3.0.2/32 ! -i br-noicc -j DROP',
  ])
  expect(rules['ip nat DOCKER']).toEqual([
    '! -i br-one -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.1.0.2:80',
  ])
})

test('with nothing left Docker itself says that it writes rules of iptables: all of them, IPv6 too', () => {
  const rules = rulesOf({
    version: '29.0.1',
    networks: [one],
    containers: [runs('db', { one: '10.1.0.2' })],
    engine: { rulesBy: 'iptables' },
  })
  expect(rules['ip raw PREROUTING']).toEqual(['-d 10.1.0.2/32 ! -i br-one -j DROP'])
  expect(rules['ip6 filter DOCKER-FORWARD']).toEqual([
    '-j DOCKER-CT',
    '-j DOCKER-INTERNAL',
    '-j DOCKER-BRIDGE',
  ])
})

test('raw is left alone where it may be so on purpose, and that is said', () => {
  const docker = {
    version: '29.0.1',
    networks: [one],
    containers: [runs('db', { one: '10.1.0.2' })],
    left: { ip: forward },
  }
  expect(rulesOf(docker)['ip raw PREROUTING']).toBeUndefined()
  expect(notesOf(docker).join()).toContain('--allow-direct-routing')
})

test('options of networks: another source address, everything open, trusted links', () => {
  const odd = net('odd', '10.6.0.0/24', {
    options: {
      'com.docker.network.host_ipv4': '192.0.2.7',
      [`${mark}gateway_mode_ipv4`]: 'nat-unprotected',
      [`${mark}trusted_host_interfaces`]: 'wg0:bad name',
    },
  })
  const rules = rulesOf({
    version: '29.0.1',
    networks: [odd, { ...one, options: { [`${mark}trusted_host_interfaces`]: 'wg0' } }],
    containers: [runs('db', { odd: '10.6.0.2' }), runs('web', { one: '10.1.0.2' }, ['127.0.0.1:8080:80'])],
    processes: [proxy(9, 8080, '10.1.0.2', 80, '127.0.0.1')],
    left: {
      ip: `${forward}*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 10.1.0.2/32 ! -i br-one -j DROP\nCOMMIT\n`,
    },
  })
  expect(rules['ip nat POSTROUTING']).toContain('-s 10.6.0.0/24 ! -o br-odd -j SNAT --to-source 192.0.2.7')
  expect(rules['ip filter DOCKER']).toContain('! -i br-odd -o br-odd -j ACCEPT')
  expect(rules['ip raw PREROUTING']).toEqual([
    '-d 10.1.0.2/32 -i wg0 -j ACCEPT',
    '-d 10.1.0.2/32 ! -i br-one -j DROP',
    '-d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8080 -j DROP',
  ])
})

test('IPv6: where chains of it are left; before 23 without DOCKER-USER', () => {
  const six = net('six', ['10.7.0.0/24', 'fd00:7::/64'], { ipv6: true })
  const on6 = runs('on6', { six: 'fd00:7::2' }, ['[::1]:8080:80'], {})
  const containers = [{ ...on6, ports: on6.ports.map((port) => ({ ...port, hostIp: '::1' })) }]
  const left = { ip6: '*nat\n:DOCKER - [0:0]\nCOMMIT\n' }
  const processes = [proxy(9, 8080, 'fd00:7::2', 80, '::1')]
  const old = rulesOf({ networks: [six], containers, left, processes })
  expect(old['ip6 nat DOCKER']).toEqual([
    '-i br-six -j RETURN',
    '-d ::1/128 ! -i br-six -p tcp -m tcp --dport 8080 -j DNAT --to-destination [fd00:7::2]:80',
  ])
  expect(old['ip6 nat OUTPUT']).toEqual(['! -d ::1/128 -m addrtype --dst-type LOCAL -j DOCKER'])
  expect(old['ip6 filter FORWARD']?.[0]).toBe('-j DOCKER-ISOLATION-STAGE-1')
  const later = rulesOf({ version: '27.3.1', networks: [six], containers, left, processes })
  expect(later['ip6 filter FORWARD']?.[0]).toBe('-j DOCKER-USER')
  expect(later['ip6 nat DOCKER']?.[1]).toMatch(/^! -s fe80::\/10 -d ::1\/128 /)
  expect(notesOf({ networks: [six] })[0]).toContain('--iptables=false')
  expect(notesOf({ networks: [six] }).slice(1)).toEqual([
    'no rules for IPv6 are written: nothing tells whether this Docker was started to write them (--ip6tables)',
  ])
  expect(notesOf({ version: '24.0.7', networks: [six] }).slice(1)).toEqual([
    'no rules for IPv6 are written: what Docker 24.0.7 writes for IPv6 is not known well enough',
  ])
})

test('the order is that of the rules that are left, and of ports that of docker-proxy', () => {
  const left = {
    ip: `*filter
:DOCKER-ISOLATION-STAGE-2 - [0:0]
-A DOCKER-ISOLATION-STAGE-2 -o br-one -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-two -j DROP
COMMIT
`,
  }
  const networks = [one, two]
  const containers = [web, runs('api', { two: '10.2.0.2' }, ['9000:90', '9001:91'])]
  const processes = [
    proxy(7, 9000, '10.2.0.2', 90),
    proxy(8, 9001, '10.2.0.2', 91),
    proxy(9, 8080, '10.1.0.2', 80),
  ]
  const order = (docker: Docker, key: string) =>
    rulesOf(docker)[key]?.flatMap((text) => /--dport (\d+)|! -o (\S+)/.exec(text)?.slice(1, 3).join('') ?? [])
  expect(order({ networks, left }, 'ip nat POSTROUTING')).toEqual(['br-one', 'br-two'])
  expect(order({ networks }, 'ip nat POSTROUTING')).toEqual(['br-two', 'br-one'])
  expect(order({ networks, containers, processes }, 'ip nat DOCKER')).toEqual(['9000', '9001', '8080'])
  expect(
    order(
      {
        networks,
        containers,
        processes: processes.toReversed().map((each, at) => ({ ...each, startTime: at })),
      },
      'ip nat DOCKER',
    ),
  ).toEqual(['8080', '9001', '9000'])
})

test('a container on two networks: its ports lead where docker-proxy leads, else where it is not known', () => {
  const both = runs('both', { one: '10.1.0.9', two: '10.2.0.9' }, ['80:80'])
  const docker = { networks: [one, two], containers: [both] }
  expect(rulesOf({ ...docker, processes: [proxy(9, 80, '10.2.0.9', 80)] })['ip nat DOCKER']?.at(-1)).toMatch(
    /10\.2\.0\.9:80$/,
  )
  expect(whyNot({ ...docker, routeLocalnet: 1 })).toBe(
    'container both is on several networks, and to which of them its ports lead is not known',
  )
})

test('what is stopped, internal or of the host has no rules', () => {
  const containers = [
    runs('off', { one: '10.1.0.3' }, ['81:80'], { state: 'exited' }),
    runs('inside', { closed: '10.4.0.3' }, ['82:80']),
  ]
  expect(
    rulesOf({ networks: [one, closed], containers, processes: [proxy(9, 1, '10.9.0.1', 1)] })[
      'ip nat DOCKER'
    ],
  ).toEqual(['-i br-one -j RETURN'])
})

test('never half of them: why it cannot be told', () => {
  const routed = net('far', '10.8.0.0/24', { options: { [`${mark}gateway_mode_ipv4`]: 'routed' } })
  const shut = { ...network('bridge', 'docker0'), options: { [`${mark}enable_icc`]: 'false' } }
  const asked = { ipv4: null, ipv6: null, linkLocal: [], links: ['db:db'], options: {}, mac: null }
  const linked = {
    ...runs('app', {}),
    endpoints: [endpoint('bridge', { endpointId: '1', ipv4: '172.17.0.2/16', asked })],
  }
  const wrong: readonly (readonly [Docker, RegExp])[] = [
    [
      { networks: [one], engine: { swarm: { nodeId: 'n', address: '1.2.3.4', isManager: true } } },
      /in a swarm/,
    ],
    [{ networks: [{ ...one, name: 'docker_gwbridge' }] }, /in a swarm/],
    [{ networks: [one], engine: { rootless: true } }, /rootless/],
    [{ networks: [routed] }, /network far is routed/],
    [{ networks: [shut], containers: [linked] }, /container app is linked/],
    [{ networks: [one], version: '28.1.0' }, /Docker 28\.1 writes other rules/],
    [{ networks: [one], version: '30.0.0' }, /what rules Docker 30 writes is not known/],
    [{ networks: [one], version: '29.0.0' }, /iptables or of nftables/],
    [{ networks: [one], version: '29.0.0', engine: { rulesBy: 'nftables' } }, /keeps its rules in nftables/],
    [{ networks: [{ ...one, bridge: 'a b' }] }, /the bridge of network one is not known/],
    [{ networks: [one], engine: { networks: { unknown: 'timeout' } } }, /timeout/],
  ]
  for (const [docker, why] of wrong) expect(whyNot(docker)).toMatch(why)
})
