import { expect, test } from 'vitest'
import type { Chart, Frame, Line } from '../../src/tui/frame.ts'
import { chartLines } from '../../src/tui/render/charts.ts'
import { openRenderer } from '../../src/tui/render/render.ts'
import { shippedTheme } from '../../src/tui/theme.ts'
import { emulator } from '../support/emulator.ts'

const rising: Chart = {
  kind: 'line',
  series: [
    { label: 'rx', role: 'chart.rx', values: Array.from({ length: 60 }, (_, at) => at) },
    { label: 'tx', role: 'chart.tx', values: Array.from({ length: 60 }, () => 5) },
  ],
  max: 60,
  times: ['-2 min', '-90 s', '-60 s', '-30 s'],
  lost: [],
}
const textOf = (lines: readonly Line[]): readonly string[] =>
  lines.map(({ spans }) => spans.map(({ text }) => text).join(''))
const rolesAt = (lines: readonly Line[], role: string): readonly number[] =>
  lines.flatMap(({ spans }, at) => (spans.some((each) => each.role === role) ? [at] : []))

test('a line that rises begins at the bottom left and ends at the top right, where its name stands', () => {
  const lines = chartLines(rising, 40, 10, false)
  const text = textOf(lines)
  expect(text).toHaveLength(10)
  expect(text.every((line) => line.length === 40)).toBe(true)
  expect(text[0]).toMatch(/^60 .*rx *$/)
  expect(text[0]).toMatch(/[\u2801-\u28ff] +rx/)
  expect(text[7]).toMatch(/^0 /)
  expect(text[9]).toContain('-2 min')
  // tx runs level, near the bottom.
  expect(Math.min(...rolesAt(lines, 'chart.tx'))).toBeGreaterThanOrEqual(6)
  expect(Math.min(...rolesAt(lines, 'chart.rx'))).toBe(0)
})

test('what is not known is a gap, not a zero and not a line across', () => {
  const values = Array.from({ length: 60 }, (_, at) => (at < 20 || at >= 40 ? 50 : null))
  const lines = chartLines({ ...rising, series: [{ label: 'rx', role: 'chart.rx', values }] }, 40, 8, false)
  const row = rolesAt(lines, 'chart.rx')[0] ?? -1
  const top = textOf(lines)[row] ?? ''
  const dots = Array.from(top, (character) => character > '\u2800' && character <= '\u28ff')
  expect(dots.slice(16, 24).includes(true)).toBe(false)
  expect(dots.slice(6, 13).every(Boolean)).toBe(true)
  expect(dots.slice(30, 34).every(Boolean)).toBe(true)
  // Nor is anything drawn elsewhere but its name.
  expect(rolesAt(lines, 'chart.rx')).toEqual([row])
})

test('nothing known, or nothing at all: axes and no curve', () => {
  const values = Array.from({ length: 60 }, () => null)
  const none = { ...rising, series: [{ label: 'rx', role: 'chart.rx', values } as const] }
  expect(rolesAt(chartLines(none, 40, 8, false), 'chart.rx')).toEqual([])
  expect(chartLines({ ...rising, series: [] }, 40, 8, false)).toEqual([])
})

test('two curves that end at one height are named below each other', () => {
  const same = rising.series.map((series) => ({ ...series, values: series.values.map(() => 0) }))
  const text = textOf(chartLines({ ...rising, series: same }, 40, 8, false))
  const at = (name: string) => text.findIndex((line) => line.endsWith(` ${name}`))
  expect([at('rx'), at('tx')].toSorted((a, b) => a - b)).toEqual([4, 5])
})

test('a loss is marked below its moment', () => {
  const lines = chartLines({ ...rising, lost: [30] }, 40, 8, false)
  const base = textOf(lines)[6] ?? ''
  expect(base.indexOf('!')).toBeGreaterThan(16)
  expect(base.indexOf('!')).toBeLessThan(24)
  expect(lines[6]?.spans.find(({ text }) => text === '!')?.role).toBe('link.down')
})

test('in ASCII: a sign for each curve, and no other character', () => {
  for (const lost of [[], [10, 11]]) {
    const text = textOf(chartLines({ ...rising, lost }, 40, 10, true)).join('\n')
    expect(text).toMatch(/^[\x20-\x7e\n]*$/)
    expect(text).toContain('*')
    expect(text).toContain('o')
    const spark = textOf(chartLines({ ...rising, kind: 'sparkline', lost }, 30, 2, true)).join('\n')
    expect(spark).toMatch(/^[\x20-\x7e\n]*$/)
  }
})

