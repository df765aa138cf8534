/** For fish: a file `vethscope.fish` in a folder of its completions. What a command prints is words there, never code. */
import { withValue, type ArgumentWords, type OptionWords, type Takes, type Words } from './words.ts'

export function fishScript(words: Words): string {
  const { commands, alone, everywhere } = words
  const flags = withValue(words).flatMap(({ long, short }) => (short === null ? [long] : [long, short]))
  const lines = [
    ...alone.map((option) => optionOf('__vethscope_at', option)),
    ...everywhere.map((option) => optionOf(null, option)),
    ...commands.map(
      ({ name, summary }) => `complete -c vethscope -n __vethscope_at -a ${name} -d ${quoted(summary)}`,
    ),
    ...commands.flatMap(({ name, options, arguments: args }) => [
      ...options
        .filter(({ long }) => long !== '--from')
        .map((option) => optionOf(`__vethscope_in ${name}`, option)),
      ...args.flatMap((argument, at) => argumentOf(name, argument, at)),
    ]),
  ]
  return `# vethscope: completion for fish
# The words before this one that are no options and no values of options.
function __vethscope_words
    set -l skip no
    for word in (commandline -opc)[2..]
        if test $skip = yes
            set skip no
        else if contains -- $word ${flags.join(' ')}
            set skip yes
        else if not string match -q -- '-*' $word
            printf '%s\\n' $word
        end
    end
end
# No command is there yet; or this one, with so many arguments after it.
function __vethscope_at
    set -l words (__vethscope_words)
    if test (count $argv) -eq 0
        test (count $words) -eq 0
    else
        test (count $words) -eq (math $argv[2] + 1); and test $words[1] = $argv[1]
    end
end
function __vethscope_in
    set -l words (__vethscope_words)
    test (count $words) -gt 0; and test $words[1] = $argv[1]
end
complete -c vethscope -f
${lines.join('\n')}
`
}

function optionOf(condition: string | null, { long, short, summary, takes }: OptionWords): string {
  return [
    'complete -c vethscope',
    ...(condition === null ? [] : [`-n '${condition}'`]),
    `-l ${long.slice(2)}`,
    ...(short === null ? [] : [`-s ${short.slice(1)}`]),
    `-d ${quoted(summary)}`,
    ...valueOf(takes),
  ].join(' ')
}

function argumentOf(command: string, { takes, many }: ArgumentWords, at: number): readonly string[] {
  const condition = many ? `__vethscope_in ${command}` : `__vethscope_at ${command} ${at}`
  const value = takes.kind === 'file' ? ['-F'] : valueOf(takes).slice(1)
  return value.length === 0 ? [] : [`complete -c vethscope -n '${condition}' ${value.join(' ')}`]
}

/** `-x`: a value is needed, and no file. */
function valueOf(takes: Takes): readonly string[] {
  if (takes.kind === 'nothing') return []
  if (takes.kind === 'file') return ['-r', '-F']
  if (takes.kind === 'choices') return ['-x', `-a '${takes.choices.join(' ')}'`]
  return takes.kind === 'names' ? ['-x', `-a '(vethscope __complete ${takes.of} 2>/dev/null)'`] : ['-x']
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
