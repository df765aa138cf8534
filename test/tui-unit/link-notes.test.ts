import { expect, test } from 'vitest'
import type { Span } from '../../src/tui/frame.ts'
import { fittedNotes, type Note } from '../../src/tui/view/link-notes.ts'
import { span } from '../../src/tui/view/text.ts'

const textOf = (spans: readonly Span[]): string => spans.map(({ text }) => text).join('')
const ports: Note = {
  spans: [span(':8080>80 127.0.0.1:8443>443')],
  whole: true,
  shorter: [span(':8080>80 +1')],
}
const alias: Note = { spans: [span('alias www')] }

test('a note that has no room is told in fewer words before it is left out', () => {
  expect(textOf(fittedNotes([ports], 30))).toBe(':8080>80 127.0.0.1:8443>443')
  expect(textOf(fittedNotes([ports, alias], 20))).toBe(':8080>80 +1, alias …')
  expect(textOf(fittedNotes([ports, alias], 12))).toBe(':8080>80 +1…')
  expect(textOf(fittedNotes([ports, alias], 9))).toBe('…')
})
