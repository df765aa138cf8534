/**
 * The canvas that blessed-contrib's line chart draws on, in place of its own: two by four dots a cell, each with a role
 * instead of a colour. What is not a number lifts the pen: contrib's own canvas would draw a gap as a line to the edge.
 */
import type { Line, Role, Span } from '../frame.ts'

/** Of the canvas API what contrib's line chart calls. */
export type DotContext = {
  strokeStyle: Role
  fillStyle: Role
  clearRect(): void
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  stroke(): void
  fillText(text: string, x: number, y: number): void
}

type Point = { readonly x: number; readonly y: number; readonly joined: boolean }
export type Curve = { readonly role: Role; readonly points: readonly Point[] }

export type DotCanvas = {
  readonly context: DotContext
  /** Every path that was drawn, in turn. */
  readonly curves: readonly Curve[]
  text(column: number, row: number, text: string, role: Role): void
  lines(): readonly Line[]
}

/** Of a cell, by dot row and column: the bits of U+2800. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const

/** `characterOf`: what a cell with these dots is drawn as. */
export function dotCanvas(
  columns: number,
  rows: number,
  characterOf: (dots: number, role: Role) => string,
): DotCanvas {
  const dots = new Uint8Array(columns * rows)
  const cells: { role: Role; text: string | null }[] = Array.from({ length: columns * rows }, () => ({
    role: 'text',
    text: null,
  }))
  const curves: Curve[] = []
  let path: Point[] = []

  const set = (x: number, y: number, role: Role) => {
    const [column, row] = [x >> 1, y >> 2]
    if (column < 0 || row < 0 || column >= columns || row >= rows) return
    const at = row * columns + column
    dots[at] = (dots[at] ?? 0) | (bits[y & 3]?.[x & 1] ?? 0)
    const cell = cells[at]
    if (cell !== undefined) cell.role = role
  }
  const text = (column: number, row: number, words: string, role: Role) => {
    Array.from(words).forEach((character, place) => {
      const cell = column + place < columns && row < rows ? cells[row * columns + column + place] : undefined
      if (cell === undefined) return
      cell.role = role
      cell.text = character
    })
  }
  const add = (x: number, y: number, joined: boolean) => {
    const isPoint = Number.isFinite(x) && Number.isFinite(y)
    const after = joined && !Number.isNaN(path.at(-1)?.y ?? Number.NaN)
    // The top of contrib's scale lies two dots above the canvas; a number far off it must not be walked to.
    const point = { x: within(x, 2 * columns), y: within(y, 4 * rows), joined: after }
    path.push(isPoint ? point : { x: within(x, 2 * columns), y: Number.NaN, joined: false })
  }

  const context: DotContext = {
    strokeStyle: 'text',
    fillStyle: 'text',
    clearRect: () => {},
    beginPath: () => (path = []),
    moveTo: (x, y) => add(x, y, false),
    lineTo: (x, y) => add(x, y, true),
    stroke: () => {
      const role = context.strokeStyle
      curves.push({ role, points: [...path] })
      path.forEach((point, at) => {
        if (Number.isNaN(point.y)) return
        const from = point.joined ? (path[at - 1] ?? point) : point
        segment(from, point, (x, y) => set(x, y, role))
      })
    },
    fillText: (words, x, y) =>
      text(Math.max(0, Math.floor(x / 2)), Math.max(0, Math.floor(y / 4)), words, context.fillStyle),
  }
  const cellSpan = (at: number): Span => {
    const { role, text } = cells[at] ?? { role: 'text', text: null }
    if (text !== null) return { text, role }
    const seen = dots[at] ?? 0
    return { text: seen === 0 ? ' ' : characterOf(seen, role), role: seen === 0 ? 'text' : role }
  }
  return {
    context,
    curves,
    text,
    lines: () =>
      Array.from({ length: rows }, (_, row) => ({
        spans: joined(Array.from({ length: columns }, (__, column) => cellSpan(row * columns + column))),
      })),
  }
}

export const braille = (dots: number): string => String.fromCharCode(0x2800 + dots)

const within = (value: number, most: number): number => Math.max(0, Math.min(most, Math.floor(value)))

/** Every dot from one point to another (Bresenham). */
function segment(from: Point, to: Point, set: (x: number, y: number) => void): void {
  const [dx, dy] = [Math.abs(to.x - from.x), -Math.abs(to.y - from.y)]
  const [sx, sy] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)]
  let { x, y } = from
  let error = dx + dy
  for (let left = Math.max(dx, -dy); left >= 0; left -= 1) {
    set(x, y)
    const twice = 2 * error
    if (twice >= dy) {
      error += dy
      x += sx
    }
    if (twice <= dx) {
      error += dx
      y += sy
    }
  }
}

function joined(spans: readonly Span[]): readonly Span[] {
  const out: Span[] = []
  for (const each of spans) {
    const last = out.at(-1)
    if (last?.role === each.role) out[out.length - 1] = { text: last.text + each.text, role: each.role }
    else out.push(each)
  }
  return out
}
