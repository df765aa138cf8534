/** Why something cannot be done now is read whole, at every size: in `x`, in `?`, and after its key. */
import { describe, expect, test } from 'vitest'
import type { Size } from '../../src/tui/frame.ts'
import { menuOf } from '../../src/tui/select/menu.ts'
import { helpLines } from '../../src/tui/view/help.ts'
import { popupInner } from '../../src/tui/view/popup.ts'
import { live, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

const sizes: readonly Size[] = [
  { columns: 60, rows: 16 },
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
]

/** A recording refuses much, each with its reason. */
const recording = (size: Size): Screen => live(dockerHost(), { size, mode: 'replay' })

/** What stands between the borders, as running text. */
function inside(it: Screen): string {
  const popup = it.frame().regions.find(({ id }) => id === 'popup')
  const lines = popup?.lines.map(({ spans }) => spans.map(({ text }) => text).join('')) ?? []
  return lines
    .map((line) => line.slice(2, -2))
    .join(' ')
    .replace(/\s+/g, ' ')
}

describe.each(sizes)('at $columns×$rows', (size) => {
  test('x shows what each row does and why it cannot, whole, while the row is chosen', () => {
    const it = recording(size)
    it.keys('x')
    for (const { title, why } of menuOf(it.state)) {
      const text = inside(it)
      expect(text).toContain(title.replace(/\s+/g, ' '))
      if (why !== null) expect(text).toContain(`not now: ${why}`)
      it.keys('down')
    }
  })

  test('the list of x stays where it is while one moves in it', () => {
    const it = recording(size)
    it.keys('x')
    const heights = menuOf(it.state).map(() => {
      it.keys('down')
      return it.frame().regions.find(({ id }) => id === 'popup')?.height
    })
    expect(new Set(heights).size).toBe(1)
  })

  test('the help wraps a reason that has no room', () => {
    const it = recording(size)
    it.keys('?')
    const lines = helpLines(it.state, popupInner(size))
    const text = lines.map(({ spans }) => spans.map((each) => each.text).join('')).join(' ')
    const reasons = menuOf(it.state).flatMap(({ why }) => (why === null ? [] : [why]))
    expect(reasons.length).toBeGreaterThan(5)
    for (const why of reasons) expect(text.replace(/\s+/g, ' ')).toContain(`not now: ${why}`)
  })
})
