/** The screen's own drawing for terminals that do not speak UTF-8; what has no likeness becomes `?`. */
import { width } from './width.ts'

const likeness: Readonly<Record<string, string>> = {
  '…': '~',
  '·': '.',
  '•': '*',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '←': '<',
  '→': '>',
  '↑': '^',
  '↓': 'v',
  '⇄': '=',
  '▲': '^',
  '▼': 'v',
  '▶': '>',
  '◀': '<',
  '│': '|',
  '┃': '|',
  '║': '|',
  '─': '-',
  '━': '-',
  '═': '-',
  '▁': '_',
  '▂': '_',
  '▃': '.',
  '▄': '.',
  '▅': ':',
  '▆': ':',
  '▇': '#',
  '█': '#',
  '░': '.',
  '▒': ':',
  '▓': '#',
}

/** As wide as before. Corners and crossings of lines are all `+`. */
export function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => {
    const like = likeness[character]
    if (like !== undefined) return like
    return character >= '\u2500' && character <= '\u257f' ? '+' : '?'.repeat(width(character))
  })
}
