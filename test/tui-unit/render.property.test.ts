/** The drawing of 2,000 random steps on a terminal: what does not change is not touched, and nothing is left behind. */
import { array, assert, asyncProperty } from 'fast-check'
import { expect, test } from 'vitest'
import { width } from '../../src/lib/width.ts'
import type { Frame } from '../../src/tui/frame.ts'
import { openRenderer } from '../../src/tui/render/render.ts'
import { shippedTheme } from '../../src/tui/theme.ts'
import { emulator } from '../support/emulator.ts'
import { opened, play, steps } from './random-steps.ts'
import { textOfFrame } from './screen.ts'

const theme = shippedTheme('dark')
const runs = Number(process.env['FC_RUNS'] ?? 20)
/** With panes beside each other. */
const size = { columns: 112, rows: 30 }
/** Cells and their colours are looked at after so many steps. */
const together = 4

function stage() {
  const shown = emulator(size.columns, size.rows)
  let bytes = 0
  if (theme === null) throw new Error('no theme')
  const renderer = openRenderer({
    term: 'xterm-256color',
    utf8: true,
    size,
    theme,
    write: (text) => {
      bytes += text.length
      shown.write(text)
    },
  })
  return {
    shown,
    renderer,
    /** How much was written for it. */
    draw: async (frame: Frame) => {
      const before = bytes
      renderer.draw(frame)
      await shown.settled()
      return bytes - before
    },
  }
}

/** Adds the cells of regions whose lines differ, that came or that went; false: there were none. */
function addChanged(cells: Set<number>, before: Frame, after: Frame): boolean {
  const key = (frame: Frame) => new Map(frame.regions.map((each) => [each.id, each]))
  const [old, now] = [key(before), key(after)]
  const found = [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    const [a, b] = [old.get(id), now.get(id)]
    // What draws charts comes when it is loaded.
    const same = a?.chart === undefined && b?.chart === undefined && JSON.stringify(a) === JSON.stringify(b)
    return same ? [] : [a, b].filter((each) => each !== undefined)
  })
  for (const { top, left, width, height } of found) {
    for (let row = top; row < top + height; row += 1)
      for (let column = left; column < left + width; column += 1) cells.add(row * size.columns + column)
  }
  return found.length > 0
}

type Stage = ReturnType<typeof stage>

/** Each cell with its colours. */
function pictureOf({ shown }: Stage): readonly string[] {
  return Array.from({ length: size.rows * size.columns }, (_, at) => {
    const { text, fg, bg, bold, underline, inverse } = shown.cell(
      Math.floor(at / size.columns),
      at % size.columns,
    )
    // What was erased looks like a space.
    const isBlank = (text === '' || text === ' ') && !underline && !inverse
    // Nobody sees which colour a space would be written in.
    if (isBlank) return ` ,${bg}`
    return `${text === '' ? ' ' : text},${fg},${bg},${Number(bold)}${Number(underline)}${Number(inverse)}`
  })
}

/** Of a cell with its colours. */
function isWide(cell: string): boolean {
  return width(cell.slice(0, cell.indexOf(','))) === 2
}

test('no cell changes outside the regions that do; the same frame writes nothing; the terminal shows the frame', async () => {
  await assert(
    asyncProperty(array(steps, { minLength: 100, maxLength: 100 }), async (list) => {
      const playing = opened({ mode: 'live' })
      const { it } = playing
      it.send({ type: 'resize', size })
      const on = stage()
      let last = it.frame()
      await on.draw(last)
      let picture = pictureOf(on)
      const changed = new Set<number>()
      for (const [at, step] of list.entries()) {
        // Sizes have a test of their own: everything is drawn anew then.
        if (step.do !== 'resize') play(playing, step)
        const next = it.frame()
        const bytes = await on.draw(next)
        const isOther = addChanged(changed, last, next)
        if (!isOther && JSON.stringify(next.cursor) === JSON.stringify(last.cursor)) expect(bytes).toBe(0)
        // Made anew, it is the same.
        expect(await on.draw(it.frame())).toBe(0)
        if (next.regions.every(({ chart }) => chart === undefined)) {
          const wanted = textOfFrame(next).trimEnd().split('\n')
          expect(on.shown.rows().join('\n').trimEnd().split('\n')).toEqual(wanted)
        }
        last = next
        if (at % together !== together - 1) continue
        const now = pictureOf(on)
        const touched = now.flatMap((cell, place) => (cell === picture[place] ? [] : [place]))
        const isHalf = (place: number): boolean =>
          changed.has(place + 1) && [picture[place], now[place]].some((cell) => isWide(cell ?? ''))
        // A box over its right half takes a wide character away.
        const outside = touched.filter((place) => !changed.has(place) && !isHalf(place))
        expect(outside.map((place) => `${place}: ${picture[place]} → ${now[place]}`)).toEqual([])
        changed.clear()
        picture = now
      }
      on.renderer.close()
    }),
    { numRuns: runs },
  )
}, 300_000)
