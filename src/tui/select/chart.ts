/** The last two minutes of the selected thing's traffic, as curves. */
import type { Chart, ChartSeries } from '../frame.ts'
import { scaleOf } from './chart-scale.ts'
import { buckets } from './buckets.ts'
import type { ChartLinks } from './chart-links.ts'
import { historyMs, trafficOf, type History, type Traffic } from './history.ts'
import { memoRecent } from './memo-recent.ts'

export type ChartUnit = 'bits' | 'packets'

export type TrafficChart = {
  readonly chart: Chart
  /** Of its numbers: `kbit/s`. */
  readonly unit: string
  /** As last measured, in that unit; null: not known. */
  readonly rx: number | null
  readonly tx: number | null
  /** Packets a second that were dropped or broken, as last measured. */
  readonly lost: number
}

/** Below this a scale would make a few stray packets look like a flood. */
const least: Readonly<Record<ChartUnit, number>> = { bits: 1000, packets: 4 }
const called: Readonly<Record<ChartUnit, string>> = { bits: 'bit/s', packets: 'pk/s' }
const bitsOfByte = 8

/** `count` points; it divides two minutes into whole milliseconds. */
export const trafficChart = memoRecent(
  (
    history: History,
    { links }: ChartLinks,
    unit: ChartUnit,
    kind: Chart['kind'],
    count: number,
  ): TrafficChart => {
    const traffic = trafficOf(history, links)
    const last = traffic.at(-1)
    const step = historyMs / count
    // On a grid of its own, so that the curve moves by whole steps and stands still in between.
    const end = Math.ceil((last?.at ?? 0) / step) * step
    const spread = (valueOf: (each: Traffic) => number | null) => buckets(traffic, valueOf, end, step, count)
    const rx = spread((each) => rxOf(each, unit))
    const tx = spread((each) => txOf(each, unit))
    const most = Math.max(0, ...rx.map((value) => value ?? 0), ...tx.map((value) => value ?? 0))
    const { max, unit: text, factor } = scaleOf(most, called[unit], least[unit])
    const scaled = (value: number | null): number | null => (value === null ? null : value / factor)
    const curve = (label: string, role: ChartSeries['role'], values: readonly (number | null)[]) => ({
      label,
      role,
      values: values.map(scaled),
    })
    return {
      chart: {
        kind,
        series: [curve('rx', 'chart.rx', rx), curve('tx', 'chart.tx', tx)],
        max,
        times: kind === 'line' ? ['-2 min', '-90 s', '-60 s', '-30 s'] : [],
        lost: spread(({ lost }) => lost).flatMap((value, at) => (value !== null && value > 0 ? [at] : [])),
      },
      unit: text,
      rx: last === undefined ? null : scaled(rxOf(last, unit)),
      tx: last === undefined ? null : scaled(txOf(last, unit)),
      lost: last?.lost ?? 0,
    }
  },
)

function rxOf({ rxBytes, rxPackets }: Traffic, unit: ChartUnit): number | null {
  return unit === 'packets' ? rxPackets : rxBytes === null ? null : rxBytes * bitsOfByte
}

function txOf({ txBytes, txPackets }: Traffic, unit: ChartUnit): number | null {
  return unit === 'packets' ? txPackets : txBytes === null ? null : txBytes * bitsOfByte
}
