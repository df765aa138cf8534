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

/** `net`, which commands of two words begin with. */
export type GroupWords = {
  readonly word: string
  readonly summary: string
  readonly seconds: readonly { readonly word: string; readonly summary: string }[]
  /** `route` is a command as well. */
  readonly isCommand: boolean
}

export type Words = {
  /** Those of two words too: `net create`. */
  readonly commands: readonly CommandWords[]
  readonly groups: readonly GroupWords[]
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
          takes: spec.names === undefined ? takesOf(spec.value, spec) : namesOf(spec.names),
          many: spec.many === true,
        })),
      })),
    groups: groupsOf(told),
    alone: optionWords(told.find(({ name }) => name === '')?.options ?? {}),
    everywhere: [
      ...optionWords(globalOptions),
      { long: '--help', short: '-h', summary: 'help', takes: { kind: 'nothing' } },
      { long: '--version', short: '-V', summary: 'print the version', takes: { kind: 'nothing' } },
    ],
  }
}

function groupsOf(told: readonly Command[]): readonly GroupWords[] {
  const firsts = told.flatMap(({ name }) => (name.includes(' ') ? [name.slice(0, name.indexOf(' '))] : []))
  return [...new Set(firsts)].map((word) => {
    const seconds = told
      .filter(({ name }) => name.startsWith(`${word} `))
      .map(({ name, summary }) => ({ word: name.slice(word.length + 1), summary }))
    return {
      word,
      summary: seconds.map((each) => each.word).join(', '),
      seconds,
      isCommand: told.some(({ name }) => name === word),
    }
  })
}

/** What may stand first: commands of one word, and the first words of the others. */
export function firstWords({ commands, groups }: Words): readonly Pick<CommandWords, 'name' | 'summary'>[] {
  const one = commands.filter(({ name }) => !name.includes(' '))
  return [
    ...one.map(({ name, summary }) => ({ name, summary })),
    ...groups.filter(({ isCommand }) => !isCommand).map(({ word, summary }) => ({ name: word, summary })),
  ]
}

/** An option that a value follows as a word of its own, and where: null is everywhere, '' where no command is named. */
export type ValueOption = OptionWords & { readonly command: string | null }

/** The same name may take a value in one command and none in another: `--mtu`. */
export function withValue({ commands, alone, everywhere }: Words): readonly ValueOption[] {
  const all: readonly ValueOption[] = [
    ...commands.flatMap(({ name, options }) => options.map((each) => ({ ...each, command: name }))),
    ...alone.map((each) => ({ ...each, command: '' })),
    ...everywhere.map((each) => ({ ...each, command: null })),
  ]
  // `--from` of route is an address; everywhere else a file, which is what can be completed.
  return all.filter(
    ({ long, takes }) => takes.kind !== 'nothing' && !(long === '--from' && takes.kind === 'text'),
  )
}

function optionWords(specs: OptionSpecs): readonly OptionWords[] {
  const told = Object.entries(specs).filter(([, { hidden }]) => hidden !== true)
  return told.map(([name, spec]) => ({
    long: `--${name}`,
    short: spec.short === undefined ? null : `-${spec.short}`,
    summary: spec.summary,
    takes: optionTakes(spec),
  }))
}

function optionTakes(spec: OptionSpec): Takes {
  if (spec.type === 'switch' || spec.type === 'optional') return { kind: 'nothing' }
  if (spec.type === 'choice') return { kind: 'choices', choices: spec.choices }
  if (spec.type === 'text' && spec.names !== undefined) return namesOf(spec.names)
  return takesOf(spec.value, {})
}

/** What stands for what: the same word in help means the same thing everywhere. */
const names: Readonly<Record<string, NameKind>> = {
  NETNS: 'netns',
  PEER_NETNS: 'netns',
  TO_NETNS: 'netns',
  LINK: 'links',
  BRIDGE: 'links',
  NET: 'networks',
  NETWORK: 'networks',
  NODE: 'nodes',
  TOKEN: 'any',
  THEME: 'themes',
}

function takesOf(value: string, { choices }: Pick<ArgumentSpec, 'choices'>): Takes {
  if (choices !== undefined) return { kind: 'choices', choices }
  if (value === 'FILE') return { kind: 'file' }
  const of = names[value]
  return of === undefined ? { kind: 'text' } : namesOf(of)
}

function namesOf(of: NameKind): Takes {
  return { kind: 'names', of }
}
