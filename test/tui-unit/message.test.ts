/** What the program says is read whole, also where it is longer than the footer's line. */
import { expect, test } from 'vitest'
import { live, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

const refusal =
  'cannot write "vethscope-vm-20261121T140322Z.json.gz": permission denied; choose a folder where you may write'

function refused(it: Screen): void {
  it.keys('S')
  it.worker({ type: 'failed', id: 1, failure: { kind: 'refused', what: refusal } })
}

const lastLines = (it: Screen, count: number): string =>
  it.text().trimEnd().split('\n').slice(-count).join('').replace(/\s+/g, ' ').trim()

test.each([
  { columns: 60, rows: 16 },
  { columns: 80, rows: 24 },
])('what is longer than the line takes the line above too: $columns×$rows', (size) => {
  const it = live(dockerHost(), { size })
  const before = it.text()
  refused(it)
  expect(lastLines(it, 2)).toBe(refusal)
  expect(it.frame().regions.at(-1)).toMatchObject({ id: 'footer', top: size.rows - 2, height: 2 })
  it.keys('escape')
  expect(it.text()).toBe(before)
})

test('also over what is open', () => {
  const it = live(dockerHost())
  it.keys('S', '?')
  it.worker({ type: 'failed', id: 1, failure: { kind: 'refused', what: refusal } })
  expect(lastLines(it, 2)).toBe(refusal)
})

test('without end it is not: the third line ends with what tells that there is more', () => {
  const it = live(dockerHost(), { size: { columns: 60, rows: 16 } })
  it.keys('S')
  it.worker({ type: 'failed', id: 1, failure: { kind: 'refused', what: `${refusal} `.repeat(5) } })
  expect(it.frame().regions.at(-1)?.height).toBe(3)
  expect(lastLines(it, 1)).toMatch(/…$/)
})

test('what m says fits on one line of 80', () => {
  const it = live(dockerHost())
  it.keys('m')
  expect(lastLines(it, 1)).toBe('the mouse works here: click, double click, wheel; Shift selects text')
})
