/** A key by its name as a terminal sends it: for the few that were read together with the one that led to a shell. */
import type { Key } from '../msg.ts'

const named: Readonly<Record<Key, string>> = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  'S-tab': '\x1b[Z',
  space: ' ',
  'C-space': '\0',
  backspace: '\x7f',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  insert: '\x1b[2~',
  delete: '\x1b[3~',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
}

/** Empty: nothing that a shell would understand. */
export function keyBytes(key: Key): string {
  const known = Object.hasOwn(named, key) ? named[key] : undefined
  if (known !== undefined) return known
  if (Array.from(key).length === 1) return key
  const control = controlByte(key)
  if (control !== null) return String.fromCharCode(control)
  return key.startsWith('M-') && keyBytes(key.slice(2)) !== '' ? `\x1b${keyBytes(key.slice(2))}` : ''
}

/** Of `C-a`, `C-]`; null: not a key of that kind. */
export function controlByte(key: Key): number | null {
  const letter = /^C-([a-z[\\\]^_])$/.exec(key)?.[1]
  return letter === undefined ? null : letter.toUpperCase().charCodeAt(0) - 0x40
}
