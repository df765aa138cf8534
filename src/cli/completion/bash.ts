/**
 * For bash 4.4 and newer, with or without the bash-completion package. What the program answers is never handed to
 * `compgen -W`: that expands its words, and a namespace may be called `$(reboot)`.
 */
import { withValue, type OptionWords, type Takes, type Words } from './words.ts'

export function bashScript(words: Words): string {
  const { commands, alone, everywhere } = words
  const values = withValue(words)
  return `# vethscope: completion for bash
_vethscope_words() {
    COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}
_vethscope_names() {
    local name
    while IFS= read -r name; do
        [[ $name == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$name")")
    done < <(vethscope __complete "$1" 2>/dev/null </dev/null)
}
_vethscope_files() {
    local file
    while IFS= read -r file; do
        COMPREPLY+=("$file")
    done < <(compgen -f -- "$cur")
    compopt -o filenames 2>/dev/null
}
_vethscope() {
    local IFS=$' \\t\\n' cur=\${COMP_WORDS[COMP_CWORD]} option= command= place=0 at word
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
        case $word in
            ${values.map(patternOf).join('|')})
                [[ \${COMP_WORDS[at+1]} == = ]] && ((at++))
                ((at++))
                ;;
            =) ((at++)) ;;
            -*) ;;
            *)
                if [[ -z $command ]]; then command=$word; else ((place++)); fi
                ;;
        esac
    done
    case $option in
${values
  .filter(({ takes }) => takes.kind !== 'text')
  .map(
    (each) =>
      `        ${patternOf(each)})\n            ${actionOf(each.takes)}\n            return\n            ;;`,
  )
  .join('\n')}
        ${values
          .filter(({ takes }) => takes.kind === 'text')
          .map(patternOf)
          .concat('--debug=')
          .join('|')})
            return
            ;;
    esac
    if [[ $cur == -* ]]; then
        case $command in
            "") _vethscope_words "${longs([...alone, ...everywhere])}" ;;
${commands
  .map(
    ({ name, options }) => `            ${name}) _vethscope_words "${longs([...options, ...everywhere])}" ;;`,
  )
  .join('\n')}
        esac
        return
    fi
    case $command:$place in
        :0) _vethscope_words "${commands.map(({ name }) => name).join(' ')}" ;;
${commands
  .flatMap(({ name, arguments: args }) =>
    args.flatMap(({ takes, many }, at) =>
      takes.kind === 'text' ? [] : [`        ${name}:${many ? '*' : at}) ${actionOf(takes)} ;;`],
    ),
  )
  .join('\n')}
    esac
}
complete -F _vethscope vethscope
`
}

function patternOf({ long, short }: OptionWords): string {
  return short === null ? long : `${short}|${long}`
}

function longs(options: readonly OptionWords[]): string {
  return [...new Set(options.map(({ long }) => long))].join(' ')
}

function actionOf(takes: Takes): string {
  if (takes.kind === 'choices') return `_vethscope_words "${takes.choices.join(' ')}"`
  if (takes.kind === 'file') return '_vethscope_files'
  return takes.kind === 'names' ? `_vethscope_names ${takes.of}` : ':'
}
