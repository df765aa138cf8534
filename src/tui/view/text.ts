/** Spans: pieces of a line with a meaning, cut and filled to columns. */
import { sanitise } from '../../lib/sanitise.ts'
import { cut, drawable, width } from '../../lib/width.ts'
import type { Line, Role, Span } from '../frame.ts'

/** Outside text, harmless and in characters whose width everybody agrees on. */
export function clean(text: string): string {
  return drawable(sanitise(text))
}

/** The only way text gets into a frame. */
export function span(text: string, role: Role = 'text'): Span {
  return { text: clean(text), role }
}

export function gap(columns: number): Span {
  return { text: ' '.repeat(Math.max(0, columns)), role: 'text' }
}

export function widthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, each) => sum + width(each.text), 0)
}

/** At most so many columns; what had to be cut ends with `…`. */
export function fitted(spans: readonly Span[], columns: number): readonly Span[] {
  if (widthOf(spans) <= columns) return spans
  const out: Span[] = []
  let left = columns
  for (const [at, each] of spans.entries()) {
    const wide = width(each.text)
    const isLast = at === spans.length - 1
    // Room for the mark stays, unless nothing follows that would be lost.
    if (wide < left || (wide === left && isLast)) {
      out.push(each)
      left -= wide
      continue
    }
    if (left > 0)
      out.push({
        text: wide === left ? `${cut(each.text, left - 1, '')}…` : cut(each.text, left),
        role: each.role,
      })
    break
  }
  return out
}

/** Exactly so many columns. */
export function padded(spans: readonly Span[], columns: number): readonly Span[] {
  const fit = fitted(spans, columns)
  const rest = columns - widthOf(fit)
  return rest > 0 ? [...fit, gap(rest)] : fit
}

/** Right-aligned in so many columns. */
export function atRight(text: string, columns: number, role: Role): readonly Span[] {
  const fit = fitted([span(text, role)], columns)
  return [gap(columns - widthOf(fit)), ...fit]
}

/** Something on the left, something on the right; the right one wins where both do not fit. */
export function bothEnds(left: readonly Span[], right: readonly Span[], columns: number): readonly Span[] {
  const end = fitted(right, columns)
  const room = columns - widthOf(end)
  return [...padded(fitted(left, Math.max(0, room - 1)), room), ...end]
}

/** Breaks between words; a word that is longer than a line is cut. */
export function wrapped(spans: readonly Span[], columns: number): readonly (readonly Span[])[] {
  const lines: Span[][] = [[]]
  let used = 0
  for (const { text, role } of spans) {
    for (const word of text.match(/\s+|\S+/g) ?? []) {
      const wide = width(word)
      const line = lines.at(-1)
      if (used + wide <= columns && line !== undefined) {
        line.push({ text: word, role })
        used += wide
      } else if (word.trim() !== '') {
        const piece = cut(word, columns)
        lines.push([{ text: piece, role }])
        used = width(piece)
      }
    }
  }
  return lines.map(merged)
}

/** Neighbours of one role as one span: fewer pieces to paint. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const out: Span[] = []
  for (const each of spans) {
    const last = out.at(-1)
    if (each.text === '') continue
    if (last?.role === each.role) out[out.length - 1] = { text: last.text + each.text, role: each.role }
    else out.push(each)
  }
  return out
}

/** A line of a region, cut to its width. */
export function lineOf(spans: readonly Span[], columns: number, selected = false): Line {
  const cutSpans = merged(fitted(spans, columns))
  return selected ? { spans: cutSpans, selected } : { spans: cutSpans }
}

/** At most so many columns, with its beginning and its end: names that differ only at the end stay apart. */
export function cutInside(text: string, columns: number): string {
  const told = clean(text)
  if (width(told) <= columns) return told
  const start = cut(told, Math.ceil((columns - 1) / 2), '')
  let end = ''
  for (const character of Array.from(told).toReversed()) {
    if (width(start) + width(character + end) > columns - 1) break
    end = character + end
  }
  return columns < 1 ? '' : `${start}…${end}`
}
