/**
 * How far apart the letters of `word` stand in `text`; null: they are not there in that order. 0: it begins with it.
 * Capitals are no difference.
 */
export function fuzzy(text: string, word: string): number | null {
  const lower = word.toLowerCase()
  const whole = text.toLowerCase()
  if (whole.startsWith(lower)) return 0
  let at = -1
  let score = 1
  for (const letter of lower) {
    const next = whole.indexOf(letter, at + 1)
    if (next === -1) return null
    score += next - at - 1
    at = next
  }
  return score
}
