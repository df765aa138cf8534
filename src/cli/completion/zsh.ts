/** For zsh's own completion system (zshcompsys(1)): a file `_vethscope` in a folder of fpath. */
import {
  firstWords,
  type ArgumentWords,
  type CommandWords,
  type GroupWords,
  type OptionWords,
  type Takes,
  type Words,
} from './words.ts'

export function zshScript(words: Words): string {
  const { commands, groups, alone, everywhere } = words
  return `#compdef vethscope
# vethscope: completion for zsh
_vethscope_names() {
    local -a names
    local engine=
    local -i at
    # Whose networks and containers are meant; of links the namespace stands first, in $line.
    for ((at = 1; at < CURRENT; at++)); do
        case $words[at] in
            --engine=*) engine=\${words[at]#*=} ;;
            --engine) ((at + 1 < CURRENT)) && engine=$words[at+1] ;;
        esac
    done
    names=(\${(f)"$(vethscope __complete $1 "$engine" "\${(Q)line[1]}" 2>/dev/null </dev/null)"})
    compadd "\${@:2}" -a names
}
_vethscope() {
    local curcontext=$curcontext state line
    local -a everywhere commands seconds
    typeset -A opt_args
    everywhere=(
${indented(everywhere.flatMap(optionOf), 8)}
    )
    commands=(
${indented(
  firstWords(words).map(({ name, summary }) => described(name, summary)),
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
            case $CURRENT:$words[1] in
${groups.map(secondsOf).join('\n')}
            esac
            # Two words that are one command.
            case $words[1]:$words[2] in
                ${groups.flatMap(({ word, seconds }) => seconds.map((each) => `${word}:${each.word}`)).join('|')})
                    (( CURRENT > 2 )) && { words=("$words[1] $words[2]" "\${(@)words[3,-1]}"); (( CURRENT-- )) }
                    ;;
            esac
            curcontext=\${curcontext%:*:*}:vethscope-\${words[1]// /-}:
            case $words[1] in
${commands.map(caseOf).join('\n')}
            esac
            ;;
    esac
}
if [[ $funcstack[1] == _vethscope ]]; then _vethscope "$@"; else compdef _vethscope vethscope; fi
`
}

/** While the second word is typed; where the first is a command as well, its own words go on. */
function secondsOf({ word, seconds, isCommand }: GroupWords): string {
  const list = seconds.map((each) => described(each.word, each.summary)).join(' ')
  const end = isCommand ? '' : '; return'
  return `                2:${word}) seconds=(${list}); _describe command seconds${end} ;;`
}

function described(word: string, summary: string): string {
  return quoted(`${word}:${summary.replaceAll(':', '\\:')}`)
}

function caseOf({ name, options, arguments: args }: CommandWords): string {
  const own = options.map(({ long }) => long)
  // What a command has itself takes the place of what every command has.
  const rest = own.includes('--from') ? '${everywhere:#*--from*}' : '$everywhere'
  const specs = [rest, ...options.flatMap(optionOf), ...args.map(argumentOf)]
  return `                ${name.replaceAll(' ', '\\ ')}) _arguments -S ${specs.join(' ')} ;;`
}

function argumentOf({ value, takes, many }: ArgumentWords, at: number): string {
  // A colon ends the name: `HOST:PORT` would have PORT run as its action.
  const name = value.replaceAll(/[:\\]/g, (character) => `\\${character}`)
  return quoted(`${many ? '*' : at + 1}:${name}:${actionOf(takes)}`)
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
