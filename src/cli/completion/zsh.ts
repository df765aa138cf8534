/** For zsh's own completion system (zshcompsys(1)): a file `_vethscope` in a folder of fpath. */
import type { ArgumentWords, CommandWords, OptionWords, Takes, Words } from './words.ts'

export function zshScript({ commands, alone, everywhere }: Words): string {
  return `#compdef vethscope
# vethscope: completion for zsh
_vethscope_names() {
    local -a names
    names=(\${(f)"$(vethscope __complete $1 2>/dev/null </dev/null)"})
    compadd "\${@:2}" -a names
}
_vethscope() {
    local curcontext=$curcontext state line
    local -a everywhere commands
    typeset -A opt_args
    everywhere=(
${indented(everywhere.flatMap(optionOf), 8)}
    )
    commands=(
${indented(
  commands.map(({ name, summary }) => quoted(`${name}:${summary.replaceAll(':', '\\:')}`)),
  8,
)}
    )
    _arguments -C -S $everywhere \\
${alone
  .flatMap(optionOf)
  .map((each) => `        ${each} \\\n`)
  .join('')}        '1:command:->command' '*::argument:->arguments' && return
    case $state in
        command) _describe command commands ;;
        arguments)
            curcontext=\${curcontext%:*:*}:vethscope-$words[1]:
            case $words[1] in
${commands.map(caseOf).join('\n')}
            esac
            ;;
    esac
}
if [[ $funcstack[1] == _vethscope ]]; then _vethscope "$@"; else compdef _vethscope vethscope; fi
`
}

function caseOf({ name, options, arguments: args }: CommandWords): string {
  const own = options.map(({ long }) => long)
  // What a command has itself takes the place of what every command has.
  const rest = own.includes('--from') ? '${everywhere:#*--from*}' : '$everywhere'
  const specs = [rest, ...options.flatMap(optionOf), ...args.map(argumentOf)]
  return `                ${name}) _arguments -S ${specs.join(' ')} ;;`
}

function argumentOf({ value, takes, many }: ArgumentWords, at: number): string {
  return quoted(`${many ? '*' : at + 1}:${value}:${actionOf(takes)}`)
}

function optionOf({ long, short, summary, takes }: OptionWords): readonly string[] {
  const text = summary.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`)
  const value = takes.kind === 'nothing' ? '' : `:${long.slice(2)}:${actionOf(takes)}`
  const equals = takes.kind === 'nothing' ? '' : '='
  return [
    quoted(`${long}${equals}[${text}]${value}`),
    ...(short === null ? [] : [quoted(`${short}[${text}]${value}`)]),
  ]
}

function actionOf(takes: Takes): string {
  if (takes.kind === 'choices') return `(${takes.choices.join(' ')})`
  if (takes.kind === 'file') return '_files'
  return takes.kind === 'names' ? `{_vethscope_names ${takes.of} $expl}` : ' '
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function indented(lines: readonly string[], by: number): string {
  return lines.map((line) => ' '.repeat(by) + line).join('\n')
}
