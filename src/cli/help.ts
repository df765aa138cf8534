/** Help, made from the command table. */
import type { ArgumentSpec, Command, OptionSpec, OptionSpecs } from '../command/command.ts'
import { globalOptions } from '../command/global-options.ts'
import { changeOptions } from '../command/change-flow.ts'
import { definitions, lineColumns, wrap } from './wrap.ts'

const programName = 'vethscope'
const common: OptionSpecs = {
  help: { type: 'switch', short: 'h', summary: 'this text; of a command: vethscope COMMAND --help' },
  version: { type: 'switch', short: 'V', summary: 'print the version' },
}

/** `-o, --output FILE`. */
export function optionUsage(name: string, spec: OptionSpec): string {
  const short = spec.short === undefined ? '' : `-${spec.short}, `
  return `${short}--${name}${valueOf(spec)}`
}

function valueOf(spec: OptionSpec): string {
  if (spec.type === 'switch') return ''
  if (spec.type === 'optional') return `[=${spec.value}]`
  if (spec.type === 'choice') return ` ${spec.value ?? spec.choices.join('|')}`
  return ` ${spec.value}`
}

/** More are told beside the argument only. */
const mostChoices = 6

function argumentUsage(spec: ArgumentSpec): string {
  const { choices = [], value } = spec
  const isShort = choices.length > 0 && choices.length <= mostChoices
  const name = (isShort ? choices.join('|') : value) + (spec.many === true ? '…' : '')
  return spec.required ? name : `[${name}]`
}

/** `vethscope route NETNS DST`. */
function callOf({ name, arguments: args }: Command): string {
  return [programName, ...(name === '' ? [] : [name]), ...Object.values(args).map(argumentUsage)].join(' ')
}

/** Those of two words are one row for each first word, where the first of them stands. */
function rowsOf(commands: readonly Command[]): readonly (readonly [string, string])[] {
  const seen = new Set<string>()
  return commands.flatMap((command): readonly (readonly [string, string])[] => {
    const [word = '', second] = command.name.split(' ')
    if (second === undefined) return [[callOf(command), command.summary]]
    if (seen.has(word)) return []
    seen.add(word)
    const seconds = commands
      .filter(({ name }) => name.startsWith(`${word} `))
      .map(({ name }) => name.slice(word.length + 1))
    return [[`${programName} ${word} …`, seconds.join(', ')]]
  })
}

/** `vethscope route NETNS DST [--from IP] …`. */
export function usageOf(command: Command): string {
  return [
    callOf(command),
    ...Object.entries(ownOptions(command)).map(
      ([option, spec]) => `[${spec.short === undefined ? `--${option}` : `-${spec.short}`}${valueOf(spec)}]`,
    ),
  ].join(' ')
}

/** Without those that every change has, and those that nobody is told of. */
export function ownOptions({ options, changes }: Command): OptionSpecs {
  const everywhere: readonly string[] = changes === true ? Object.keys(changeOptions) : []
  return Object.fromEntries(
    Object.entries(options).filter(([name, { hidden }]) => hidden !== true && !everywhere.includes(name)),
  )
}

/** `--yes`, `--dry-run` …. */
export const optionsOfChanges: OptionSpecs = Object.fromEntries(
  Object.entries<OptionSpec>(changeOptions).filter(([, { hidden }]) => hidden !== true),
)

/** Broken between options, with all but the first line further right. */
function usageLines(command: Command): readonly string[] {
  const indent = ' '.repeat(programName.length + 1)
  const whole = usageOf(command).replace(/\[[^\]]*\]/g, (option) => option.replaceAll(' ', '\u00a0'))
  return wrap(whole, lineColumns - indent.length).map(
    (line, at) => `${at === 0 ? '' : indent}${line.replaceAll('\u00a0', ' ')}`,
  )
}

function optionLines(specs: OptionSpecs): readonly string[] {
  return definitions(
    Object.entries(specs).map(([name, spec]) => [
      { text: `  ${optionUsage(name, spec)}` },
      spec.type === 'choice' && spec.value !== undefined
        ? `${spec.choices.join(', ')}: ${spec.summary}`
        : spec.summary,
    ]),
  )
}

export function programHelp(all: readonly Command[]): string {
  const commands = all.filter(({ hidden }) => hidden !== true)
  const named = commands.filter((command) => command.name !== '')
  const alone = commands.find((command) => command.name === '')
  const lines = [
    ...wrap('Shows the container networking of this host: network namespaces, veth pairs, bridges.'),
    '',
    ...definitions(rowsOf(commands).map(([call, summary]) => [{ text: `  ${call}` }, summary])),
    ...wrap(`Of those with … see ${programName} net --help, and so on.`),
    ...(alone === undefined ? [] : ['', `Options of the screen`, ...optionLines(alone.options)]),
    '',
    'Options of every command',
    ...optionLines({ ...globalOptions, ...common }),
    ...(named.some(({ changes }) => changes === true)
      ? ['', 'Options of every command that changes something', ...optionLines(optionsOfChanges)]
      : []),
    '',
    ...(named.some(({ arguments: args }) => Object.values(args).some(({ value }) => value === 'NETNS'))
      ? netnsHelp
      : []),
    '',
    ...definitions([
      [
        { text: 'Exit codes' },
        '0 done; 1 the answer is no; 2 wrong usage; 3 not permitted; 4 not found or ambiguous; 5 the host refused or a step failed; 128+n on a signal',
      ],
    ]),
  ]
  return `${lines.join('\n')}\n`
}

/** `vethscope net --help`. */
export function groupHelp(word: string, commands: readonly Command[]): string {
  const lines = [
    ...definitions(commands.map((command) => [{ text: `  ${callOf(command)}` }, command.summary])),
    '',
    ...wrap(`See ${programName} ${word} COMMAND --help.`),
  ]
  return `${lines.join('\n')}\n`
}

const netnsHelp = wrap(
  'NETNS is host, a name of /run/netns, a container’s name or the beginning of its id, pid:123, ino:4026532177 or a path. host is the namespace vethscope was started in.',
)

/** `all`: also names commands that begin with this one's name. */
export function commandHelp(command: Command, all: readonly Command[] = []): string {
  const args = Object.values(command.arguments)
  const more = all.filter(({ name }) => command.name !== '' && name.startsWith(`${command.name} `))
  const lines = [
    ...usageLines(command),
    '',
    ...wrap(sentence(command.summary)),
    ...(command.description ?? []).flatMap((paragraph) => wrap(paragraph)),
    ...section(
      'Arguments',
      definitions(
        args.map((spec) => [
          { text: `  ${spec.value}` },
          spec.choices === undefined ? spec.summary : `${spec.choices.join(', ')}; ${spec.summary}`,
        ]),
      ),
    ),
    ...(args.some(({ value }) => value === 'NETNS') ? ['', ...netnsHelp] : []),
    ...section('Options', optionLines(ownOptions(command))),
    ...(command.changes === true ? section('Options of every change', optionLines(optionsOfChanges)) : []),
    ...section('Options of every command', optionLines({ ...globalOptions, ...common })),
    ...section('Commands', definitions(more.map((each) => [{ text: `  ${callOf(each)}` }, each.summary]))),
    ...section(
      'Examples',
      (command.examples ?? []).map((example) => `  ${example}`),
    ),
  ]
  return `${lines.join('\n')}\n`
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines]
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
