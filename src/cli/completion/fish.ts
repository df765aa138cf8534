/** For fish: a file `vethscope.fish` in a folder of its completions. What a command prints is words there, never code. */
import {
  firstWords,
  withValue,
  type ArgumentWords,
  type OptionWords,
  type Takes,
  type Words,
} from './words.ts'

export function fishScript(words: Words): string {
  const { commands, groups, alone, everywhere } = words
  const flags = withValue(words).flatMap(({ long, short, command }) =>
    [long, ...(short === null ? [] : [short])].map((each) => ({ flag: each, command })),
  )
  const own = flags.flatMap(({ flag, command }) => (command === null ? [] : [quoted(`${command}:${flag}`)]))
  const twoWords = groups.flatMap(({ word, seconds }) =>
    seconds.map((each) => quoted(`${word} ${each.word}`)),
  )
  const lines = [
    ...alone.map((option) => optionOf('__vethscope_at', option)),
    ...everywhere.map((option) => optionOf(null, option)),
    ...firstWords(words).map(
      ({ name, summary }) => `complete -c vethscope -n __vethscope_at -a ${name} -d ${quoted(summary)}`,
    ),
    ...groups.flatMap(({ word, seconds }) =>
      seconds.map(
        (each) =>
          `complete -c vethscope -n '__vethscope_at ${word} 0' -a ${each.word} -d ${quoted(each.summary)}`,
      ),
    ),
    ...commands.flatMap(({ name, options, arguments: args }) => [
      ...options
        .filter(({ long }) => long !== '--from')
        .map((option) => optionOf(`__vethscope_in ${word(name)}`, option)),
      ...args.flatMap((argument, at) => argumentOf(name, argument, at)),
    ]),
  ]
  return `# vethscope: completion for fish
# The command, of one word or two, and its arguments before this one: no options and no values of options.
function __vethscope_words
    set -l skip no
    set -l command ''
    set -l args
    for word in (commandline -opc)[2..]
        if test $skip = yes
            set skip no
        else if contains -- $word ${flags.flatMap(({ flag, command }) => (command === null ? [flag] : [])).join(' ')}
            set skip yes
        else if contains -- "$command:$word" ${own.join(' ')}
            set skip yes
        else if not string match -q -- '-*' $word
            if test -z "$command"
                set command $word
            else if test (count $args) -eq 0; and contains -- "$command $word" ${twoWords.join(' ')}
                set command "$command $word"
            else
                set -a args $word
            end
        end
    end
    test -n "$command"; and printf '%s\\n' $command $args
end
# No command is there yet; or this one, with so many arguments after it.
function __vethscope_at
    set -l words (__vethscope_words)
    if test (count $argv) -eq 0
        test (count $words) -eq 0
    else
        test (count $words) -eq (math $argv[2] + 1); and test "$words[1]" = $argv[1]
    end
end
# Names of the engine that --engine tells of, where it does; links of the namespace that stands first.
function __vethscope_names
    set -l engine
    set -l last ''
    set -l words (__vethscope_words)
    for word in (commandline -opc)[2..]
        if string match -q -- '--engine=*' $word
            set engine (string replace -- '--engine=' '' $word)
        else if test "$last" = --engine
            set engine $word
        end
        set last $word
    end
    vethscope __complete $argv[1] "$engine" "$words[2]" 2>/dev/null
end
function __vethscope_from
    set -l words (__vethscope_words)
    test (count $words) -gt $argv[2]; and test "$words[1]" = $argv[1]
end
function __vethscope_in
    set -l words (__vethscope_words)
    test (count $words) -gt 0; and test "$words[1]" = $argv[1]
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
  const condition = many ? `__vethscope_from ${word(command)} ${at}` : `__vethscope_at ${word(command)} ${at}`
  const value = takes.kind === 'file' ? ['-F'] : valueOf(takes).slice(1)
  return value.length === 0 ? [] : [`complete -c vethscope -n '${condition}' ${value.join(' ')}`]
}

/** As one word of a condition, which stands in single quotes. */
function word(name: string): string {
  return name.includes(' ') ? `"${name}"` : name
}

/** `-x`: a value is needed, and no file. */
function valueOf(takes: Takes): readonly string[] {
  if (takes.kind === 'nothing') return []
  if (takes.kind === 'file') return ['-r', '-F']
  if (takes.kind === 'choices') return ['-x', `-a '${takes.choices.join(' ')}'`]
  return takes.kind === 'names' ? ['-x', `-a '(__vethscope_names ${takes.of})'`] : ['-x']
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
