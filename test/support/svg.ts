/** A picture of a terminal's cells, for the README and for eyes. */
import type { Cell, Emulator } from './emulator.ts'

const cellWidth = 8.4
const cellHeight = 18
const margin = 12
const ground = '#16181d'
const ink = '#d7dae0'

const basic = [
  '#000000',
  '#cd3131',
  '#0dbc79',
  '#e5e510',
  '#2472c8',
  '#bc3fbc',
  '#11a8cd',
  '#e5e5e5',
  '#666666',
  '#f14c4c',
  '#23d18b',
  '#f5f543',
  '#3b8eea',
  '#d670d6',
  '#29b8db',
  '#ffffff',
]

export function svgOf(screen: Emulator): string {
  const rowCount = screen.rows().length
  const width = screen.columns * cellWidth + 2 * margin
  const height = rowCount * cellHeight + 2 * margin
  const parts: string[] = []
  for (let row = 0; row < rowCount; row += 1) {
    for (const run of runsOf(screen, row)) parts.push(...drawRun(run, row))
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="6" fill="${ground}"/>`,
    `<g font-family="'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,monospace" font-size="14" xml:space="preserve">`,
    ...parts,
    '</g></svg>',
    '',
  ].join('\n')
}

type Run = { readonly column: number; readonly cells: number; readonly text: string; readonly look: Look }
type Look = {
  readonly fill: string
  readonly ground: string | null
  readonly bold: boolean
  readonly underline: boolean
}

function runsOf(screen: Emulator, row: number): Run[] {
  const runs: Run[] = []
  for (let column = 0; column < screen.columns; column += 1) {
    const cell = screen.cell(row, column)
    const look = lookOf(cell)
    const last = runs.at(-1)
    // Characters beyond ASCII stand alone: a font may draw them wider than a cell.
    const alone = /[^\x20-\x7e]/.test(cell.text + (last?.text ?? ''))
    if (last !== undefined && !alone && JSON.stringify(last.look) === JSON.stringify(look)) {
      runs[runs.length - 1] = { ...last, cells: last.cells + 1, text: last.text + (cell.text || ' ') }
    } else runs.push({ column, cells: 1, text: cell.text || ' ', look })
  }
  return runs
}

function lookOf(cell: Cell): Look {
  const fill = cell.fg === null ? ink : palette(cell.fg)
  const back = cell.bg === null ? null : palette(cell.bg)
  const turned = cell.inverse
  return {
    fill: turned ? (back ?? ground) : fill,
    ground: turned ? fill : back,
    bold: cell.bold,
    underline: cell.underline,
  }
}

function drawRun(run: Run, row: number): string[] {
  const x = margin + run.column * cellWidth
  const y = margin + row * cellHeight
  const width = run.cells * cellWidth
  const { look } = run
  const out: string[] = []
  if (look.ground !== null) {
    out.push(
      `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${cellHeight}" fill="${look.ground}"/>`,
    )
  }
  if (run.text.trim() !== '') {
    const weight = look.bold ? ' font-weight="bold"' : ''
    const line = look.underline ? ' text-decoration="underline"' : ''
    out.push(
      `<text x="${n(x)}" y="${n(y + 13.5)}" fill="${look.fill}"${weight}${line} textLength="${n(width)}">${escape(run.text)}</text>`,
    )
  }
  return out
}

function palette(index: number): string {
  if (index < 16) return basic[index] ?? ink
  if (index >= 232) return grey(8 + (index - 232) * 10)
  const level = (at: number) => (at === 0 ? 0 : 55 + at * 40)
  const at = index - 16
  return rgb(level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6))
}

function grey(level: number): string {
  return rgb(level, level, level)
}

function rgb(...levels: readonly number[]): string {
  return `#${levels.map((level) => level.toString(16).padStart(2, '0')).join('')}`
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
