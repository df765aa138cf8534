/**
 * The traffic of the selected thing, at the bottom of its details. Where there is room a line chart:
 *
 * ── rx 12.3  tx 1.2  kbit/s ──────── 3 ports ─
 * 20 ⡇        ⢀⠤⠒⠉⠉⠒⠤⡀                     rx
 *
 * else one or two lines: ` rx ▁▁▂▅▇▅▂▁ 12.3   tx ▁▁▁▂▁▁▁▁ 1.2 kbit/s   2 min`
 */
import type { Line, Region, Span } from '../frame.ts'
import type { Box } from '../layout.ts'
import { chartLinks, type ChartLinks } from '../select/chart-links.ts'
import { trafficChart, type TrafficChart } from '../select/chart.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { glyphs, type Glyphs } from './glyphs.ts'
import { scaledNumber, shortNumber } from './numbers.ts'
import { rule } from './rule.ts'
import { bothEnds, fitted, gap, lineOf, span, widthOf } from './text.ts'

/** How many rows of the details' box belong to the chart; 0: there is none. */
export function chartRows(state: State, { height }: Box): number {
  const { status } = shown(state)
  // A recording is one moment.
  if (status.type === 'replay' || chartLinks(state) === null) return 0
  // Who turns to the details wants to read them.
  const isRead = state.topology.focus === 'detail'
  if (height >= 14 && !isRead) return Math.max(7, Math.min(16, Math.floor(height * 0.38)))
  return height >= 10 ? 2 : height >= 5 ? 1 : 0
}

export function chartRegions(state: State, details: Box): readonly Region[] {
  const height = chartRows(state, details)
  const links = chartLinks(state)
  if (height === 0 || links === null) return []
  const box = { ...details, top: details.top + details.height - height, height }
  return height > 2 ? lineRegions(state, links, box) : sparkRegions(state, links, box)
}

/** Two seconds each. */
const points = 60

function lineRegions(state: State, links: ChartLinks, box: Box): readonly Region[] {
  const traffic = trafficChart(shown(state).history, links, state.topology.unit, 'line', points)
  const heading = headingSpans(traffic, subjectText(links), box.width, glyphs(state.options.ascii))
  const empty = Array.from({ length: box.height - 1 }, () => lineOf([], box.width))
  return [
    { id: 'chart.title', ...box, lines: [lineOf(heading, box.width), ...empty] },
    {
      id: 'chart',
      top: box.top + 1,
      left: box.left + 1,
      width: box.width - 1,
      height: box.height - 1,
      lines: [],
      chart: traffic.chart,
    },
  ]
}

/** Losses are told whole: what stands at the right end goes first, then gaps, then the numbers' end. */
function headingSpans(traffic: TrafficChart, right: string, columns: number, look: Glyphs): readonly Span[] {
  const { rx, tx, unit } = traffic
  const lost = lostSpans(traffic)
  const title = (between: number) => [
    span(`rx ${numberOf(rx)}`, 'chart.rx'),
    gap(between),
    span(`tx ${numberOf(tx)}`, 'chart.tx'),
    gap(between),
    span(unit, 'dim'),
  ]
  // Two dashes and a blank before it, a blank and a dash behind it.
  const room = columns - 5
  const beside = room - widthOf([span(right)]) - 3
  const wide = [...title(2), ...lost]
  if (widthOf(wide) <= beside) return rule(wide, columns, look, { right })
  const fit = [wide, [...title(1), ...lost]].find((spans) => widthOf(spans) <= room)
  return rule(fit ?? [...fitted(title(1), Math.max(0, room - widthOf(lost))), ...lost], columns, look)
}

/** As many points as there is room for; each divides two minutes. */
const counts = [60, 40, 30, 24, 20, 15, 12, 10, 8, 6] as const
/** ` rx ` before the ticks, ` 12.3` behind them. */
const before = 4
const numberWidth = 5

function sparkRegions(state: State, links: ChartLinks, box: Box): readonly Region[] {
  const { history } = shown(state)
  const isBeside = box.height === 1
  const behind = 10 + numberWidth
  const room = Math.floor((isBeside ? (box.width - behind) / 2 : box.width - behind) - before - numberWidth)
  const count = counts.find((each) => each <= room) ?? 6
  const traffic = trafficChart(history, links, state.topology.unit, 'sparkline', count)
  const { rx, tx, unit, chart } = traffic
  const part = (label: 'rx' | 'tx', value: number | null): readonly Span[] => [
    span(` ${label} `, `chart.${label}`),
    gap(count),
    span(` ${numberOf(value)}`.padEnd(numberWidth), `chart.${label}`),
  ]
  const about = [span(subjectText(links), 'dim'), gap(1)]
  const lost = lostSpans(traffic)
  const end = [span(` ${unit}`, 'dim'), ...lost]
  const lines: readonly Line[] = isBeside
    ? [besideLine([...part('rx', rx), ...part('tx', tx)], { end, lost, about }, box.width)]
    : [
        lineOf(bothEnds([...part('rx', rx), span(` ${unit}`, 'dim')], about, box.width), box.width),
        besideLine(part('tx', tx), { end, lost, about: [] }, box.width),
      ]
  const second = isBeside ? { left: widthOf(part('rx', rx)), top: 0 } : { left: 0, top: 1 }
  return [
    { id: 'chart.title', ...box, lines },
    ...chart.series.map((series, at) => ({
      id: `chart.${series.label}`,
      top: box.top + (at === 0 ? 0 : second.top),
      left: box.left + before + (at === 0 ? 0 : second.left),
      width: count,
      height: 1,
      lines: [],
      chart: { ...chart, series: [series] },
    })),
  ]
}

type Behind = Readonly<Record<'end' | 'lost' | 'about', readonly Span[]>>

/** Losses stay: whose traffic it is goes first, then the unit. */
function besideLine(parts: readonly Span[], { end, lost, about }: Behind, columns: number): Line {
  const whole = [...parts, ...end]
  if (lost.length === 0 || widthOf(whole) + 1 + widthOf(about) <= columns)
    return lineOf(bothEnds(whole, about, columns), columns)
  if (widthOf(whole) <= columns) return lineOf(whole, columns)
  return lineOf([...fitted(parts, Math.max(0, columns - widthOf(lost))), ...lost], columns)
}

const numberOf = (value: number | null): string => (value === null ? '-' : scaledNumber(value))

function lostSpans({ lost }: TrafficChart): readonly Span[] {
  return lost > 0 ? [span(`  ${shortNumber(Math.max(1, lost))} lost/s`, 'link.down')] : []
}

/** Whose traffic it is, where that is not the selected link's own. */
function subjectText({ links, of, count }: ChartLinks): string {
  if (of === 'link') return '2 min'
  const all = count === links.length ? '' : ` of ${count}`
  return `${links.length}${all} ${of === 'ports' ? 'port' : 'link'}${links.length === 1 ? '' : 's'}`
}
