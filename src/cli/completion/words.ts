/** What may stand where on the command line, for the three shells: made of the command table. */
import type { ArgumentSpec, Command, OptionSpec, OptionSpecs } from '../../command/command.ts'
import { globalOptions } from '../../command/global-options.ts'
import type { NameKind } from '../../command/program.ts'

export type Takes =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'file' }
  /** Names of this host, asked for when Tab is pressed. */
  | { readonly kind: 'names'; readonly of: NameKind }
  /** Something that nobody can guess. */
  | { readonly kind: 'text' }

export type OptionWords = {
  /** `--output`. */
  readonly long: string
  /** `-o`. */
  readonly short: string | null
  readonly summary: string
  readonly takes: Takes
}

export type ArgumentWords = { readonly value: string; readonly takes: Takes; readonly many: boolean }

export type CommandWords = {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionWords[]
  readonly arguments: readonly ArgumentWords[]
}

export type Words = {
  readonly commands: readonly CommandWords[]
  /** Of the screen, where no command is named. */
  readonly alone: readonly OptionWords[]
  readonly everywhere: readonly OptionWords[]
}

export function wordsOf(commands: readonly Command[]): Words {
  const told = commands.filter(({ hidden }) => hidden !== true)
  return {
    commands: told
      .filter(({ name }) => name !== '')
      .map(({ name, summary, options, arguments: args }) => ({
        name,
        summary,
        options: optionWords(options),
        arguments: Object.values(args).map((spec) => ({
          value: spec.value,
          takes: takesOf(spec.value, spec),
          many: spec.many === true,
        })),
      })),
    alone: optionWords(told.find(({ name }) => name === '')?.options ?? {}),
    everywhere: [
      ...optionWords(globalOptions),
      { long: '--help', short: '-h', summary: 'help', takes: { kind: 'nothing' } },
      { long: '--version', short: '-V', summary: 'print the version', takes: { kind: 'nothing' } },
    ],
  }
}

/** Options that a value follows as a word of its own. */
export function withValue({ commands, alone, everywhere }: Words): readonly OptionWords[] {
  const all = [...alone, ...everywhere, ...commands.flatMap(({ options }) => options)]
  const seen = new Set<string>()
  return all.filter(({ long, takes }) => {
    // `--from` of route is an address; everywhere else a file, which is what can be completed.
    if (takes.kind === 'nothing' || (long === '--from' && takes.kind === 'text') || seen.has(long))
      return false
    seen.add(long)
    return true
  })
}

function optionWords(specs: OptionSpecs): readonly OptionWords[] {
  return Object.entries(specs).map(([name, spec]) => ({
    long: `--${name}`,
    short: spec.short === undefined ? null : `-${spec.short}`,
    summary: spec.summary,
    takes: optionTakes(spec),
  }))
}

function optionTakes(spec: OptionSpec): Takes {
  if (spec.type === 'switch' || spec.type === 'optional') return { kind: 'nothing' }
  if (spec.type === 'choice') return { kind: 'choices', choices: spec.choices }
  return takesOf(spec.value, {})
}

/** What stands for what: the same word in help means the same thing everywhere. */
const names: Readonly<Record<string, NameKind>> = {
  NETNS: 'netns',
  LINK: 'links',
  TOKEN: 'any',
  THEME: 'themes',
}

function takesOf(value: string, { choices }: Pick<ArgumentSpec, 'choices'>): Takes {
  if (choices !== undefined) return { kind: 'choices', choices }
  if (value === 'FILE') return { kind: 'file' }
  const of = names[value]
  return of === undefined ? { kind: 'text' } : { kind: 'names', of }
}
