/**
 * Commands of two words, `net create`: they are one for commander, under that whole name. `route` is a command of one word
 * as well: `route add web …` adds one, `route web …` looks one up.
 */
import type { Command } from '../command/command.ts'
import { globalOptions } from '../command/global-options.ts'
import { nextOperand } from './verbatim.ts'

/** The two words as one; anything else as it is. */
export function withJoinedWords(argv: readonly string[], commands: readonly Command[]): readonly string[] {
  const place = wordsAt(argv)
  if (place === null) return argv
  const name = `${argv[place.first] ?? ''} ${argv[place.second] ?? ''}`
  if (!commands.some((command) => command.name === name)) return argv
  return argv.flatMap((word, at) => (at === place.first ? [name] : at === place.second ? [] : [word]))
}

/** Options of every command may stand between the two. */
function wordsAt(argv: readonly string[]): { readonly first: number; readonly second: number } | null {
  const first = nextOperand(argv, 0, globalOptions)
  if (first >= argv.length || argv[first] === '--') return null
  const second = nextOperand(argv, first + 1, globalOptions)
  return second >= argv.length || argv[second] === '--' ? null : { first, second }
}

/** `net`: the commands that begin with it. Empty where it is no such word. */
export function commandsOf(word: string, commands: readonly Command[]): readonly Command[] {
  return commands.filter(({ name, hidden }) => hidden !== true && name.startsWith(`${word} `))
}

/** The first word, where it is the beginning of commands and none itself, and what stands behind it. */
export function halfCommand(
  argv: readonly string[],
  commands: readonly Command[],
): { readonly word: string; readonly next: string | null } | null {
  const word = argv[nextOperand(argv, 0, globalOptions)] ?? ''
  if (commands.some(({ name }) => name === word) || commandsOf(word, commands).length === 0) return null
  const place = wordsAt(argv)
  return { word, next: place === null ? null : (argv[place.second] ?? null) }
}
