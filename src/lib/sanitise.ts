/**
 * Text from outside (names, aliases, process titles, file contents, tools' output) made harmless for a terminal.
 * What it changes: C0 and C1 controls, DEL, line ends, bidirectional overrides and isolates, zero-width and
 * other format characters, lone surrogates. Each becomes a visible escape, so that two different names stay
 * different: ESC → `\x1b`, U+202E → `\u202e`.
 */

const printableAscii = /^[\x20-\x7e]*$/
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\u{${code.toString(16)}}`
}

/** One line of harmless text. */
export function sanitise(text: string): string {
  if (printableAscii.test(text)) return text
  return text.replace(unsafe, escapeOf)
}

/** As JSON strings allow: what JSON.stringify leaves as it is (DEL, C1, bidi …) becomes \\uXXXX. */
export function escapeJson(json: string): string {
  // Megabytes of plain ASCII, mostly: counting bytes is ten times as fast as looking for each class of character.
  if (Buffer.byteLength(json) === json.length && !json.includes('\x7f')) return json
  return json.replace(/[\x7f\p{Cf}\p{Cs}\p{Co}\p{Cn}\u0080-\u009f\u2028\u2029]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
