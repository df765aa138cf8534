import { width } from '../lib/width.ts'
import { columns, type Cell } from './columns.ts'

/** What text for people keeps to where it can: the narrowest terminal that is common. */
export const lineColumns = 80

/** Lines of at most that many columns, broken at spaces only: a longer word (a path, an example) stays whole. */
export function wrap(text: string, room: number = lineColumns): readonly string[] {
  const lines: string[] = []
  let line: string | null = null
  for (const word of text.split(' ')) {
    const longer: string = line === null ? word : `${line} ${word}`
    if (line === null || width(longer) <= room) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line ?? '']
}

/** Terms with their texts in one column beside them, wrapped there. */
export function definitions(rows: readonly (readonly [term: Cell, text: string])[]): readonly string[] {
  const indent = Math.max(0, ...rows.map(([term]) => width(term.text))) + 2
  return columns(
    rows.flatMap(([term, text]) =>
      wrap(text, Math.max(20, lineColumns - indent)).map((line, at) => [
        at === 0 ? term : { text: '' },
        { text: line },
      ]),
    ),
  )
}
