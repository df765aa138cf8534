/** Editing one line of text. Positions count characters, not UTF-16 units. */
import type { Key } from '../msg.ts'
import type { Input } from '../state.ts'

export const emptyInput: Input = { text: '', cursor: 0 }

/** Longer than anything worth looking for, and short enough to draw. */
const longest = 500

export function inputOf(text: string): Input {
  return { text, cursor: Array.from(text).length }
}

/** Text at the cursor. Line ends and other control characters of a paste become spaces. */
export function inserted(input: Input, text: string): Input {
  const plain = Array.from(text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' '))
  const characters = Array.from(input.text)
  const room = plain.slice(0, Math.max(0, longest - characters.length))
  characters.splice(input.cursor, 0, ...room)
  return { text: characters.join(''), cursor: input.cursor + room.length }
}

type Edit = {
  readonly title: string
  readonly run: (before: readonly string[], after: readonly string[]) => Parts
}
type Parts = readonly [readonly string[], readonly string[]]

/** As readline has them. `run` gets the characters on both sides of the cursor. */
export const edits: Readonly<Record<Key, Edit>> = {
  left: { title: 'one left', run: (before, after) => [before.slice(0, -1), [...before.slice(-1), ...after]] },
  right: { title: 'one right', run: (before, after) => [[...before, ...after.slice(0, 1)], after.slice(1)] },
  home: { title: 'to the start', run: (before, after) => [[], [...before, ...after]] },
  end: { title: 'to the end', run: (before, after) => [[...before, ...after], []] },
  'C-a': { title: 'to the start', run: (before, after) => [[], [...before, ...after]] },
  'C-e': { title: 'to the end', run: (before, after) => [[...before, ...after], []] },
  backspace: { title: 'delete the one before', run: (before, after) => [before.slice(0, -1), after] },
  delete: { title: 'delete the one here', run: (before, after) => [before, after.slice(1)] },
  'C-u': { title: 'delete all before', run: (_, after) => [[], after] },
  'C-k': { title: 'delete all after', run: (before) => [before, []] },
  'C-w': {
    title: 'delete the word before',
    run: (before, after) => [Array.from(before.join('').replace(/\S*\s*$/u, '')), after],
  },
}

/** null: not a key that edits. */
export function edited(input: Input, key: Key): Input | null {
  const edit = Object.hasOwn(edits, key) ? edits[key] : undefined
  if (edit === undefined) {
    const typed = key === 'space' ? ' ' : key
    return Array.from(typed).length === 1 ? inserted(input, typed) : null
  }
  const characters = Array.from(input.text)
  const [before, after] = edit.run(characters.slice(0, input.cursor), characters.slice(input.cursor))
  return { text: [...before, ...after].join(''), cursor: before.length }
}
