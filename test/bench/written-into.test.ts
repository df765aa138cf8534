import { expect, test } from 'vitest'
import { betweenMarks } from './written-into.ts'

const page =
  'a\n\n<!-- bench x -->\n\nold\n\n<!-- /bench x -->\n\n<!-- bench y -->\n\nother\n\n<!-- /bench y -->\n'

test('only what stands between the marks of the group is another', () => {
  const written = betweenMarks(page, 'x', 'new')
  expect(written).toBe(page.replace('old', 'new'))
  expect(betweenMarks(written, 'x', 'old')).toBe(page)
})

test('a page without the marks of the group is not written', () => {
  expect(() => betweenMarks(page, 'z', 'new')).toThrow('<!-- bench z -->')
})
