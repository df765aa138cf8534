/** Whole frames at three sizes, with the facts that each of them must show. Times are UTC here. */
import { beforeAll, expect, test } from 'vitest'
import type { World } from '../../src/model/world.ts'
import { expectGolden, changedLines } from './golden.ts'
import { countersOf, live, screen, start, textOfFrame, type Screen } from './screen.ts'
import { bigHost, dockerHost } from './worlds.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
  { columns: 60, rows: 20 },
] as const

/** Ten kilobytes a second on every link whose ifindex is 12, nothing elsewhere. */
function counted(world: World, it: Screen): Screen {
  it.worker(countersOf(world.netns, start, () => 882))
  it.worker(countersOf(world.netns, start + 1000, (ifindex) => (ifindex === 12 ? 12_882 : 882)))
  return it
}

for (const size of sizes) {
  const named = (name: string): string => `${name}-${size.columns}x${size.rows}`

  test(`${named('start')}: who is where, what is off, which keys`, () => {
    const world = dockerHost()
    const it = counted(world, live(world, { size }))
    expect(it.line('vethe8201cd')).toMatch(/⇄ nginx1 +eth0 +172\.17\.0\.3\/16 .* 12k +6\.0k/)
    expect(it.line('docker0 ')).toMatch(/172\.17\.0\.1\/16 +bridge/)
    expect(it.line(' db ')).toContain('permission denied')
    expect(it.line('veth195490d')).toMatch(size.columns > 60 ? /mtu≠1400/ : /redis123|redis…/)
    expect(it.line('vm01')).toMatch(/7 ns.*1 unreadable.*live 14:03/)
    expect(it.text()).toContain('q quit')
    expectGolden(named('start'), it.text())
  })

  test(`${named('port')}: the selected port, its other end, its command`, () => {
    const world = dockerHost()
    const it = counted(world, live(world, { size }))
    it.keys('f')
    it.type('vethe8201cd')
    it.keys('enter')
    expect(it.line('>└─vethe8201cd')).toContain('nginx1')
    expect(it.text()).toContain('eth0(3) in nginx1')
    expect(it.text()).toContain('docker0, forwarding')
    expect(it.text()).toContain('172.17.0.3/16')
    const crumbs = size.columns > 60 ? 'host > docker0 > vethe8201cd' : 'vethe8201cd'
    expect(it.line(crumbs)).toContain('1Topo')
    if (size.columns > 60) expect(it.text()).toContain('ip -d link show vethe8201cd')
    expectGolden(named('port'), it.text())
  })

  test(`${named('far-path')}: inside the container, and the way out`, () => {
    const world = dockerHost()
    const it = counted(world, live(world, { size }))
    it.keys('f')
    it.type('172.17.0.3')
    it.keys('enter', 'tab', 'tab')
    expect(it.line('⇄>nginx1')).toContain('vethe8201cd')
    expect(it.text()).toContain('━> path')
    const hops = it
      .text()
      .split('\n')
      .map((line) => /[ >] ?[⇄→ ] (eth0|vethe8201cd|docker0) .* 14:|[>⇄→] +(\S+)/.exec(line)?.[2])
    expect(hops.filter((hop) => hop === 'docker0' || hop === 'vethe8201cd').length).toBeGreaterThanOrEqual(2)
    expect(it.text()).toContain('via 192.0.2.1')
    expect(it.text()).toContain('leaves this host here')
    expectGolden(named('far-path'), it.text())
  })

  test(`${named('filter')}: only what fits, and what stands above it`, () => {
    const it = live(dockerHost(), { size })
    it.keys('/')
    it.type('tomcat')
    expect(it.line('veth77ab001')).not.toBe('')
    expect(it.line('br-3d5350')).not.toBe('')
    expect(it.line('vethe8201cd')).toBe('')
    expect(it.line(' / tomcat')).toContain('1 row')
    expect(it.frame().cursor).toEqual({ row: size.rows - 1, column: ' / tomcat'.length })
    expectGolden(named('filter'), it.text())
  })

  test(`${named('changed')}: what happened last, and that it happened`, () => {
    const world = dockerHost()
    const it = live(world, { size })
    it.now = start + 5000
    it.world(webAttached(world))
    it.keys('tab', 'tab', 'tab')
    expect(it.line('━> recent changes')).not.toBe('')
    expect(it.line('14:03:27 host veth8c1')).toContain('docker0')
    expect(it.line('─veth8c1')).toContain('web')
    expectGolden(named('changed'), it.text())
  })

  test(`${named('help')}: every key, with the reason where it rests`, () => {
    const it = live(dockerHost(), { size })
    it.keys('?')
    expect(it.line('Space')).toContain('mark, and on to the next')
    expect(it.line('┌ help: keys')).not.toBe('')
    expect(it.text()).toContain('Esc closes')
    expect(it.text()).toContain('not now: eth0 refers to no other link')
    expectGolden(named('help'), it.text())
  })
}

/** The lost veth8c1 becomes a port of docker0. */
function webAttached(world: World): World {
  const [host, ...rest] = world.netns
  if (host === undefined || 'unknown' in host.links) throw new Error('no host')
  const links = host.links.map((link) =>
    link.name === 'veth8c1'
      ? { ...link, master: 4, slaveKind: 'bridge', port: host.links[4 as never]?.['port'] ?? null }
      : link,
  ) as typeof host.links
  return { ...world, at: new Date(start + 5000).toISOString(), netns: [{ ...host, links }, ...rest] }
}

