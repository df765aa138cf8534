/** The program's own signs for terminals that do not speak UTF-8. */
import { width } from './width.ts'

const likeness: Readonly<Record<string, string>> = {
  '…': '~',
  '×': 'x',
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

/** Of the screen, as wide as before. Corners and crossings of lines are all `+`, what has no likeness becomes `?`. */
export function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => {
    const like = likeness[character]
    if (like !== undefined) return like
    return character >= '\u2500' && character <= '\u257f' ? '+' : '?'.repeat(width(character))
  })
}

/** What reads better where nothing has to keep its width. */
const spelled: Readonly<Record<string, string>> = { '…': '...', '→': '->', '←': '<-', '⇄': '<->', '⏎': '|' }

/**
 * Of what a command prints. In front of a column a sign takes the room it needs from the blanks behind it. What has no likeness
 * is part of a name of this host: it stays, because another name would be a wrong one.
 */
export function toAsciiText(text: string): string {
  return text
    .replace(/(…\S*) {2}(?= )/gu, '$1')
    .replace(/[^\x00-\x7f]/gu, (character) => spelled[character] ?? likeness[character] ?? character)
}
