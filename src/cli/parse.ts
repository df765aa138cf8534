/** argv → which command with which values. commander splits and checks; what it may accept comes from the table. */
import { Command as Parser, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { ArgumentSpec, Command, OptionSpec, RawValues } from '../command/command.ts'
import { globalOptions, type GlobalValues } from '../command/global-options.ts'
import { failed, succeeded, type Failure, type Outcome } from '../lib/failure.ts'
import { commandHelp, groupHelp, programHelp } from './help.ts'
import { commandsOf, halfCommand, withJoinedWords } from './two-words.ts'
import { withSeparator } from './verbatim.ts'

export type Parsed =
  | { readonly type: 'print'; readonly text: string }
  | {
      readonly type: 'run'
      readonly command: Command
      readonly values: RawValues
      readonly global: GlobalValues
    }

type Hit = { readonly command: Command; readonly args: readonly unknown[]; readonly parser: Parser }

export function parse(
  given: readonly string[],
  commands: readonly Command[],
  version: string,
): Outcome<Parsed> {
  const half = halfCommand(given, commands)
  if (half !== null && withJoinedWords(given, commands) === given) {
    return isHelp(given)
      ? succeeded({ type: 'print', text: groupHelp(half.word, commandsOf(half.word, commands)) })
      : failed(halfFailure(half, commands))
  }
  const argv = withJoinedWords(given, commands)
  const hits: Hit[] = []
  const texts: string[] = []
  const program = new Parser('vethscope').version(`vethscope ${version}`, '-V, --version')
  configure(program, () => programHelp(commands), texts)
  for (const [name, spec] of Object.entries(globalOptions)) addOption(program, name, spec)
  for (const command of commands) addCommand(program, command, commands, hits, texts)
  try {
    program.parse(withValues(withSeparator(argv, commands)), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return succeeded({ type: 'print', text: texts.join('') })
    return failed(usageFailure(error, argv, commands))
  }
  const [hit] = hits
  if (hit === undefined) throw new Error('commander neither ran a command nor failed')
  return fromHit(hit, commands)
}

function isHelp(argv: readonly string[]): boolean {
  return argv.some((word) => word === '--help' || word === '-h')
}

/** `net`, and `net crate`. */
function halfFailure(
  { word, next }: { readonly word: string; readonly next: string | null },
  commands: readonly Command[],
): Failure {
  const seconds = commandsOf(word, commands).map(({ name }) => name.slice(word.length + 1))
  if (next === null) return wrong(`${word} needs a second word: ${seconds.join(', ')}`, word)
  const near = seconds.find((each) => isNear(each, next))
  return wrong(
    `there is no command "${word} ${next}", only ${seconds.join(', ')}`,
    word,
    near === undefined ? undefined : `did you mean ${word} ${near}?`,
  )
}

function fromHit({ command, args, parser }: Hit, commands: readonly Command[]): Outcome<Parsed> {
  const named = Object.fromEntries(
    Object.keys(command.arguments).map((name, at) => [name, args[at]]),
  ) as RawValues
  if (command.name === '') {
    const [unknown] = Array.isArray(args[0]) ? args[0] : []
    if (typeof unknown === 'string') return failed(unknownCommand(unknown, commands))
  }
  const own = valuesOf(parser.opts(), command.options)
  const { from, ...rest } = parser.optsWithGlobals()
  const files = splitFrom(Array.isArray(from) ? from.map(String) : [], command)
  if (!files.ok) return files
  return succeeded({
    type: 'run',
    command,
    values: { ...named, ...own, ...files.value.own },
    global: { ...(valuesOf(rest, globalOptions) as GlobalValues), from: files.value.file },
  })
}

type From = { readonly file: string | undefined; readonly own: RawValues }

/**
 * `--from FILE` is understood everywhere, and `route` has a `--from IP` of its own: there what is written as an
 * address is one (a file of such a name is reached as ./10.0.0.1).
 */
function splitFrom(values: readonly string[], command: Command): Outcome<From> {
  const hasOwn = 'from' in command.options
  const own = values.filter((value) => hasOwn && isAddress(value))
  const files = values.filter((value) => !own.includes(value))
  if (own.length > 1 || files.length > 1) {
    return failed(wrong(`--from is given more than once`, command.name))
  }
  return succeeded({ file: files[0], own: hasOwn ? { from: own[0] } : {} })
}

/** Also what is almost one (`10.0.0`, `10.0.0.0/8`): the command then says what is wrong with it. */
function isAddress(text: string): boolean {
  return (
    /^\d+(?:\.\d*)+(?:\/\d*)?$/.test(text) ||
    /^[0-9a-fA-F.]*:[0-9a-fA-F:.]*:[0-9a-fA-F.]*(?:\/\d*)?$/.test(text)
  )
}

function addCommand(
  program: Parser,
  command: Command,
  commands: readonly Command[],
  hits: Hit[],
  texts: string[],
): void {
  const isDefault = command.name === ''
  const parser = new Parser(isDefault ? 'screen' : command.name)
  configure(parser, () => (isDefault ? programHelp(commands) : commandHelp(command, commands)), texts)
  for (const [name, spec] of Object.entries(command.options))
    if (name !== 'from') addOption(parser, name, spec)
  // Anything that is no command's name comes here as the default command's argument.
  if (isDefault) parser.argument('[command...]')
  for (const spec of Object.values(command.arguments)) addArgument(parser, spec)
  parser.action((...args: readonly unknown[]) => {
    hits.push({ command, args, parser })
  })
  program.addCommand(parser, { isDefault, hidden: isDefault })
}

function configure(parser: Parser, help: () => string, texts: string[]): void {
  parser
    .exitOverride()
    .allowExcessArguments(false)
    .helpOption('-h, --help')
    .helpCommand(false)
    .configureHelp({ formatHelp: help })
    .configureOutput({ writeOut: (text) => texts.push(text), writeErr: () => {}, outputError: () => {} })
}

function addOption(parser: Parser, name: string, spec: OptionSpec): void {
  const short = spec.short === undefined ? '' : `-${spec.short}, `
  const value = spec.type === 'switch' || spec.type === 'optional' ? '' : ` <${spec.value ?? 'CHOICE'}>`
  const option = new Option(`${short}--${name}${value}`, spec.summary)
  if (spec.type === 'choice') option.choices(spec.choices)
  if (spec.type === 'seconds') option.argParser((text) => seconds(text, spec.min, spec.max))
  if (spec.type === 'integer') option.argParser((text) => integer(text, spec.min, spec.max))
  if (name === 'from' || spec.type === 'texts')
    option.argParser((text, before: readonly string[] | undefined) => [...(before ?? []), text])
  parser.addOption(option)
  if (spec.type === 'optional') parser.addOption(new Option(`--${name}-to <${spec.value}>`).hideHelp())
}

function addArgument(parser: Parser, spec: ArgumentSpec): void {
  const name = spec.value + (spec.many === true ? '...' : '')
  const argument = parser.createArgument(spec.required ? `<${name}>` : `[${name}]`, spec.summary)
  if (spec.choices !== undefined) argument.choices(spec.choices)
  parser.addArgument(argument)
}

/**
 * `--debug=FILE` → `--debug --debug-to FILE`. commander's own optional values would also take the next word: in
 * `--debug show` that is the command.
 */
function withValues(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  const names = Object.entries(globalOptions).flatMap(([name, { type }]) =>
    type === 'optional' ? [name] : [],
  )
  return argv.flatMap((word, at) => {
    const name = end !== -1 && at > end ? undefined : names.find((each) => word.startsWith(`--${each}=`))
    return name === undefined ? [word] : [`--${name}`, `--${name}-to`, word.slice(name.length + 3)]
  })
}

function integer(text: string, min: number, max: number): number {
  const value = /^(?:\d{1,15}|0[xX][0-9a-fA-F]{1,12})$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new InvalidArgumentError(`a whole number from ${min} to ${max} is needed`)
}

function seconds(text: string, min: number, max: number): number {
  const value = /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new InvalidArgumentError(`seconds from ${min} to ${max} are needed`)
}

/** Switches that were not given are false, everything else undefined. */
function valuesOf(
  given: Readonly<Record<string, unknown>>,
  specs: { readonly [name: string]: OptionSpec },
): RawValues {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      // commander takes --no-x for the opposite of --x.
      if (name.startsWith('no-')) return [name, given[name.slice(3)] === false]
      const value = given[camelCased(name)]
      if (spec.type === 'texts') return [name, Array.isArray(value) ? value.map(String) : []]
      if (spec.type === 'optional')
        return [name, given[`${name}To`] === undefined ? value === true : String(given[`${name}To`])]
      if (spec.type === 'switch') return [name, value === true]
      return [name, typeof value === 'string' || typeof value === 'number' ? value : undefined]
    }),
  )
}

