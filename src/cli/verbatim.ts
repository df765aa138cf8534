/**
 * `exec NETNS CMD -x`: what stands behind the command is the command's, also where nobody wrote `--` before it. commander
 * would take an option that follows for one of ours, so the `--` is put there for it.
 */
import type { Command, OptionSpec, OptionSpecs } from '../command/command.ts'
import { globalOptions } from '../command/global-options.ts'

export function withSeparator(argv: readonly string[], commands: readonly Command[]): readonly string[] {
  const at = nextOperand(argv, 0, globalOptions)
  const command = commands.find(({ name }) => name !== '' && name === argv[at])
  if (command === undefined) return argv
  const before = Object.values(command.arguments).findIndex(({ verbatim }) => verbatim === true)
  if (before === -1) return argv
  const options = { ...globalOptions, ...command.options }
  let last = at
  for (let passed = 0; passed <= before; passed++) last = nextOperand(argv, last + 1, options)
  if (last >= argv.length || argv.slice(at, last).includes('--') || argv[last] === '--') return argv
  return [...argv.slice(0, last), '--', ...argv.slice(last)]
}

/** From `from` on, the first that is neither an option nor an option's value; `--` is one. */
export function nextOperand(argv: readonly string[], from: number, options: OptionSpecs): number {
  let at = from
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--' || !word.startsWith('-') || word === '-') return at
    if (takesNext(word, options)) at++
  }
  return at
}

function takesNext(word: string, options: OptionSpecs): boolean {
  if (word.includes('=')) return false
  const found = Object.entries(options).find(
    ([name, { short }]) => word === `--${name}` || word === `-${short ?? '-'}`,
  )
  return found !== undefined && hasValue(found[1])
}

function hasValue({ type }: OptionSpec): boolean {
  return type !== 'switch' && type !== 'optional'
}
