/** A rule's words sorted: which match module or target each option belongs to. What they mean is said elsewhere. */
import { tokenise, type Token } from './tokens.ts'

export type Option = {
  /** With its dashes: `--dport`, `-s`. */
  readonly name: string
  readonly not: boolean
  readonly values: readonly string[]
  /** As printed, with the `!`. */
  readonly text: string
}

/** What follows `-m`, or stands before the first one (`module` null: -s, -d, -i, -o, -p, -f). */
export type Part = { readonly module: string | null; readonly options: Option[] }

export type SortedRule = {
  readonly parts: readonly Part[]
  readonly target: {
    readonly name: string
    readonly goto: boolean
    readonly options: readonly Option[]
  } | null
}

/** Their value is any text: also one that looks like an option. */
const takesText = new Set([
  '-s',
  '-d',
  '-i',
  '-o',
  '-p',
  '-m',
  '-j',
  '-g',
  '--comment',
  '--log-prefix',
  '--nflog-prefix',
  '--string',
  '--hex-string',
  '--name',
  '--hashlimit-name',
  '--helper',
  '--cgroup',
  '--path',
  '--match-set',
  '--physdev-in',
  '--physdev-out',
])

export function sortOptions(line: string, from: number): SortedRule {
  const tokens = tokenise(line, from)
  const parts: Part[] = []
  let current: Option[] | null = null
  let target: { name: string; goto: boolean; options: Option[] } | null = null
  for (let at = 0; at < tokens.length;) {
    const { option, next } = optionAt(line, tokens, at)
    at = next
    const { name, not } = option
    if (name === '-m' && !not) {
      current = restOf(option)
      parts.push({ module: option.values[0] ?? '', options: current })
    } else if (name === '-j' || name === '-g') {
      current = restOf(option)
      target = { name: option.values[0] ?? '', goto: name === '-g', options: current }
    } else if (target === null && basic.has(name)) {
      // -s … may stand behind a -m as well in other versions' output.
      parts.push({ module: null, options: [option] })
    } else if (current === null) {
      current = [option]
      parts.push({ module: null, options: current })
    } else current.push(option)
  }
  return { parts, target }
}

const basic = new Set(['-s', '-d', '-i', '-o', '-p', '-f'])

/** `-m set [unsupported revision]`: what it asks for is not printed, so it must not look as if it asked for nothing. */
function restOf({ values }: Option): Option[] {
  const rest = values.slice(1)
  return rest.length === 0 ? [] : [{ name: '', not: false, values: rest, text: rest.join(' ') }]
}

function optionAt(line: string, tokens: readonly Token[], from: number): { option: Option; next: number } {
  const first = tokens[from]
  const not = first?.text === '!' && !first.quoted && from + 1 < tokens.length
  const at = not ? from + 1 : from
  const name = tokens[at]?.text ?? ''
  let next = at + 1
  const values: string[] = []
  if (takesText.has(name) && next < tokens.length) values.push(tokens[next++]?.text ?? '')
  while (next < tokens.length && !startsOption(tokens, next)) values.push(tokens[next++]?.text ?? '')
  const text = line.slice(first?.start, tokens[next - 1]?.end)
  return { option: { name, not, values, text }, next }
}

/** `-1` is a number. */
function startsOption(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at]
  if (token === undefined || token.quoted) return false
  const { text } = token
  if (text.charCodeAt(0) !== dash) return text === '!'
  const second = text.charCodeAt(1)
  return text.length > 1 && !(second >= zero && second <= nine)
}

const dash = 45
const zero = 48
const nine = 57
