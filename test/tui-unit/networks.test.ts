/** Screen 5 on recorded hosts and on one with a lab, as whole frames with the facts that each must show. */
import { beforeAll, describe, expect, test } from 'vitest'
import { network } from '../support/engine.ts'
import { worldOf } from '../support/fixture.ts'
import { labHost, opened } from './change-world.ts'
import { docker, engineHost } from './engine-world.ts'
import { expectGolden } from './golden.ts'
import { live, screen, type Screen } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 60, rows: 20 },
] as const

/** With every option that has words. */
const odd = network('odd', 'br-odd', {
  subnets: [
    {
      subnet: '10.9.0.0/24',
      gateway: '10.9.0.1',
      ipRange: '10.9.0.128/25',
      auxAddresses: { router: '10.9.0.250' },
    },
  ],
  made: {
    attachable: true,
    ingress: false,
    ipamDriver: 'default',
    ipamOptions: {},
    configOnly: false,
    configFrom: null,
  },
  options: {
    'com.docker.network.bridge.enable_icc': 'false',
    'com.docker.network.bridge.enable_ip_masquerade': 'false',
    'com.docker.network.bridge.gateway_mode_ipv4': 'routed',
    'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1',
    'com.docker.network.driver.mtu': '1400',
  },
  labels: { team: 'net' },
})

const rowOf = (it: Screen, name: string): string =>
  it
    .text()
    .split('\n')
    .find((line) => line.slice(3).startsWith(`${name} `)) ?? ''

const recorded: readonly {
  readonly name: string
  readonly keys: readonly string[]
  readonly facts: (it: Screen, columns: number) => void
}[] = [
  {
    name: 'docker',
    keys: [],
    facts: (it, columns) => {
      expect(rowOf(it, 'back')).toMatch(/^> +back +.*172\.31\.1\.0\/24.* 2 .* ok$/)
      expect(it.line('networks 5 ─ members 8')).not.toBe('')
      expect(it.line(' gateway 172.31.1.254')).toContain('internal yes   ipv6 yes')
      expect(it.line(' nginx1 ')).toMatch(/172\.31\.1\.\S* .*\*:80.*veth14/)
      // Docker's own resolver listens in each namespace, on another port each time.
      expect(it.text()).not.toContain('127.0.0.11')
      if (columns >= 80) expect(rowOf(it, 'front')).toMatch(/docker +bridge .*br-c66/)
    },
  },
  {
    name: 'podman',
    keys: ['}'],
    facts: (it) => {
      expect(it.line('networks 2')).toContain('members 4')
      expect(rowOf(it, 'db')).toMatch(/^> +db +front +10\.90\.0\.2/)
      expect(rowOf(it, 'web')).toContain('10.90.0.3')
      expect(it.line(' engine podman')).not.toBe('')
    },
  },
  {
    name: 'swarm-1',
    keys: ['down', '}', '}'],
    facts: (it, columns) => {
      expect(it.line('━> networks 6')).toContain('members 5')
      expect(rowOf(it, 'bridge')).toMatch(/172\.17\.0\.0\/16 .* 0 /)
      expect(it.text()).toMatch(/> +docker_gwbri/)
      expect(it.text()).toMatch(/ icc no   masquerade yes\s+internal no\s+ipv6 no/)
      if (columns >= 80) expect(rowOf(it, 'ov1')).toContain('overl')
    },
  },
  {
    name: 'without-root',
    keys: [],
    facts: (it) => {
      expect(it.line('members 0')).toContain('networks')
      expect(it.text()).toMatch(/no engine of this host|engines could not be asked/)
      expect(it.line('nothing selected')).not.toBe('')
    },
  },
]

