import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { colourDepth } from '../../src/tui/terminal/colour-depth.ts'

/** A description with so many colours, as tic(1) would write it: with the old magic and with the one for larger numbers. */
function description(colours: number, wide: boolean): Buffer {
  const [names, booleans, size] = ['t|test\0', 3, wide ? 4 : 2]
  const head = Buffer.alloc(12)
  ;[wide ? 0o1036 : 0o432, names.length, booleans, 14, 0, 0].forEach((value, at) =>
    head.writeInt16LE(value, at * 2),
  )
  const padding = (names.length + booleans) % 2
  const numbers = Buffer.alloc(14 * size, 0xff)
  if (wide) numbers.writeInt32LE(colours, 13 * size)
  else numbers.writeInt16LE(colours, 13 * size)
  return Buffer.concat([head, Buffer.from(names), Buffer.alloc(booleans + padding), numbers])
}

test.each([
  ['xterm-256color', {}, null, 256],
  ['linux', {}, null, 8],
  ['vt220', {}, null, 8],
  ['xterm', { COLORTERM: 'truecolor' }, 8, 256],
  ['xterm', {}, 8, 8],
  ['rxvt', {}, 88, 16],
  ['xterm-16color', {}, null, 16],
  ['xterm-kitty', {}, null, 256],
  ['never-heard-of', {}, null, 256],
  ['odd', {}, 256, 256],
] as const)('%s %j, described with %s: %i colours', (TERM, more, told, depth) => {
  for (const wide of [false, true]) {
    const terminfo = () => (told === null ? null : description(told, wide))
    expect(colourDepth({ TERM, ...more }, terminfo)).toBe(depth)
  }
})

test('what is cut short or no description says nothing', () => {
  const whole = description(8, false)
  for (let length = 0; length < whole.length; length += 1)
    expect(colourDepth({ TERM: 'odd' }, () => whole.subarray(0, length))).toBe(256)
  expect(colourDepth({ TERM: 'odd' }, () => Buffer.from('#!/bin/sh\n'.repeat(9)))).toBe(256)
  expect(colourDepth({ TERM: '../../etc/passwd' })).toBe(256)
})

test.each(['xterm', 'screen', 'ansi'])('%s: as tput says', (TERM) => {
  const tput = ['-T', TERM, 'colors']
  const { stdout, status } = spawnSync(['/usr/bin', 'tput'].join('/'), tput, { encoding: 'utf8' })
  if (status !== 0) return
  const colours = Number(stdout)
  expect(colourDepth({ TERM })).toBe(colours >= 256 ? 256 : colours >= 16 ? 16 : 8)
})
