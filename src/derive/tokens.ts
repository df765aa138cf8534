/** Cuts what was pasted, a word or a whole line of a log, into the parts that could mean something. */

export type Token = {
  readonly text: string
  /** The word it stood behind: `SRC` of `SRC=10.0.0.1`, `pid` of `pid 812`; '' where none. */
  readonly key: string
  /** It is all that was given. */
  readonly alone: boolean
}

/** `net:[4026532177]` and a program's `nginx[812]` hold brackets that part nothing. */
const part = /net:\[\d+\]|[^\s,;"'`<>(){}|[\]=]+\[\d+\]|[^\s,;"'`<>(){}|[\]=]+/g

export function tokensOf(text: string): readonly Token[] {
  const line = text.trim()
  const tokens: Token[] = []
  let last = ''
  let end = 0
  for (const found of line.matchAll(part)) {
    const word = found[0].replace(/[.:!?]+$/, (tail) => (found[0].endsWith('::') ? tail : ''))
    if (word === '') continue
    const between = line.slice(end, found.index)
    tokens.push({
      text: word,
      key: /^\s*=\s*$|^\s+$/.test(between) ? last : '',
      alone: word.length === line.length,
    })
    last = word
    end = found.index + found[0].length
  }
  // A name may hold what parts words elsewhere: all of it is one more token.
  if (tokens.length !== 1 || tokens[0]?.text !== line) tokens.unshift({ text: line, key: '', alone: true })
  return tokens.filter(
    (token, at) => tokens.findIndex((one) => one.text === token.text && one.key === token.key) === at,
  )
}
