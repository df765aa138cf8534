/** The manual page in man(7)'s macros, made of the command table. */
import type { Command, OptionSpecs } from '../command/command.ts'
import { globalOptions } from '../command/global-options.ts'
import { optionsOfChanges, optionUsage, ownOptions, usageOf } from './help.ts'
import { wrap } from './wrap.ts'

export function manPage(commands: readonly Command[], version: string): string {
  const told = commands.filter(({ hidden }) => hidden !== true)
  const lines = [
    `.TH VETHSCOPE 1 "" "vethscope ${escaped(version)}" "User Commands"`,
    '.SH NAME',
    `vethscope \\- shows and explains the container networking of this host`,
    '.SH SYNOPSIS',
    ...told.flatMap((command, at) => [...(at === 0 ? [] : ['.br']), ...synopsis(command)]),
    '.SH DESCRIPTION',
    ...sentences(
      'vethscope shows network namespaces, veth pairs, bridges, the containers that use them, their addresses, published ports, firewall rules and connections, and what is visibly wrong with them. Without a command it opens a screen; every command prints text, or JSON with --json. Reading changes nothing on the host; what changes something shows its plan and asks first, and can be taken back with undo.',
    ),
    ...paragraph(
      'NETNS is host, a name of /run/netns, the name of a container or the beginning of its id, pid:123, ino:4026532177 or a path. host is the network namespace that vethscope was started in.',
    ),
    '.SH COMMANDS',
    ...told.flatMap(commandSection),
    '.SH OPTIONS',
    'These are understood before and after every command.',
    ...options(globalOptions),
    ...tagged('\\-h, \\-\\-help', 'print help; of a command: vethscope COMMAND --help'),
    ...tagged('\\-V, \\-\\-version', 'print the version'),
    '.SH OPTIONS OF CHANGES',
    'These are understood by every command that changes something.',
    ...options(optionsOfChanges),
    '.SH EXIT STATUS',
    ...exits.flatMap(([code, text]) => tagged(code, text)),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([name, text]) => tagged(name, text)),
    '.SH FILES',
    ...files.flatMap(([name, text]) => tagged(escaped(name), text)),
    '.SH SEE ALSO',
    '.BR ip\\-netns (8),',
    '.BR ip\\-link (8),',
    '.BR bridge (8),',
    '.BR nft (8),',
    '.BR iptables (8),',
    '.BR network_namespaces (7)',
  ]
  return `${lines.join('\n')}\n`
}

const exits: readonly (readonly [string, string])[] = [
  ['0', 'done'],
  ['1', 'done, and the answer is no'],
  ['2', 'wrong usage'],
  ['3', 'not permitted, or what decides could not be read'],
  ['4', 'not found, or several could be meant'],
  ['5', 'the host refused, a step failed, or an error of the program itself'],
  ['128+n', 'ended by signal n'],
]

const environment: readonly (readonly [string, string])[] = [
  ['VETHSCOPE_THEME', 'a theme for the screen; --theme goes before it, the config file comes after it'],
  ['NO_COLOR', 'set and not empty: no colours'],
  ['FORCE_COLOR', 'colours also where the output is no terminal'],
  ['DOCKER_HOST, DOCKER_CONTEXT', "where Docker's socket is"],
]

const files: readonly (readonly [string, string])[] = [
  ['$XDG_CONFIG_HOME/vethscope/config.json', 'settings (~/.config where the variable is not set)'],
  ['$XDG_CONFIG_HOME/vethscope/themes/NAME.json', 'themes of your own'],
  ['$XDG_STATE_HOME/vethscope/', 'debug logs and crash reports (~/.local/state)'],
]

/** Each - is \\- in the source, whose lines have at most 80 bytes. */
const synopsisColumns = 60

function synopsis(command: Command): readonly string[] {
  const [program = '', ...rest] = usageOf(command).split(' ')
  return [
    `.B ${escaped(program)}`,
    ...(rest.length === 0 ? [] : wrap(rest.join(' '), synopsisColumns).map(escaped)),
  ]
}

function commandSection(command: Command): readonly string[] {
  const title = usageOf({ ...command, options: {} })
  return [
    `.SS ${escaped(title)}`,
    ...sentences(`${command.summary}.`),
    ...(command.description ?? []).flatMap(paragraph),
    ...options(ownOptions(command)),
    ...(command.examples ?? []).flatMap((example, at) => [
      ...(at === 0 ? ['.PP', 'Examples:', '.PP'] : []),
      '.nf',
      `    ${escaped(example)}`,
      '.fi',
    ]),
  ]
}

function options(specs: OptionSpecs): readonly string[] {
  return Object.entries(specs).flatMap(([name, spec]) => {
    const choices = spec.type === 'choice' && spec.value !== undefined ? `${spec.choices.join(', ')}: ` : ''
    return tagged(escaped(optionUsage(name, spec)), choices + spec.summary)
  })
}

function tagged(tag: string, text: string): readonly string[] {
  return ['.TP', `.B ${tag}`, ...sentences(text)]
}

function paragraph(text: string): readonly string[] {
  return ['.PP', ...sentences(text)]
}

/** A sentence a line, as man pages are written; and no line longer than anybody wants to read. */
function sentences(text: string): readonly string[] {
  const lines = text.split(/(?<=[.:;]) /).flatMap((sentence) => {
    const out: string[] = []
    for (const word of sentence.split(' ')) {
      const last = out.at(-1)
      if (last === undefined || last.length + word.length >= 78) out.push(word)
      else out[out.length - 1] = `${last} ${word}`
    }
    return out
  })
  return lines.map(escaped)
}

/** A hyphen that is typed, a backslash, and what would be a macro at the beginning of a line. */
function escaped(text: string): string {
  const plain = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
  const safe = plain.replaceAll('…', '...').replaceAll('’', "'")
  return /^[.']/.test(safe) ? `\\&${safe}` : safe
}
