/** JSON that a person wrote: what is wrong with it is told with its place, and without the text itself. */
import { scanJson, type JsonProblem } from './scan-json.ts'

/** Nobody nests settings as deep. */
const mostLevels = 32

/** `wrong`: `line 3, column 7: expected a value`. */
export function parseJson(text: string): { readonly json: unknown } | { readonly wrong: string } {
  const bytes = Buffer.from(text)
  const scan = scanJson(bytes, mostLevels)
  return scan.ok ? { json: JSON.parse(text) as unknown } : { wrong: jsonProblemText(bytes, scan) }
}

/** The place counted as editors do (columns in bytes), and what is wrong there. */
export function jsonProblemText(text: Uint8Array, { offset, says }: JsonProblem): string {
  const before = text.subarray(0, offset)
  const line = before.reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 1)
  return `line ${line}, column ${offset - before.lastIndexOf(0x0a)}: ${says}`
}