test('gaps-80x24: each with its reason and what would help', () => {
  const it = live(dockerHost())
  it.keys('!')
  expect(it.line('netns db')).not.toBe('')
  expect(it.line('permission denied')).not.toBe('')
  expect(it.line('run as root or grant cap_sys_admin')).not.toBe('')
  expectGolden('gaps-80x24', it.text())
})

test('find-80x24: what was found, and how to take it', () => {
  const it = live(dockerHost())
  it.keys('f')
  it.type('172.17.0.3')
  expect(it.line('found')).toMatch(/found \d/)
  expect(it.text()).toMatch(/>address +nginx1 +172\.17\.0\.3\/16/)
  expect(it.line('find: 172.17.0.3')).toContain('Enter jump')
  expectGolden('find-80x24', it.text())
})

test('ascii-80x24: nothing but ASCII comes from us', () => {
  const it = live(dockerHost(), { ascii: true })
  expect(it.line('vethe8201cd')).toContain('`-vethe8201cd')
  expect(it.line('vethe8201cd')).toContain('= nginx1')
  // The ellipsis of a cut text is render's to replace.
  expect(it.text().replaceAll('…', '~')).toMatch(/^[\x20-\x7e\n]*$/)
  expectGolden('ascii-80x24', it.text())
})

test('unread-80x24: before the first World it says what it does', () => {
  const it = screen()
  it.worker({ type: 'progress', done: 3, total: 12 })
  expect(it.line('vethscope')).toContain('reading 3 of 12 ns')
  expect(it.line('reading the network namespaces')).not.toBe('')
  expect(it.line('q quit')).not.toContain('filter')
  expectGolden('unread-80x24', it.text())
})

test('a terminal that is too small is told the size it needs', () => {
  const it = live(dockerHost(), { size: { columns: 59, rows: 24 } })
  expect(it.text().split('\n')[0]).toBe('vethscope needs 60x16; this terminal is 59x24')
  it.send({ type: 'resize', size: { columns: 60, rows: 15 } })
  expect(it.frame().regions.map((region) => region.id)).toEqual(['small'])
  it.send({ type: 'resize', size: { columns: 60, rows: 16 } })
  expect(it.line('docker0')).not.toBe('')
  expect(it.line('q quit')).not.toBe('')
})

test('the heading of a section stays while its rows are scrolled', () => {
  const it = live(bigHost(200))
  it.keys('end')
  const lines = it.text().split('\n')
  expect(lines[2]).toMatch(/^── host ─+ rx\/s ── tx\/s ─$/)
  expect(it.line('└▼veth199')).toContain('c199')
  expect(it.line('>  └─dummy6')).not.toBe('')
  expect(lines[3]).not.toContain('docker0')
})

test('hostile names reach the frame only as harmless text', () => {
  const world = dockerHost()
  const [host, ...rest] = world.netns
  if (host === undefined || 'unknown' in host.links) throw new Error('no host')
  const nasty = 'a\x1b[31m\u202e\x9b{bold}🐳'
  const links = host.links.map((link) => (link.ifindex === 2 ? { ...link, name: nasty, alias: nasty } : link))
  const it = live({ ...world, hostName: nasty, netns: [{ ...host, links }, ...rest] as World['netns'] })
  const text = it.text()
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]|🐳/)
  expect(text).toContain('a\\x1b[31m')
  expect(text).toContain('□')
  expect(it.line('spelled')).toContain('\\u{1f433}')
})

test('changedLines names the old and the new line', () => {
  expect(changedLines('a\nb\nc', 'a\nB\nc\nd')).toEqual(['- b', '+ B', '- ', '+ d'])
})

test('a later region lies above an earlier one', () => {
  const span = (text: string) => ({ spans: [{ text, role: 'text' as const }] })
  const frame = {
    columns: 4,
    rows: 1,
    cursor: null,
    regions: [
      { id: 'a', top: 0, left: 0, width: 4, height: 1, lines: [span('abcd')] },
      { id: 'b', top: 0, left: 1, width: 2, height: 1, lines: [span('X')] },
    ],
  }
  expect(textOfFrame(frame)).toBe('aX d\n')
})

test('what would act on the terminal is never drawn over: the picture of such a frame is an error', () => {
  for (const text of ['a\x1b[2J', 'b\x9b', 'c\u202e', 'd\n', '\x7f']) {
    const lines = [{ spans: [{ text, role: 'text' as const }] }]
    const frame = { columns: 8, rows: 1, cursor: null }
    const regions = [{ id: 'rows', top: 0, left: 0, width: 8, height: 1, lines }]
    expect(() => textOfFrame({ ...frame, regions })).toThrow('a span of rows holds')
  }
})

test('goldens are written by hand only, never by CI, and a missing one is an error', () => {
  expect(() => expectGolden('no-such', 'x', { UPDATE_GOLDEN: '1', CI: 'true' })).toThrow('CI=true')
  expect(() => expectGolden('no-such', 'x', {})).toThrow('there is no golden')
})