/** As commander keeps `--max-redirects`. */
function camelCased(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function usageFailure(error: CommanderError, argv: readonly string[], commands: readonly Command[]): Failure {
  const name = commands.find((command) => command.name !== '' && argv.includes(command.name))?.name ?? ''
  // `error: unknown option '--jsn'\n(Did you mean --json?)`
  const [first = '', second = ''] = error.message.replace(/^error: /, '').split('\n')
  const meant = /^\(Did you mean (.*)\?\)$/.exec(second)?.[1]
  const what = first
    .replace(/\.$/, '')
    .replace(
      /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are /,
      "$2 cannot be '$1', only ",
    )
    .replace(
      /^option '(.*)' argument '(.*)' is invalid\. Allowed choices are /,
      "option '$1' cannot be '$2', only ",
    )
    .replace(/^option '(.*)' argument '(.*)' is invalid\. /, "option '$1' cannot be '$2': ")
  return wrong(what, name, meant === undefined ? undefined : `did you mean ${meant}?`)
}

function unknownCommand(word: string, commands: readonly Command[]): Failure {
  if (commands.some(({ name }) => name === word)) {
    const hint = `write the command first: vethscope ${word} …; see vethscope ${word} --help`
    return { kind: 'usage', what: `"${word}" stands behind an option that is not one of every command`, hint }
  }
  const near = commands.find(({ name, hidden }) => name !== '' && hidden !== true && isNear(name, word))?.name
  return wrong(`there is no command "${word}"`, '', near === undefined ? undefined : `did you mean ${near}?`)
}

/** Begins alike, or has the same letters but one or two. */
function isNear(name: string, word: string): boolean {
  if (word.length >= 2 && (name.startsWith(word) || word.startsWith(name))) return true
  const missing = (from: string, other: string) =>
    from.split('').filter((letter) => !other.includes(letter)).length
  const isAlike = missing(name, word) <= 1 && missing(word, name) <= 1
  return Math.abs(name.length - word.length) <= 1 && isAlike && word.length > 2
}

function wrong(what: string, commandName: string, meant?: string): Failure {
  const help = `see vethscope${commandName === '' ? '' : ` ${commandName}`} --help`
  return { kind: 'usage', what, hint: meant === undefined ? help : `${meant} ${help}` }
}
