/** A word of a command line as a shell needs it, in quotes where it holds more than plain characters. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
