/**
 * For bash 4.4 and newer, with or without the bash-completion package. What the program answers is never handed to
 * `compgen -W`: that expands its words, and a namespace may be called `$(reboot)`.
 */
import { firstWords, withValue, type OptionWords, type Takes, type ValueOption, type Words } from './words.ts'

export function bashScript(words: Words): string {
  const { commands, groups, alone, everywhere } = words
  const values = withValue(words)
  return `# vethscope: completion for bash
_vethscope_words() {
    COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}
_vethscope_names() {
    local name
    while IFS= read -r name; do
        [[ $name == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$name")")
    done < <(vethscope __complete "$1" "$engine" "$netns" 2>/dev/null </dev/null)
}
_vethscope_files() {
    local file
    while IFS= read -r file; do
        COMPREPLY+=("$file")
    done < <(compgen -f -- "$cur")
    compopt -o filenames 2>/dev/null
}
_vethscope() {
    local IFS=$' \\t\\n' cur=\${COMP_WORDS[COMP_CWORD]} option= command= engine= netns= place=0 at word
    COMPREPLY=()
    # bash splits words at "=": --theme=da comes as three.
    if [[ $cur == = ]]; then
        cur= option=\${COMP_WORDS[COMP_CWORD-1]}
    elif ((COMP_CWORD > 1)) && [[ \${COMP_WORDS[COMP_CWORD-1]} == = ]]; then
        option=\${COMP_WORDS[COMP_CWORD-2]}
    elif ((COMP_CWORD > 1)); then
        option=\${COMP_WORDS[COMP_CWORD-1]}
    fi
    for ((at = 1; at < COMP_CWORD; at++)); do
        word=\${COMP_WORDS[at]}
        # Whose networks and containers are meant.
        if [[ $word == --engine=* ]]; then
            engine=\${word#*=}
        elif [[ $word == --engine ]] && ((at + 1 < COMP_CWORD)); then
            engine=\${COMP_WORDS[at+1]}
            [[ $engine == = ]] && engine=\${COMP_WORDS[at+2]}
        fi
        case $command:$word in
            ${values.map(patternOf).join('|')})
                [[ \${COMP_WORDS[at+1]} == = ]] && ((at++))
                ((at++))
                ;;
            *:=) ((at++)) ;;
            *:-*) ;;
            *)
                if [[ -z $command ]]; then
                    command=$word
                else
                    case $place:$command:$word in
                        ${groups.flatMap(({ word, seconds }) => seconds.map((each) => `0:${word}:${each.word}`)).join('|')}) command+=" $word" ;;
                        0:*) netns=$word; ((place++)) ;;
                        *) ((place++)) ;;
                    esac
                fi
                ;;
        esac
    done
    case $command:$option in
${byAction(values)
  .map(
    ({ action, patterns }) =>
      `        ${patterns.join('|')})\n            ${action}\n            return\n            ;;`,
  )
  .join('\n')}
    esac
    if [[ $cur == -* ]]; then
        case $command in
            "") _vethscope_words "${longs([...alone, ...everywhere])}" ;;
${commands
  .map(
    ({ name, options }) =>
      `            ${escaped(name)}) _vethscope_words "${longs([...options, ...everywhere])}" ;;`,
  )
  .join('\n')}
        esac
        return
    fi
    case $command:$place in
        :0) _vethscope_words "${firstWords(words)
          .map(({ name }) => name)
          .join(' ')}" ;;
${groups.map(({ word, seconds }) => `        ${word}:0) _vethscope_words "${seconds.map((each) => each.word).join(' ')}" ;;&`).join('\n')}
${commands
  .flatMap(({ name, arguments: args }) =>
    args.flatMap(({ takes, many }, at) =>
      takes.kind === 'text' ? [] : [`        ${escaped(name)}:${many ? '*' : at}) ${actionOf(takes)} ;;`],
    ),
  )
  .join('\n')}
    esac
}
complete -F _vethscope vethscope
`
}

/** `net\\ create:-b|net\\ create:--bridge`: in this command; `*:--reader`: in every one. */
function patternOf({ long, short, command }: ValueOption): string {
  const place = command === null ? '*' : escaped(command)
  return short === null ? `${place}:${long}` : `${place}:${short}|${place}:${long}`
}

function escaped(name: string): string {
  return name.replaceAll(' ', '\\ ')
}

/** What is done after which options; after some there is nothing to complete. */
function byAction(
  values: readonly ValueOption[],
): readonly { readonly action: string; readonly patterns: readonly string[] }[] {
  const patterns = new Map<string, string[]>()
  // What a command has itself goes before what every command has.
  for (const each of values) {
    const action = actionOf(each.takes)
    const before = patterns.get(action)
    if (before === undefined) patterns.set(action, [patternOf(each)])
    else before.push(patternOf(each))
  }
  patterns.get(':')?.push('*:--debug=')
  return [...patterns].map(([action, all]) => ({ action, patterns: all }))
}

function longs(options: readonly OptionWords[]): string {
  return [...new Set(options.map(({ long }) => long))].join(' ')
}

function actionOf(takes: Takes): string {
  if (takes.kind === 'choices') return `_vethscope_words "${takes.choices.join(' ')}"`
  if (takes.kind === 'file') return '_vethscope_files'
  return takes.kind === 'names' ? `_vethscope_names ${takes.of}` : ':'
}
