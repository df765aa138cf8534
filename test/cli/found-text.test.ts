import { expect, test } from 'vitest'
import { foundText } from '../../src/cli/found-text.ts'
import { style } from '../../src/cli/style.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Found } from '../../src/model/found.ts'

const web = { id: netnsId(1), name: 'web' }
const short: Found = {
  token: 'eth0',
  what: 'link',
  ref: { netns: netnsId(1), name: 'eth0' },
  owner: web,
  says: 'is a link',
}
const long: Found = {
  ...short,
  says: 'is a link of the container that serves the shop and nothing but the shop',
  publishedBy: '192.0.2.1:8080, and by every other address that this host has',
}

test('what fits one line is one; else each part has its own, below', () => {
  const plain = style({ colour: false, unicode: true })
  expect(foundText([short], plain)).toEqual(['eth0  in web: is a link'])
  const lines = foundText([long], plain)
  expect(lines).toHaveLength(3)
  expect(lines[0]).toBe('eth0')
  expect(lines[2]).toMatch(/^ {4}published by 192\.0\.2\.1:8080/)
})

test('colours count for nothing', () => {
  expect(foundText([short], style({ colour: true, unicode: true }))).toHaveLength(1)
})
