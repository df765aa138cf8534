/** Text that strangers choose, made to break a terminal or what is drawn on it; and what of it must not get there. */

/** No slash, colon or space among them, so that those of at most 15 bytes can be names of links. */
export const hostileTexts = {
  title: '\x1b]0;owned\x07',
  clear: '\x1b[2J\x1b[H',
  oneByteCsi: '\x9b31mred\x9c',
  tags: '{bold}{red-fg}b',
  markup: '{|}{escape}{',
  rightToLeft: 'a\u202egnp.exe',
  isolates: '\u2066x\u2069\u200e\u200f',
  emoji: '🐳👩‍👧',
  flag: '🇩🇪1\ufe0f\u20e3',
  wide: '容器容器',
  combining: 'e\u0301\u0335\u0489o',
  zeroWidth: 'a\u200bb\ufeffc\u2060',
  deleted: 'rm\x7f\x08\x08ls',
  shifts: '\x0e\x0f\x1bc\x1b(0',
  separators: 'a\u2028b\u2029\x85c',
  long: 'x'.repeat(300),
} as const

/** What moves the cursor or hides a letter: C0, DEL, C1, bidirectional and zero-width characters, line separators. */
export const harmful =
  /[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/

/** What was written to a terminal, without the sequences that the program itself uses to draw. */
export function drawn(raw: string): string {
  return raw.replace(/\x1b(\[[0-9;?]*[A-Za-z]|[78=>])/g, '')
}
