/** What `:` completes: actions and commands by their first word (fuzzy), then options, choices and names of namespaces. */
import { allContainers } from '../../derive/containers.ts'
import { displayNames } from '../../derive/netns-name.ts'
import { fuzzy } from '../../lib/fuzzy.ts'
import type { World } from '../../model/world.ts'
import { listOf } from '../../model/known.ts'
import type { HostLab } from '../../model/lab.ts'
import type { CommandInfo, NamesIn } from '../commands.ts'
import { keymap, screenContexts } from '../keymap.ts'
import type { Input, State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { probeCompletions } from './probe-completions.ts'
import { shown } from './shown.ts'

export type Completion = {
  /** Takes the place of the word that is being typed. */
  readonly text: string
  readonly summary: string
}

const most = 50

/** Of the word that the cursor stands behind. */
export function completionsOf(state: State): readonly Completion[] {
  const { mode, options } = state
  if (mode.type !== 'command') return []
  const { before, word } = wordAt(mode.typed)
  const commands = options.commands ?? noCommands
  if (before.length === 0) return verbs(commands, word)
  const { world } = shown(state)
  const command = commandOf(commands, before)
  const ofCommand =
    command === null ? [] : wordsFor(command, before.slice(command.name.split(' ').length), word, world)
  return before.length === 1 ? [...secondWords(commands, before[0] ?? '', word), ...ofCommand] : ofCommand
}

/** What a line begins with: `net create` before `net`, `route add` before `route`. */
export function commandOf(commands: readonly CommandInfo[], words: readonly string[]): CommandInfo | null {
  const [first = '', second = ''] = words
  return (
    commands.find(({ name }) => name === `${first} ${second}`) ??
    commands.find(({ name }) => name === first) ??
    null
  )
}

/** Behind `net`: create, rm …. */
function secondWords(commands: readonly CommandInfo[], first: string, word: string): readonly Completion[] {
  return commands
    .filter(({ name }) => name.startsWith(`${first} ${word}`))
    .map(({ name, summary }) => ({ text: name.slice(first.length + 1), summary }))
}

const noCommands: readonly CommandInfo[] = []

/** The words in front of the cursor's, and that one as far as the cursor. */
export function wordAt({ text, cursor }: Input): {
  readonly before: readonly string[]
  readonly word: string
} {
  const parts = Array.from(text).slice(0, cursor).join('').trimStart().split(/\s+/)
  return { before: parts.slice(0, -1), word: parts.at(-1) ?? '' }
}

/** The input with another word in the cursor's place. */
export function completed(input: Input, completion: string): Input {
  const characters = Array.from(input.text)
  const { word } = wordAt(input)
  const before = characters.slice(0, input.cursor - Array.from(word).length).join('')
  const after = characters.slice(input.cursor).join('')
  const text = after.startsWith(' ') || after !== '' ? completion : `${completion} `
  return { text: `${before}${text}${after}`, cursor: Array.from(before).length + Array.from(text).length }
}

/** What can be done by a key can be typed too: `screen-rules` also as `rules`. */
export const actionWords: ReadonlyMap<string, (typeof keymap)[number]['action']> = new Map(
  keymap
    .filter(({ in: contexts }) => contexts.some((each) => screenContexts.includes(each)))
    .map(({ action }) => [action.replace(/^screen-/, ''), action] as const)
    .filter(([word]) => word !== 'interrupt' && word !== 'command'),
)

const verbs = memoRecent((commands: readonly CommandInfo[], word: string): readonly Completion[] => {
  const all: readonly Completion[] = [
    ...commands.map(({ name, summary }) => ({ text: name, summary })),
    // A command of the same name tells more than the key does.
    ...[...actionWords.keys()]
      .filter((name) => !commands.some((each) => each.name === name))
      .map((name) => ({ text: name, summary: '' })),
  ]
  return all
    .flatMap((each) => {
      const score = fuzzy(each.text, word)
      return score === null ? [] : [{ each, score }]
    })
    .sort((a, b) => a.score - b.score)
    .map(({ each }) => each)
    .slice(0, most)
})

function wordsFor(
  { name: command, options, words }: CommandInfo,
  before: readonly string[],
  word: string,
  world: World | null,
): readonly Completion[] {
  const option = options.find(({ name }) => name === before.at(-1))
  if (option !== undefined && option.value !== null) return valuesFor(option.value, word, world)
  if (word.startsWith('-'))
    return options
      .filter(({ name }) => name.startsWith(word))
      .map(({ name, summary }) => ({ text: name, summary }))
  const taken = before.filter((each, at) => {
    const ahead = options.find(({ name }) => name === before[at - 1])
    return !each.startsWith('-') && (ahead === undefined || ahead.value === null)
  })
  const offered = world === null ? null : probeCompletions(world, command, taken)
  if (offered !== null)
    return offered
      .filter(({ text }) => text.toLowerCase().startsWith(word.toLowerCase()))
      .slice(0, most)
      .map(({ text, says }) => ({ text, summary: says }))
  return valuesFor(words[taken.length] ?? 'text', word, world)
}

function valuesFor(
  values: CommandInfo['words'][number],
  word: string,
  world: World | null,
): readonly Completion[] {
  if (values === 'text') return []
  const names = typeof values !== 'string' ? values : world === null ? [] : namesIn(world)[values]
  return names
    .filter((name) => name.toLowerCase().startsWith(word.toLowerCase()))
    .slice(0, most)
    .map((text) => ({ text, summary: '' }))
}

const namesIn = memoRecent((world: World): Readonly<Record<NamesIn, readonly string[]>> => ({
  netns: plain([
    ...displayNames(world.netns).values(),
    ...allContainers(world).map(({ container }) => container.name),
  ]),
  network: plain(listOf(world.engines).flatMap((each) => listOf(each.networks).map(({ name }) => name))),
  node: plain(labOfHost(world).map(({ name }) => name)),
  link: plain(world.netns.flatMap(({ links }) => listOf(links).map(({ name }) => name))),
}))

function labOfHost(world: World): HostLab['nodes'] {
  return listOf(world.labs ?? []).find(({ host }) => host === world.host)?.nodes ?? []
}

/** Only those that are one word: others need quotes, which nobody completes. */
function plain(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => /^[\w@%+=:,./[\]-]+$/.test(name)).sort()
}
