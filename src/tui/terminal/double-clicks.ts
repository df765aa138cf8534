import type { Input } from './decode-keys.ts'

/** As desktops have it. */
const doubleMs = 400

/** The second of two clicks at one place is a double click; the third begins anew. `now`: milliseconds. */
export function doubleClicks(): (input: Input, now: number) => Input {
  let last: { readonly row: number; readonly column: number; readonly at: number } | null = null
  return (input, now) => {
    if (input.type !== 'mouse' || input.mouse.event !== 'click') {
      last = null
      return input
    }
    const { row, column } = input.mouse
    const again = last !== null && last.row === row && last.column === column && now - last.at <= doubleMs
    last = again ? null : { row, column, at: now }
    return again ? { type: 'mouse', mouse: { ...input.mouse, event: 'double' } } : input
  }
}
