/** A picture of a terminal's cells, for the README and for eyes. */
import type { Cell, Emulator } from './emulator.ts'

const cellWidth = 8.4
const cellHeight = 18
const margin = 12

/** What a terminal shows where a program names no colour. */
export type Paper = { readonly ground: string; readonly ink: string }
export const darkPaper: Paper = { ground: '#16181d', ink: '#d7dae0' }
export const lightPaper: Paper = { ground: '#ffffff', ink: '#24292e' }

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

export function svgOf(screen: Emulator, paper: Paper = darkPaper): string {
  const rowCount = screen.rows().length
  const width = n(screen.columns * cellWidth + 2 * margin)
  const height = rowCount * cellHeight + 2 * margin
  const parts: string[] = []
  for (let row = 0; row < rowCount; row += 1) {
    for (const run of runsOf(screen, row, paper)) parts.push(...drawRun(run, row))
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="6" fill="${paper.ground}"/>`,
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

function runsOf(screen: Emulator, row: number, paper: Paper): Run[] {
  const runs: Run[] = []
  for (let column = 0; column < screen.columns; column += 1) {
    const cell = screen.cell(row, column)
    const look = lookOf(cell, paper)
    const text = cell.text || ' '
    const last = runs.at(-1)
    const isSame = last !== undefined && JSON.stringify(last.look) === JSON.stringify(look)
    // Characters beyond ASCII stand alone, because a font may draw them wider than a cell; lines go on.
    const joins =
      isSame && (isAscii(text) ? isAscii(last.text) : arms[text] !== undefined && last.text.startsWith(text))
    if (joins) runs[runs.length - 1] = { ...last, cells: last.cells + 1, text: last.text + text }
    else runs.push({ column, cells: 1, text, look })
  }
  return runs
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

/** Lines are drawn, not written: fonts leave gaps between rows. Which way each goes from the middle: l, r, u, d. */
const arms: Readonly<Record<string, string>> = {
  '─': 'lr',
  '━': 'lr',
  '│': 'ud',
  '├': 'udr',
  '└': 'ur',
  '┌': 'dr',
  '┐': 'dl',
  '┘': 'ul',
  '┤': 'udl',
}

function lookOf(cell: Cell, paper: Paper): Look {
  const fill = cell.fg === null ? paper.ink : palette(cell.fg)
  const back = cell.bg === null ? null : palette(cell.bg)
  const turned = cell.inverse
  return {
    fill: turned ? (back ?? paper.ground) : fill,
    ground: turned ? fill : back,
    bold: cell.bold,
    underline: cell.underline,
  }
}

function drawRun(run: Run, row: number): string[] {
  const x = margin + run.column * cellWidth
  const y = margin + row * cellHeight
  const width = run.cells * cellWidth
  const { look, text } = run
  const out: string[] = []
  if (look.ground !== null) out.push(rect(x, y, width, cellHeight, look.ground))
  const lines = arms[text.charAt(0)]
  if (lines !== undefined) out.push(...drawLines(run, lines, x, y))
  else if (text.trim() !== '') {
    // Spaces at the ends are not written: some viewers leave them out of the length.
    const [, before = ''] = /^( *)/.exec(text) ?? []
    const told = text.trim()
    const weight = look.bold ? ' font-weight="bold"' : ''
    const line = look.underline ? ' text-decoration="underline"' : ''
    const length = told.length > 1 ? ` textLength="${n(told.length * cellWidth)}"` : ''
    out.push(
      `<text x="${n(x + before.length * cellWidth)}" y="${n(y + 13.5)}" fill="${look.fill}"${weight}${line}${length}>${escape(told)}</text>`,
    )
  }
  return out
}

function drawLines({ cells, text, look }: Run, lines: string, x: number, y: number): string[] {
  const thick = text.startsWith('━') || look.bold ? 2 : 1
  const out: string[] = []
  for (let at = 0; at < cells; at += 1) {
    const left = x + at * cellWidth
    const [middle, centre] = [left + cellWidth / 2 - thick / 2, y + cellHeight / 2 - thick / 2]
    if (lines === 'lr') return [rect(x, centre, cells * cellWidth, thick, look.fill)]
    const up = lines.includes('u') ? y : centre
    const down = lines.includes('d') ? y + cellHeight : centre + thick
    out.push(rect(middle, up, thick, down - up, look.fill))
    if (lines.includes('r')) out.push(rect(middle, centre, cellWidth / 2 + thick / 2, thick, look.fill))
    if (lines.includes('l')) out.push(rect(left, centre, cellWidth / 2 + thick / 2, thick, look.fill))
  }
  return out
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}"/>`
}

function palette(index: number): string {
  if (index < 16) return basic[index] ?? darkPaper.ink
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
