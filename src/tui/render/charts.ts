/**
 * Charts by blessed-contrib, as lines of our own boxes. Of contrib's widgets only what they draw is used, without a
 * screen of theirs: nothing is bound to blessed, no timer runs, and colours stay roles until paint-line.ts. Loaded with
 * the first chart, because contrib takes as long to load as all else that draws.
 */
import ContribLine from 'blessed-contrib/lib/widget/charts/line.js'
import ContribSparkline from 'blessed-contrib/lib/widget/sparkline.js'
import type { Chart, ChartSeries, Line, Role } from '../frame.ts'
import { braille, dotCanvas, type DotCanvas } from './dot-canvas.ts'

export function chartLines(chart: Chart, columns: number, rows: number, ascii: boolean): readonly Line[] {
  return chart.kind === 'line'
    ? lineChart(chart, columns, rows, ascii)
    : chart.series.slice(0, rows).map((series) => sparkline(chart, series, columns, ascii))
}

/** Behind the curves, for what they are called. */
const labelWidth = 4
/** contrib leaves the last four dot rows empty, for a frame that it does not get here. */
const emptyRows = 1

function lineChart(chart: Chart, columns: number, rows: number, ascii: boolean): readonly Line[] {
  if (chart.series.length === 0) return []
  const plot = Math.max(1, columns - labelWidth)
  const canvas = dotCanvas(columns, rows + emptyRows, ascii ? asciiCell(chart) : braille)
  const steps = stepsOf(chart.max, rows)
  const padding = 2 * (digits(chart.max, steps) + 1)
  const count = chart.series[0]?.values.length ?? 0
  ContribLine.prototype.setData.call(
    {
      ctx: canvas.context,
      canvasSize: { width: 2 * plot, height: 4 * (rows + emptyRows) },
      options: {
        style: { line: 'text', text: 'dim', baseline: 'border' },
        xPadding: padding,
        xLabelPadding: padding,
        // A little above the last label, because contrib writes only those below the top.
        minY: 0,
        maxY: chart.max * beyond,
        numYLabels: steps * beyond,
        showNthLabel: Math.max(1, Math.ceil(count / Math.max(1, chart.times.length))),
        legend: {},
        wholeNumbersOnly: false,
        abbreviate: false,
      },
    },
    chart.series.map(({ label, role, values }) => ({
      title: label,
      x: timesAt(chart.times, count),
      y: values.map((value) => value ?? Number.NaN),
      style: { line: role },
    })),
  )
  markLosses(chart, canvas, rows)
  nameCurves(chart, canvas, plot, rows)
  return canvas.lines().slice(0, rows)
}

const beyond = 1.01

/** Into how many steps the scale is divided: as many as there is room for, such that contrib writes them without rounding. */
function stepsOf(max: number, rows: number): number {
  const room = rows >= 10 ? [4, 3, 2] : [2, 3]
  return room.find((steps) => max / steps < 1 || Number.isInteger(max / steps)) ?? 2
}

/** As contrib writes them: two decimals where a step is below one. */
function digits(max: number, steps: number): number {
  return max.toFixed(max / steps < 1 ? 2 : 0).length
}

function timesAt(times: readonly string[], count: number): readonly string[] {
  const step = Math.max(1, Math.ceil(count / Math.max(1, times.length)))
  return Array.from({ length: count }, (_, at) => (at % step === 0 ? (times[at / step] ?? '') : ''))
}

/** On the base line, below the moment. */
function markLosses(chart: Chart, canvas: DotCanvas, rows: number): void {
  for (const at of chart.lost) {
    const x = canvas.curves[0]?.points[at]?.x
    if (x !== undefined) canvas.text(x >> 1, rows - 2, '!', 'link.down')
  }
}

/** Beside where each ends; two that end in one row stand below each other. */
function nameCurves(chart: Chart, canvas: DotCanvas, plot: number, rows: number): void {
  const taken = new Set<number>()
  const named = chart.series.flatMap(({ label, role }, at) => {
    const last = canvas.curves[at]?.points.findLast(({ y }) => !Number.isNaN(y))
    return last === undefined ? [] : [{ label, role, y: last.y }]
  })
  const lowest = Math.max(0, rows - 3)
  for (const { label, role, y } of named.sort((a, b) => a.y - b.y)) {
    const wanted = Math.min(y >> 2, lowest)
    const below = named.length - taken.size - 1
    let row = Math.min(wanted, Math.max(0, lowest - below))
    while (taken.has(row)) row += 1
    taken.add(row)
    canvas.text(plot + 2, row, label, role)
  }
}

/** A sign for each curve; the axes as lines. */
function asciiCell(chart: Chart): (dots: number, role: Role) => string {
  const signs = new Map(chart.series.map(({ role }, at) => [role, '*o+x'[at] ?? '*']))
  return (dots, role) => signs.get(role) ?? (upright.has(dots) ? '|' : '-')
}

/** All four dots of one side. */
const upright: ReadonlySet<number> = new Set([0x47, 0xb8])

const asciiTicks: Readonly<Record<string, string>> = {
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
}
/** The package counts in whole numbers. */
const fine = 7000

/** One character a value; the newest ones where there are more. */
function sparkline(chart: Chart, { role, values }: ChartSeries, columns: number, ascii: boolean): Line {
  const first = Math.max(0, values.length - columns)
  const seen = values.slice(first)
  const whole = seen.map((value) => {
    if (value === null || value <= 0) return 0
    // Something is more than nothing, also where it is far below the scale's first step.
    return Math.max(fine / 7 + 1, Math.min(fine, Math.round((value / chart.max) * fine)))
  })
  let content = ''
  ContribSparkline.prototype.setData.call(
    // The two ends of the scale are drawn behind the others and cut off.
    {
      options: { style: { titleFg: 'white' } },
      width: whole.length + 4,
      setContent: (text) => (content = text),
    },
    [''],
    [[...whole, 0, fine]],
  )
  const ticks = Array.from(content.split('\r\n')[2] ?? '')
  const lost = new Set(chart.lost)
  return {
    spans: seen.map((value, at) => {
      if (lost.has(first + at)) return { text: '!', role: 'link.down' as const }
      const tick = ticks[at] ?? ' '
      return { text: value === null ? ' ' : ascii ? (asciiTicks[tick] ?? '?') : tick, role }
    }),
  }
}
