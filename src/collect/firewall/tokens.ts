/**
 * Lines and words of iptables-save's output. A value with other than harmless characters stands in double quotes, in
 * which `"`, `\` and `'` are escaped by a backslash (xtables_save_string in libxtables); a line break is not, so a
 * comment can hold what looks like a rule.
 */

/** `start` and `end` lead back into the line. */
export type Token = {
  readonly text: string
  readonly quoted: boolean
  readonly start: number
  readonly end: number
}

const lineFeed = 10
const space = 32
const quote = 34
const backslash = 92

/** Where the line that starts at `start` ends: at a line feed outside quotes. Only lines of rules have quotes. */
export function endOfLine(text: string, start: number): number {
  const first = text[start]
  if (first !== '-' && first !== '[') {
    const end = text.indexOf('\n', start)
    return end < 0 ? text.length : end
  }
  let quoted = false
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === backslash) at++
      else if (code === quote) quoted = false
    } else if (code === lineFeed) return at
    else if (code === quote && text.charCodeAt(at - 1) === space) quoted = true
  }
  return text.length
}

export function tokenise(line: string, from: number): Token[] {
  const tokens: Token[] = []
  for (let at = from; at < line.length;) {
    if (line.charCodeAt(at) === space) {
      at++
      continue
    }
    const token = line.charCodeAt(at) === quote ? quotedAt(line, at) : plainAt(line, at)
    tokens.push(token)
    at = token.end
  }
  return tokens
}

function plainAt(line: string, start: number): Token {
  const found = line.indexOf(' ', start)
  const end = found < 0 ? line.length : found
  return { text: line.slice(start, end), quoted: false, start, end }
}

function quotedAt(line: string, start: number): Token {
  let text = ''
  let from = start + 1
  let at = from
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code === quote) break
    if (code !== backslash) continue
    text += line.slice(from, at)
    from = ++at
  }
  text += line.slice(from, Math.min(at, line.length))
  return { text, quoted: true, start, end: Math.min(at + 1, line.length) }
}