test('a sparkline has one tick a value against the common scale; losses and gaps show', () => {
  const values = [0, 1, 15, 30, 45, 60, null, 60]
  const spark = { ...rising, kind: 'sparkline', lost: [3] } as const
  const [line] = textOf(
    chartLines({ ...spark, series: [{ label: 'rx', role: 'chart.rx', values }] }, 8, 1, false),
  )
  expect(line).toBe('▁▂▂!▆█ █')
  // Half as much on the same scale is half as high.
  const half = values.map((value) => (value === null ? null : value / 2))
  const [low] = textOf(
    chartLines({ ...spark, series: [{ label: 'tx', role: 'chart.tx', values: half }] }, 8, 1, false),
  )
  expect(low?.at(-1)).toBe('▄')
  expect(chartLines(spark, 30, 2, false)).toHaveLength(2)
})

test('any size and any values: as many lines, none too wide, and it ends', () => {
  const odd = [0, Number.MAX_VALUE, -5, null, 1e-9, Infinity, NaN]
  for (const columns of [1, 2, 5, 9, 20, 200]) {
    for (const rows of [1, 2, 3, 6, 40]) {
      for (const kind of ['line', 'sparkline'] as const) {
        const chart = { ...rising, kind, series: [{ label: 'rx', role: 'chart.rx' as const, values: odd }] }
        const lines = chartLines(chart, columns, rows, false)
        expect(lines.length).toBeLessThanOrEqual(rows)
        for (const line of textOf(lines)) expect(line.length).toBeLessThanOrEqual(columns)
      }
    }
  }
})

function drawn(term: string, utf8: boolean, theme = 'dark') {
  const screen = emulator(60, 12)
  const chosen = shippedTheme(theme)
  if (chosen === null) throw new Error(theme)
  let bytes = 0
  const renderer = openRenderer({
    term,
    utf8,
    size: { columns: 60, rows: 12 },
    theme: chosen,
    write: (text) => {
      bytes += Buffer.byteLength(text)
      screen.write(text)
    },
  })
  const frame = (chart: Chart): Frame => ({
    columns: 60,
    rows: 12,
    cursor: null,
    regions: [{ id: 'chart', top: 1, left: 10, width: 40, height: 8, lines: [], chart }],
  })
  const until = async (wanted: RegExp) => {
    for (let left = 200; left > 0; left -= 1) {
      await screen.settled()
      if (wanted.test(screen.text())) return
      await new Promise((done) => setTimeout(done, 10))
    }
    throw new Error(`no ${wanted} in\n${screen.text()}`)
  }
  return { screen, renderer, frame, until, bytes: () => bytes, theme: chosen }
}

test('the first frame does not wait for what draws charts; it is drawn when that is here', async () => {
  const { screen, renderer, frame, until, theme } = drawn('xterm-256color', true)
  renderer.draw(frame(rising))
  await screen.settled()
  await until(/[\u2801-\u28ff].* rx/)
  const text = screen.rows().map((row) => row)
  const row = text.findIndex((line) => / rx *$/.test(line))
  const column = text[row]?.lastIndexOf('rx') ?? -1
  expect(screen.cell(row, column).fg).toBe(theme.roles['chart.rx'].fg)
  const low = text.findIndex((line) => / tx *$/.test(line))
  expect(screen.cell(low, text[low]?.lastIndexOf('tx') ?? 0).fg).toBe(theme.roles['chart.tx'].fg)
  // Within its region.
  expect(text.every((line) => line.slice(0, 10).trim() === '')).toBe(true)
  renderer.close()
})

test('the same chart again writes nothing; the next one only what differs', async () => {
  const { renderer, frame, until, bytes } = drawn('xterm-256color', true)
  renderer.draw(frame(rising))
  await until(/ rx/)
  const before = bytes()
  renderer.draw(frame({ ...rising }))
  expect(bytes()).toBe(before)
  const shifted = rising.series.map((series) => ({ ...series, values: [...series.values.slice(1), 20] }))
  renderer.draw(frame({ ...rising, series: shifted }))
  expect(bytes() - before).toBeGreaterThan(0)
  expect(bytes() - before).toBeLessThan(1000)
  renderer.close()
})

test('closed before the charts came: nothing more is written', async () => {
  const { renderer, frame, bytes } = drawn('xterm-256color', true)
  renderer.draw(frame(rising))
  renderer.close()
  const before = bytes()
  await import('../../src/tui/render/charts.ts')
  await new Promise((done) => setTimeout(done, 50))
  expect(bytes()).toBe(before)
})

test('where the terminal or its font has no braille, ASCII; without colour the names tell the curves apart', async () => {
  for (const [term, utf8] of [
    ['xterm-256color', false],
    ['linux', true],
  ] as const) {
    const { screen, renderer, frame, until } = drawn(term, utf8, 'monochrome')
    renderer.draw(frame(rising))
    await until(/\*.* rx/)
    expect(screen.text()).toMatch(/^[\x20-\x7e\n]*$/)
    expect(screen.text()).toMatch(/o.* tx/)
    renderer.close()
  }
})