describe.each(sizes)('at $columns×$rows', (size) => {
  test.each(recorded)('the networks of $name', async ({ name, keys, facts }) => {
    const it = screen({ mode: 'replay', file: name, world: await worldOf(name), size })
    it.send({ type: 'resize', size })
    it.keys('5', ...keys)
    facts(it, size.columns)
    for (const line of it.text().split('\n')) expect(line.length).toBeLessThanOrEqual(size.columns)
    expectGolden(`networks-${name}-${size.columns}x${size.rows}`, it.text())
  })

  test('an overlay is one thing: where it is here, which hosts are on it, what is behind each', async () => {
    const it = screen({ mode: 'replay', file: 'swarm-1', world: await worldOf('swarm-1'), size })
    it.send({ type: 'resize', size })
    it.keys('5', 'G', 'up', 'up')
    expect(rowOf(it, 'ov1')).not.toBe('')
    it.keys('tab', '}')
    expect(it.line('── ov1') + it.line('━> ov1')).toContain('OVERLAY')
    expect(it.line(' vni 4097')).toContain('encrypted no')
    expect(it.line(' namespace ')).toContain('ov1')
    expect(it.text()).toMatch(/subnet 10\.77\.0\.0\/24 +bridge br0 +vxlan vxlan0/)
    it.keys('pagedown')
    const all = it.text()
    it.keys('pageup')
    expect(it.text() + all).toMatch(/10\.99\.0\.2 .* 10\.77\.0\.5 +02:42:0a:4d:00:05/)
    expect(it.text() + all).toMatch(/left +10\.77\.0\.2 .*eth0/)
    for (const line of it.text().split('\n')) expect(line.length).toBeLessThanOrEqual(size.columns)
    expectGolden(`networks-overlay-${size.columns}x${size.rows}`, it.text())
  })

  test('all that makes a network of Docker, in words', () => {
    const it = opened(
      { size },
      engineHost([docker, { ...docker, endpoint: '/run/other.sock', networks: [odd] }]),
    )
    it.keys('/')
    it.type('odd')
    it.keys('enter', 'tab', '}')
    const seen = new Set<string>()
    for (let page = 0; page < 6; page += 1) {
      for (const line of it.text().split('\n')) seen.add(line.trim().replaceAll(/ +/g, ' '))
      if (page === 0) expectGolden(`networks-options-${size.columns}x${size.rows}`, it.text())
      it.keys('pagedown')
    }
    const all = [...seen].join('\n')
    expect(all).toContain('engine docker, /run/other.sock')
    expect(all).toContain('gateway 10.9.0.1')
    expect(all).toContain('range 10.9.0.128/25')
    expect(all).toContain('kept router 10.9.0.250')
    expect(all).toContain('icc no:')
    expect(all).toContain('masquerade no: what leaves keeps its address')
    expect(all).toContain('gateway mode routed: no address is rewritten')
    expect(all).toContain('attachable yes')
    expect(all).toContain('com.docker.network.driver.mtu=1400')
    expect(all).toContain('team=net')
  })

  test('a lab beside Docker, its own first', () => {
    const it = opened({ size })
    it.keys('down')
    expect(rowOf(it, 'lab0')).toMatch(/^> +lab0 .*172\.19\.0\.0\/16 .* 1 .*mine$/)
    expect(it.line(' n1 ')).toMatch(/172\.19\..* web? ?/)
    expect(it.line(' gateway 172.19.0.1')).toContain('mtu 1500')
    expectGolden(`networks-lab-${size.columns}x${size.rows}`, it.text())
  })
})

test('a fault of the bridge or of a member stands with its network', () => {
  const it = opened()
  const netns = it.state.feed.world?.host
  if (netns === undefined) throw new Error('no host')
  const finding = (subject: string, ifindex: number | null) =>
    ({
      id: 'F19',
      severity: 'fault',
      subject,
      says: 'x',
      evidence: [],
      command: 'x',
      netns,
      ifindex,
    }) as const
  const value = { findings: [finding('docker0', null), finding('eth9', 99)], unchecked: [] }
  it.worker({ type: 'findings', at: it.now, value })
  expect(rowOf(it, 'bridge')).toMatch(/^ ! bridge .* F19$/)
  expect(rowOf(it, 'tomcat-net')).toMatch(/^ {3}tomcat-net .*ok$/)
})

test('Enter leads to the bridge, and from a member to its link', () => {
  const it = opened()
  it.keys('down', 'down', 'enter')
  expect(it.state.screen).toBe('topology')
  expect(it.line('host > docker0')).not.toBe('')
  it.keys('backspace')
  expect(it.state.screen).toBe('networks')
  it.keys('}', '/')
  it.type('redis123')
  it.keys('enter', 'enter')
  expect(it.state.screen).toBe('topology')
  expect(it.line('1Topo')).toContain('eth0')
})

test('the filter knows subnets, ports and drivers', () => {
  const it = opened()
  const filtered = (text: string): string => {
    it.keys('/', 'C-u')
    it.type(text)
    it.keys('enter')
    return it.line('networks 5') || it.text()
  }
  filtered('kind:overlay')
  expect(it.text()).toMatch(/> +ov1 /)
  expect(rowOf(it, 'lab0')).toBe('')
  filtered('172.17.0.0/16')
  expect(rowOf(it, 'bridge')).not.toBe('')
  expect(rowOf(it, 'tomcat-net')).toBe('')
})

test('what was begun and not ended is told on every screen, with what helps', () => {
  const it = live(labHost(7))
  expect(it.line('change 7 was begun and not ended')).toContain('[:cleanup] takes it back')
  it.keys(':')
  it.type('cleanup')
  it.keys('enter')
  expect(it.state.mode).toMatchObject({ type: 'change-form', form: 'cleanup' })
  const still = live(labHost(7), { readonly: true })
  expect(still.line('change 7 was begun')).not.toContain(':cleanup')
})

test('Enter on an overlay leads to its bridge, which is in a namespace of its own', async () => {
  const it = screen({ mode: 'replay', file: 'swarm-1', world: await worldOf('swarm-1') })
  it.send({ type: 'resize', size: { columns: 120, rows: 40 } })
  it.keys('5', '/')
  it.type('ov1')
  it.keys('enter', 'enter')
  expect(it.state.screen).toBe('topology')
  expect(it.line('1Topo')).toMatch(/ov1 .*> br0/)
})

test('R leads to the rules that name its bridge, and says where there are none', () => {
  const it = opened()
  it.keys('/')
  it.type('tomcat')
  it.keys('enter', 'R')
  expect(it.state.screen).toBe('rules')
  expect(it.state.rules.filter).toEqual({ text: 'br-3d5350' })
  expect(it.state.rules.netns).toBe(it.state.feed.world?.host)
  it.keys('backspace')
  expect(it.state.screen).toBe('networks')
  it.keys('/', 'C-u')
  it.type('ov1')
  it.keys('enter', 'R')
  expect(it.state.message?.text).toMatch(/ov1.*(?:no rules here|hidden|no file)/)
})
