/** Output of a program, in whatever pieces it comes, as harmless lines. A progress bar that goes back to the line's start is one, too. */
import { StringDecoder } from 'node:string_decoder'
import { sanitise } from '../../lib/sanitise.ts'

/** Who prints no line ends is shown in pieces of that many characters. */
const longest = 2000
const tabStop = 8

export type Lines = {
  add(chunk: Buffer): void
  /** What stands there without a line end is a line as well. */
  end(): void
}

export function linesOf(emit: (line: string) => void): Lines {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const take = (text: string): void => {
    const lines = `${rest}${text}`.split(/\r?\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) tell(line)
    if (rest.length > longest) {
      tell(rest)
      rest = ''
    }
  }
  const tell = (line: string): void => {
    for (let at = 0; at === 0 || at < line.length; at += longest)
      emit(sanitise(withoutTabs(line.slice(at, at + longest))))
  }
  return {
    add: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end())
      const last = rest.replace(/\r$/, '')
      rest = ''
      if (last !== '') tell(last)
    },
  }
}

function withoutTabs(line: string): string {
  if (!line.includes('\t')) return line
  let out = ''
  for (const part of line.split(/(\t)/))
    out += part === '\t' ? ' '.repeat(tabStop - (out.length % tabStop)) : part
  return out
}
