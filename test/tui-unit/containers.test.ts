/** Containers, networks and ports on the Topology screen. Times are UTC here. */
import { beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../src/model/engine.ts'
import { listOf } from '../../src/model/known.ts'
import { engine } from '../support/engine.ts'
import { worldOf } from '../support/fixture.ts'
import { docker, engineHost } from './engine-world.ts'
import { expectGolden } from './golden.ts'
import { replay } from './ports-world.ts'
import { live } from './screen.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const silent = engine(
  { unknown: 'no answer from the socket in 2 s' },
  {
    engine: 'podman',
    endpoint: '/run/podman.sock',
    networks: { unknown: 'no answer from the socket in 2 s' },
  },
)

for (const size of [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
] as const) {
  const named = (name: string): string => `containers-${name}-${size.columns}x${size.rows}`

  test(`${named('start')}: who is where, by which name and port`, () => {
    const it = live(engineHost([docker, silent]), { size })
    expect(it.line('vm01')).toContain('10 ns  8 ctr')
    expect(it.line('vethe8201cd')).toMatch(/⇄ nginx1 +eth0 172\.17\.0\.3\/16 +:8080>80 /)
    expect(it.line('veth77ab001')).toMatch(/net-tomcat01 eth0 .* alias web /)
    expect(it.line('br-3d5350 ')).toMatch(/bridge UP, tomcat-net NAT/)
    expect(it.line('docker0 ')).toMatch(/bridge UP, NAT/)
    expect(it.line('sidecar')).toMatch(/^ │ └─ +sidecar +shares redis123's namespace$|└─ +sidecar .*│/)
    expect(it.line('metrics')).toContain('mode host')
    expect(it.line('closedc')).toContain('mode none')
    expect(it.line('hidden nsid 5')).toContain('overlay ov1 vni 4097')
    expect(it.text()).not.toContain('stopped')
    expect(it.line('vm01')).toContain('3 unreadable')
    expectGolden(named('start'), it.text())
  })

  test(`${named('container')}: what its engine says of it`, () => {
    const it = live(engineHost(), { size })
    it.keys('/')
    it.type('net-tomcat01')
    it.keys('enter', 'right', 'tab', ...(size.columns > 80 ? [] : ['pagedown']))
    const text = it.text()
    if (size.columns > 80) {
      expect(text).toContain('6e65742d746f')
      expect(text).toContain('shop / tomcat')
      expect(text).toContain('gateway 172.28.5.1')
    }
    expect(it.line('7Log')).toContain('net-tomcat01')
    expectGolden(named('container'), text)
  })

  test(`${named('bridge')}: the network that it was made for`, () => {
    const it = live(engineHost(), { size })
    it.keys('f')
    it.type('br-3d5350')
    it.keys('enter')
    expect(it.text()).toContain('tomcat-net docker bridge')
    if (size.columns > 80) expect(it.line(' members ')).toContain('net-tomcat01 172.28.5.2/24')
    expectGolden(named('bridge'), it.text())
  })

  test(`${named('sharing')}: a container that joined another’s namespace is a row of its own`, () => {
    const it = live(engineHost(), { size })
    it.keys('/')
    it.type('sidecar')
    it.keys('enter')
    const way = size.columns > 80 ? 'host > docker0 > veth195490d > sidecar' : '… > veth195490d > sidecar'
    expect(it.line(way)).not.toBe('')
    expect(it.text()).toContain('sidecar in redis123')
    expect(it.text()).toContain('netns exec redis123')
    if (size.columns > 80) expect(it.text()).toMatch(/shared by +redis123/)
    expectGolden(named('sharing'), it.text())
  })
}

test('an engine that was not asked is told among what could not be read', () => {
  const it = live(engineHost([docker, silent]))
  it.keys('!')
  expect(it.text()).toContain('podman at /run/podman.sock')
  expect(it.text()).toContain('no answer from the socket in 2 s')
})

test.each([
  ['nginx1', ['vethe8201cd']],
  [':8080', ['vethe8201cd']],
  ['tomcat-net', ['br-3d5350', 'veth77ab001']],
  ['alias-of-nobody', []],
  ['6e65742d746f', ['veth77ab001']],
  ['metrics', ['mode host']],
])('the filter %s', (text, expected) => {
  const it = live(engineHost())
  it.keys('/')
  it.type(text)
  for (const part of expected) expect(it.line(part)).not.toBe('')
  for (const other of ['vethe8201cd', 'veth77ab001', 'veth8c1', 'closedc']) {
    if (!expected.some((part) => part.startsWith(other))) expect(it.line(`${other} `)).toBe('')
  }
})

test('a container that joins while the screen is open has a row at once, and leaves no trace when it stops', () => {
  const [sidecar] = listOf(docker.containers).filter(({ name }) => name === 'sidecar')
  const without: Engine = {
    ...docker,
    containers: listOf(docker.containers).filter((each) => each !== sidecar),
  }
  const it = live(engineHost([without]))
  expect(it.line('sidecar')).toBe('')
  it.world(engineHost([docker]))
  expect(it.line('sidecar')).toContain("shares redis123's namespace")
  it.world(engineHost([without]))
  expect(it.line('sidecar')).toBe('')
})

test('containers-find-80x24: one f tells which container is behind a veth, its address, and what leads to its port', () => {
  const it = live(engineHost())
  it.keys('f')
  it.type('vethe8201cd')
  expect(it.line('>link')).toContain('⇄ eth0 in nginx1 172.17.0')
  expect(it.text().replaceAll(/\s+/g, ' ')).toContain(
    'docker container nginx1 6e67696e7831 address 172.17.0.3/16 published by its engine',
  )
  expect(it.text().replaceAll(/\s+/g, ' ')).toContain('(0.0.0.0:8080/tcp, whether anything listens there')
  expectGolden('containers-find-80x24', it.text())
})

test.each([
  ['sidecar', /^container:201:/],
  ['metrics', /^container:100:/],
  // It has no row, so Enter stays where it is.
  ['stopped', /^link:100:2$/],
])('find leads to the row of the container %s', (text, row) => {
  const it = live(engineHost())
  it.keys('f')
  it.type(text)
  expect(it.line('>container')).toContain(`docker container ${text}`)
  it.keys('enter')
  expect(it.state.topology.selection?.row).toMatch(row)
})

test.each([
  ['sidecar', { row: 'link:100:11', end: 'far' }],
  ['metrics', { row: 'section:100', end: 'near' }],
])('Enter on the row of %s leads to the namespace that it uses, and back', (text, place) => {
  const it = live(engineHost())
  it.keys('f')
  it.type(text)
  it.keys('enter')
  const own = it.state.topology.selection
  it.keys('enter')
  expect(it.state.topology.selection).toEqual(place)
  it.keys('backspace')
  expect(it.state.topology.selection).toEqual(own)
})

test('of a container on two networks the ports stand beside the link that has the address they lead to', async () => {
  const recorded = await worldOf('docker')
  const details = (link: string, ...keys: string[]): string => {
    const it = replay(recorded, { columns: 160, rows: 40 })
    it.keys('/')
    it.type(link)
    it.keys('enter', ...keys)
    return it.text()
  }
  // Both rules lead to 172.31.0.2, which is eth0's.
  expect(details('veth054a107')).toMatch(/published +127\.0\.0\.1:8443>443 :8080>80/)
  expect(details('veth054a107')).toMatch(/veth054a107 ⇄ nginx1 .*:8080>80/)
  expect(details('veth054a107', 'right')).toMatch(/published +127\.0\.0\.1:8443>443 :8080>80/)
  expect(details('veth1447fff')).not.toMatch(/published|8080/)
  expect(details('veth1447fff', 'right')).toMatch(/container +nginx1/)
  expect(details('veth1447fff', 'right')).not.toMatch(/published|8080/)
})
