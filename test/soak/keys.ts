/** Somebody at the keyboard who looks at everything, and never leaves. */
import { oneOf, type Random } from './random.ts'

const moves = ['\x1bOA', '\x1bOB', '\x1bOB', 'j', 'k', '\x1b[5~', '\x1b[6~', 'g', 'G', 'h', 'l'] as const
/** Without x: from the menu, Enter on a random row could quit. */
const looks = [
  '\r',
  '\r',
  '\x7f',
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  '\t',
  '\x1b[Z',
  ' ',
  '0',
  'b',
  'y',
  'Y',
  'T',
  'o',
  'm',
  'n',
  'N',
  'z',
  'z',
  '!',
  '?',
  '\x0c',
  '1',
  '1',
  '2',
  '3',
  '4',
  '7',
] as const
/** Without a q: what is meant for a prompt that did not open would be keys. */
const texts = ['veth1', 'x', '10.0.1', 'eth0 down', 'br0', '02:00:00', 'nothing at all'] as const

/** Bytes to send in one go. */
export function randomKeys(pick: Random): string {
  const kind = pick(20)
  if (kind < 8) return oneOf(moves, pick)
  if (kind < 16) return oneOf(looks, pick)
  if (kind === 19) return '\x1b'
  const ending = oneOf(['\r', '\r', '', '\x1b'], pick)
  return `${oneOf(['/', 'f', 'r'], pick)}\x1b[200~${oneOf(texts, pick)}\x1b[201~${ending}`
}
