/** The names of keys (msg.ts `Key`) for what terminals send. Pure tables; who splits the bytes is decode-keys.ts. */

const letters: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
}

const numbers: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
}

/** The number pad in application mode (VT100). */
const keypad: Readonly<Record<string, string>> = {
  ' ': 'space',
  I: 'tab',
  M: 'enter',
  X: '=',
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  p: '0',
  q: '1',
  r: '2',
  s: '3',
  t: '4',
  u: '5',
  v: '6',
  w: '7',
  x: '8',
  y: '9',
}

const plainControls: Readonly<Record<string, string>> = {
  '\x00': 'C-space',
  '\x08': 'backspace',
  '\t': 'tab',
  '\n': 'enter',
  '\r': 'enter',
  '\x7f': 'backspace',
  ' ': 'space',
}

/** A control character, DEL or the space bar; null for any other character. */
export function controlKey(character: string): string | null {
  const named = plainControls[character]
  if (named !== undefined) return named
  if (character < '\x20') return `C-${String.fromCharCode(character.charCodeAt(0) + 0x40).toLowerCase()}`
  return null
}

/** A character that can be typed; null for C1 controls, format characters and what is no character. */
export function printableKey(character: string): string | null {
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029\ufffd]/u.test(character) ? null : character
}

/** `CSI parameters final`; null: not a key. */
export function csiKey(parameters: string, final: string): string | null {
  if (!/^[0-9;:]*$/.test(parameters)) return null
  const [first = '', second = '', third = ''] = parameters.split(';')
  if (final === 'u') return codeKey(first, second)
  if (final === '~' && first === '27') return codeKey(third, second)
  if (final === 'Z') return 'S-tab'
  // rxvt: lower case is shifted; `^`, `$`, `@` in place of `~` are Ctrl, Shift, both.
  if (/^[a-d]$/.test(final) && first === '') return named(letters[final.toUpperCase()], '2')
  if (final === '~') return named(numbers[first], second)
  if (final === '^') return named(numbers[first], '5')
  if (final === '$') return named(numbers[first], '2')
  if (final === '@') return named(numbers[first], '6')
  return named(letters[final], second)
}

/** `SS3 parameters final`: arrows and number pad in application mode. */
export function ss3Key(parameters: string, final: string): string | null {
  const pad = keypad[final]
  if (pad !== undefined) return pad
  if (/^[a-d]$/.test(final)) return named(letters[final.toUpperCase()], '5')
  return named(letters[final], parameters.split(';').at(-1) ?? '')
}

function named(key: string | undefined, modifiers: string): string | null {
  return key === undefined ? null : prefix(modifiers, true) + key
}

/** xterm's modifyOtherKeys and the `CSI u` keys: a code point and modifiers. */
function codeKey(code: string, modifiers: string): string | null {
  const point = Number(code.split(':')[0])
  if (!Number.isInteger(point) || point <= 0 || point > 0x10ffff) return null
  if (point === 27) return `${prefix(modifiers, true)}escape`
  const character = String.fromCodePoint(point)
  const control = plainControls[character]
  if (control !== undefined) return prefix(modifiers, true) + control
  const printable = point < 0x20 ? null : printableKey(character)
  return printable === null ? null : prefix(modifiers, false) + printable
}

/** xterm counts modifiers from 1: 1 + shift + 2 × alt + 4 × ctrl. A letter carries its shift itself. */
function prefix(modifiers: string, shift: boolean): string {
  const bits = Math.max(0, Number(modifiers.split(':')[0]) - 1) || 0
  return `${(bits & 4) !== 0 ? 'C-' : ''}${(bits & 2) !== 0 ? 'M-' : ''}${shift && (bits & 1) !== 0 ? 'S-' : ''}`
}
