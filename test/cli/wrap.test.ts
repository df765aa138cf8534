import { assert, integer, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { gapsText } from '../../src/cli/gaps-text.ts'
import { tellingAddressesText } from '../../src/cli/link-text.ts'
import { style } from '../../src/cli/style.ts'
import { definitions, wrap } from '../../src/cli/wrap.ts'

const plain = style({ colour: false, unicode: false })

test('breaks at spaces, keeps long words whole, loses nothing', () => {
  expect(wrap('aa bb cc', 5)).toEqual(['aa bb', 'cc'])
  expect(wrap('aa /a/very/long/path b', 6)).toEqual(['aa', '/a/very/long/path', 'b'])
  expect(wrap('漢字 漢字', 8)).toEqual(['漢字', '漢字'])
  expect(wrap('')).toEqual([''])
  assert(
    property(string(), integer({ min: 1, max: 30 }), (text, room) => {
      const lines = wrap(text, room)
      expect(lines.join(' ')).toBe(text)
      for (const line of lines) expect(line.length <= room || !line.trim().includes(' ')).toBe(true)
    }),
  )
})

test('definitions go on below their text, not below their term', () => {
  const words = Array.from({ length: 41 }, (_, at) => `cap_number_${at}`).join(' ')
  const lines = definitions([
    [{ text: 'capabilities' }, words],
    [{ text: 'node' }, 'v20'],
  ])
  expect(lines.length).toBeGreaterThan(5)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  for (const line of lines.slice(1, -1)) expect(line).toMatch(/^ {14}cap_/)
  expect(lines.at(-1)).toBe('node          v20')
})

test('gaps of one reason are one entry', () => {
  const gap = (subject: string) => ({
    what: 'netns',
    subject,
    reason: 'permission denied',
    hint: 'run as root',
  })
  expect(gapsText(['a', 'b'].map(gap), plain)).toEqual([
    'could not be read (2):',
    '  netns of a, b: permission denied; run as root',
  ])
  const many = gapsText(
    [...Array(300).keys()].map((at) => gap(`container${at}`)),
    plain,
  ).join('\n')
  expect(many).toMatch(/^could not be read \(300\):\n {2}netns of container0,[^]*295\s+more:\s+permission/)
  expect(gapsText([gap('a'), { ...gap('b'), reason: 'gone' }], plain)).toHaveLength(3)
})

test('tables leave link-local addresses out, and nothing else', () => {
  expect(
    tellingAddressesText(['fe80::1/64', '169.254.1.1/16', 'FEBF::2/64', 'fec0::1/64', 'fe8::1/64']),
  ).toBe('169.254.1.1/16 fec0::1/64 fe8::1/64')
  expect(tellingAddressesText({ unknown: 'why' })).toBe('unreadable: why')
})
