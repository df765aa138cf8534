/** Cuts a line into words as a shell does, quotes and backslashes included, and nothing else of a shell. */

/** null: a quote is left open. */
export function wordsOf(line: string): readonly string[] | null {
  const words: string[] = []
  let word: string | null = null
  let quote: string | null = null
  const characters = Array.from(line)
  for (let at = 0; at < characters.length; at += 1) {
    const each = characters[at] ?? ''
    if (quote !== null) {
      if (each === quote) quote = null
      else word = `${word ?? ''}${each}`
    } else if (each === "'" || each === '"') {
      quote = each
      word ??= ''
    } else if (each === '\\') {
      at += 1
      word = `${word ?? ''}${characters[at] ?? ''}`
    } else if (/\s/.test(each)) {
      if (word !== null) words.push(word)
      word = null
    } else word = `${word ?? ''}${each}`
  }
  if (quote !== null) return null
  return word === null ? words : [...words, word]
}
