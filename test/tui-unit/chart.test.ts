import { expect, test } from 'vitest'
import { counterFields } from '../../src/collect/protocol.ts'
import type { FromWorker } from '../../src/collect/protocol.ts'
import type { Chart, Size } from '../../src/tui/frame.ts'
import { netnsId } from '../../src/model/ids.ts'
import { link, loopback } from '../support/world.ts'
import { expectGolden } from './golden.ts'
import { countersOf, live, start, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

/** Ninety seconds in which vethe8201cd (12) carries waves, and the others hardly anything. */
function withTraffic(size: Size, ascii = false): Screen {
  const world = dockerHost()
  const it = live(world, { size, ascii })
  let total = 0
  for (let second = 0; second < 90; second += 1) {
    total += Math.round(20_000 * (1.2 + Math.sin(second / 7)))
    it.now = start + 1000 * second
    it.worker(countersOf(world.netns, it.now, (ifindex) => (ifindex === 12 ? total : 7)))
  }
  return it
}

const chartOf = (it: Screen, id: string): Chart | undefined =>
  it.frame().regions.find((region) => region.id === id)?.chart
const known = (chart: Chart | undefined, label: string): readonly number[] =>
  (chart?.series.find((each) => each.label === label)?.values ?? []).filter((value) => value !== null)

function onPort(size: Size, ascii = false): Screen {
  const it = withTraffic(size, ascii)
  it.keys('down', 'down', 'down')
  return it
}

test('chart-120x40: the last two minutes of the selected link', () => {
  const it = onPort({ columns: 120, rows: 40 })
  expectGolden('chart-120x40', it.text())
  expect(it.line('rx 216')).toMatch(/tx 108 {2}kbit\/s .* 2 min/)
  expect(it.text()).toMatch(/[\u2801-\u28ff] +rx/)
  const rates = known(chartOf(it, 'chart'), 'rx')
  // Nothing is told of the time before it was measured: 45 of 60 steps at most.
  expect(rates.length).toBeGreaterThanOrEqual(44)
  expect(rates.length).toBeLessThanOrEqual(46)
  expect(Math.max(...rates)).toBeCloseTo(352, -1)
})

test('chart-80x24: a line of it below the facts, which keep the command', () => {
  const it = onPort({ columns: 80, rows: 24 })
  expectGolden('chart-80x24', it.text())
  expect(it.line(' rx  ')).toMatch(/▁|▂|▃|█|▇/)
  expect(it.line(' rx  ')).toContain('kbit/s')
  expect(it.line('$ ip -d link show vethe8201cd')).not.toBe('')
})

test('chart-ascii-80x24: without braille and blocks', () => {
  const it = onPort({ columns: 80, rows: 24 }, true)
  expectGolden('chart-ascii-80x24', it.text())
  // `…` becomes `~` where lines are painted.
  expect(it.text().replaceAll('…', '~')).toMatch(/^[\x20-\x7e\n]*$/)
  expect(it.line(' rx  ')).toMatch(/[:=*].* 216 .*kbit\/s/)
})

test('a bridge is the sum of its ports', () => {
  const it = withTraffic({ columns: 120, rows: 40 })
  it.keys('down')
  expect(it.line('2 ports')).toContain('rx 216')
  // The bridge's own counters stand still.
  expect(it.line('▼ docker0 ')).toMatch(/ 0 +0 /)
})

test('b: packets, and back', () => {
  const it = onPort({ columns: 120, rows: 40 })
  const bits = it.text()
  it.keys('b')
  expect(it.line('pk/s ─')).toContain('rx')
  it.keys('b')
  expect(it.text()).toBe(bits)
})

test('a namespace is the sum of the links by which it is left, each packet once', () => {
  const world = dockerHost()
  const plain = world.netns.map((netns) =>
    netns.id !== netnsId(301)
      ? netns
      : {
          ...netns,
          links: [
            loopback(),
            link('dummy', { ifindex: 2, name: 'dummy0' }),
            link('device', { ifindex: 12, name: 'ens1' }),
            link('device', { ifindex: 13, name: 'ens2' }),
            link('vlan', { ifindex: 14, name: 'ens1.7', lower: { ifindex: 12, nsid: null } }),
          ],
        },
  )
  const it = live({ ...world, netns: plain }, { size: { columns: 120, rows: 40 } })
  for (const second of [0, 1, 2]) {
    it.now = start + 1000 * second
    it.worker(countersOf(plain, it.now, () => 1000 * second))
  }
  it.keys('/', 'o', 'p', 'e', 'n', 'c', 'enter')
  expect(it.line('kbit/s ─')).toMatch(/rx 16 {2}tx 8\.0 .* 2 links ─/)
})

/** Another second, in which the selected link lost so many packets. */
function losing(size: Size, lost: number): Screen {
  const it = onPort(size)
  const last = it.state.feed.counters?.last
  if (last === undefined) throw new Error('no counters')
  const values = Float64Array.from(last.values)
  for (let at = 0; at < values.length; at += counterFields.length) {
    if (values[at] === 0 && values[at + 1] === 12) values[at + counterFields.indexOf('rxDropped')] = lost
  }
  it.now += 1000
  const message: FromWorker = { type: 'counters', at: it.now, netns: last.netns, values }
  it.worker(message)
  return it
}

test('what was lost is marked, and said', () => {
  const it = losing({ columns: 120, rows: 40 }, 40)
  expect(it.line('lost/s  ') + it.line('40 lost/s')).toContain('40 lost/s')
  expect(chartOf(it, 'chart')?.lost).toEqual([59])
})

test.each([
  [{ columns: 120, rows: 40 }, 'kbit/s  12k lost/s ─'],
  [{ columns: 112, rows: 40 }, '12k lost/s ─'],
  [{ columns: 80, rows: 24 }, '12k lost/s'],
  [{ columns: 60, rows: 20 }, '12k lost/s'],
] as const)('at %o what was lost is told whole, rather than how long the chart is', (size, says) => {
  const it = losing(size, 12_000)
  const title = it.frame().regions.find(({ id }) => id === 'chart.title')
  const lines = (title?.lines ?? []).map(({ spans }) => spans.map(({ text }) => text).join(''))
  expect(lines.join('\n')).toContain(says)
})

test('the MTU is marked where it shrinks along the way', () => {
  const it = live(dockerHost(), { size: { columns: 120, rows: 40 } })
  it.keys('down', 'down')
  // redis123's eth0 has 1400, its peer 1500: on the way out it only grows.
  expect(it.text()).not.toMatch(/mtu 1[45]00 /)
  const narrow = dockerHost()
  const [host, ...others] = narrow.netns
  if (host === undefined || !Array.isArray(host.links)) throw new Error('no host')
  const links = host.links.map((link) => (link.name === 'eth0' ? { ...link, mtu: 1300 } : link))
  it.world({ ...narrow, netns: [{ ...host, links }, ...others] })
  expect(it.line('→ eth0 ')).toContain('mtu 1300')
})

test('a recording has no rates: no chart, and b says why', () => {
  const world = dockerHost()
  const it = live(world, { size: { columns: 120, rows: 40 } })
  expect(chartOf(it, 'chart')).toBeDefined()
  it.state = { ...it.state, feed: { ...it.state.feed, status: { type: 'replay' } } }
  expect(chartOf(it, 'chart')).toBeUndefined()
})

test('a frozen picture keeps its chart while counters go on', () => {
  const it = onPort({ columns: 120, rows: 40 })
  it.keys('z')
  const before = chartOf(it, 'chart')
  it.now += 1000
  it.worker(countersOf(dockerHost().netns, it.now, () => 1e9))
  expect(chartOf(it, 'chart')).toBe(before)
  it.keys('z')
  expect(chartOf(it, 'chart')).not.toBe(before)
})
