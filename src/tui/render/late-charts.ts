/** Charts as lines; nothing until what draws them was loaded, which begins when the first one is asked for. */
import type { Chart, Line } from '../frame.ts'

type Draw = (chart: Chart, columns: number, rows: number, ascii: boolean) => readonly Line[]

/** `ascii`: the terminal has no braille, or its font has none (the Linux console's). */
export function lateCharts(
  ascii: boolean,
  loaded: () => void,
): (chart: Chart, columns: number, rows: number) => readonly Line[] {
  let draw: Draw | null = null
  let isAsked = false
  const load = async () => {
    const { chartLines } = await import('./charts.ts')
    draw = chartLines
    loaded()
  }
  return (chart, columns, rows) => {
    if (!isAsked) {
      isAsked = true
      void load()
    }
    return draw === null ? [] : draw(chart, columns, rows, ascii)
  }
}
