/**
 * How many columns a character takes in a shell's terminal: as today's C libraries and terminals count, which is what the
 * shell's programs go by. What blessed counts otherwise is drawn as □ of that width (cell-line.ts).
 * The shape is xterm's `IUnicodeVersionProvider`; properties are packed as its UnicodeService does: join in bit 0, the width
 * in bits 1–2.
 */
import { eastAsianWidth } from 'get-east-asian-width'
import type { IUnicodeVersionProvider } from '@xterm/headless'

const zero = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u

function wcwidth(codepoint: number): 0 | 1 | 2 {
  if (codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0)) return 0
  if (codepoint < 0x300) return 1
  return zero.test(String.fromCodePoint(codepoint)) ? 0 : eastAsianWidth(codepoint)
}

export const cellWidths: IUnicodeVersionProvider = {
  version: 'vethscope',
  wcwidth,
  charProperties: (codepoint, preceding) => {
    const own = wcwidth(codepoint)
    /* oxlint-disable no-bitwise -- xterm's packing */
    const before = (preceding >> 1) & 3
    const joins = own === 0 && preceding !== 0 && before > 0
    const wide = joins ? Math.max(before, own) : own
    return (wide << 1) | (joins ? 1 : 0)
    /* oxlint-enable no-bitwise */
  },
}
