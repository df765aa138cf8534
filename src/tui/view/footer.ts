/**
 *  Enter follow  Backspace back  Tab panes  / filter  f find  z freeze  ? help  q quit
 *  find: vethe82_                                   ↑↓ choose  Enter jump  Esc close
 *  f: nothing has been read yet
 */
import { actionOf, actions, type ActionName } from '../actions.ts'
import { keysOf } from '../keymap.ts'
import type { Line, Region, Span } from '../frame.ts'
import type { Box } from '../layout.ts'
import { screenOf } from '../screens/screen-of.ts'
import { findingsOf } from '../select/findings.ts'
import { verbOf } from '../select/probe-kinds.ts'
import type { Input, State } from '../state.ts'
import { messageLines, messageRoles } from './message.ts'
import { modeHints } from './mode-hints.ts'
import { bothEnds, clean, fitted, gap, lineOf, padded, span, widthOf } from './text.ts'
import { width } from '../../lib/width.ts'

export function footerRegion(state: State, box: Box): Region {
  const { message, mode } = state
  // In a shell no key takes a message away, so it must not lie over what the shell shows.
  const said = message === null || mode.type === 'shell' ? null : messageLines(message, box.width)
  const lines = said ?? [footerLine(state, box.width)]
  return { id: 'footer', ...box, top: box.top + box.height - lines.length, height: lines.length, lines }
}

function footerLine(state: State, columns: number): Line {
  const { message } = state
  if (message !== null) {
    const said = span(` ${message.text}`, messageRoles[message.kind])
    // How to leave the shell must stay in sight.
    return lineOf(bothEnds([said], openHints(state), columns), columns)
  }
  const prompt = promptOf(state)
  if (prompt === null) {
    const isOpen = state.mode.type !== 'browse'
    return lineOf(isOpen ? [gap(1), ...openHints(state)] : keyHints(state, columns), columns)
  }
  const hints = promptHints(state, columns)
  const room = columns - widthOf(hints) - 1
  const input = windowOf(prompt.input, room - prompt.label.length)
  return lineOf([...padded([span(prompt.label, 'key'), span(input.text)], room), gap(1), ...hints], columns)
}

type Prompt = { readonly label: string; readonly input: Input }

function promptOf(state: State): Prompt | null {
  if (state.mode.type === 'filter') return { label: ' / ', input: state.mode.input }
  if (state.mode.type === 'route') return { label: ' route to: ', input: state.mode.input }
  if (state.mode.type === 'probe-form')
    return { label: ` ${verbOf(state.mode.kind)}: `, input: state.mode.input }
  if (state.mode.type === 'find') return { label: ' find: ', input: state.mode.input }
  if (state.mode.type === 'command') return { label: ' :', input: state.mode.input }
  if (state.mode.type === 'help-search') return { label: ' / ', input: state.mode.input }
  return null
}

/** Where the terminal's cursor stands; null: nothing is typed into. */
export function inputCursor(state: State, columns: number): number | null {
  const prompt = promptOf(state)
  if (prompt === null || state.message !== null) return null
  const room = columns - widthOf(promptHints(state, columns)) - 1
  const { before } = windowOf(prompt.input, room - prompt.label.length)
  return Math.min(columns - 1, prompt.label.length + width(before))
}

/** The part of a long input that holds the cursor. One column stays free for the cursor behind the end. */
function windowOf(input: Input, columns: number): { readonly text: string; readonly before: string } {
  const characters = Array.from(input.text)
  let from = 0
  const upTo = (): string => clean(characters.slice(from, input.cursor).join(''))
  while (from < input.cursor && width(upTo()) > columns - 1) from += 1
  return { text: clean(characters.slice(from).join('')), before: upTo() }
}

function promptHints(state: State, columns: number): readonly Span[] {
  const hints = openHints(state)
  const prompt = promptOf(state)
  if (state.mode.type !== 'filter' || prompt === null) return hints
  const { count, problem } = screenOf(state).filter.told(state)
  // Whatever the text that is typed leaves, with a column for the cursor and one between.
  const typed = prompt.label.length + width(clean(prompt.input.text)) + 2
  const room = Math.max(leastTold, columns - typed - widthOf(hints))
  return [...fitted([span(`${problem ?? count}  `, problem === null ? 'dim' : 'error')], room), ...hints]
}

/** Beside a filter that is itself too long for the line. */
const leastTold = 40

/** The keys of what is open; none where nothing is. */
function openHints(state: State): readonly Span[] {
  const { mode, options } = state
  if (mode.type === 'browse') return []
  // Of what could not be read there is nothing to choose.
  const isRead = mode.type === 'gaps' && findingsOf(state).findings.length === 0
  const type = isRead ? 'output' : mode.type
  // What helps against one finding does not against another.
  const able = modeHints[type].filter(
    ([names]) => type !== 'gaps' || names.every((name) => actionOf(name).enabled(state) === true),
  )
  return able.flatMap(([names, title]) =>
    hint(names.map((name) => keysOf(name, type, options.keys)[0] ?? '').join(''), title),
  )
}

function hint(key: string, title: string): readonly Span[] {
  return [span(key, 'key'), span(` ${title}  `)]
}

/** These stay when there is no room for all: `x` and `?` lead to the others. */
const kept: readonly ActionName[] = ['find', 'filter', 'menu', 'help', 'quit']
/** These go first, then the last ones. */
const first: readonly ActionName[] = [
  'snapshot',
  'log-export',
  'back',
  'freeze',
  'next',
  'capture',
  'dns',
  'tcp',
  'http',
  'pane-next',
]

/** On screen 5 one comes to change something. */
const firstOnNetworks: readonly ActionName[] = ['ping', 'shell', 'matrix', 'table-next', 'publish', 'undo']

/** On screen 2 most stands on the sheets, and nothing else tells how they are turned. */
const lastOnNamespaces: readonly ActionName[] = ['table-next', 'follow']

/** All of them, in the order in which they go where there is no room. */
function leaving({ screen }: State, all: readonly ActionName[]): readonly ActionName[] {
  const early = screen === 'networks' ? [...first, ...firstOnNetworks] : first
  const late = screen === 'namespaces' ? lastOnNamespaces : []
  return [...early, ...all.filter((name) => !late.includes(name)).toReversed(), ...late]
}

/** Only what can be done now; the help has all of them. */
function keyHints(state: State, columns: number): readonly Span[] {
  let shown = (Object.keys(actions) as readonly ActionName[]).flatMap((name) => {
    const { footer, enabled } = actionOf(name)
    const key = keysOf(name, state.screen, state.options.keys)[0]
    if (footer === null || key === undefined || enabled(state) !== true) return []
    const spans = hint(key, typeof footer === 'function' ? footer(state) : footer)
    return [{ name, spans, width: widthOf(spans) }]
  })
  const isKept = (name: ActionName): boolean =>
    kept.includes(name) || (name === 'freeze' && state.frozen !== null)
  const all = shown.map((each) => each.name)
  for (const name of leaving(state, all)) {
    if (shown.reduce((sum, each) => sum + each.width, 1) <= columns) break
    if (!isKept(name)) shown = shown.filter((each) => each.name !== name)
  }
  return [gap(1), ...shown.flatMap(({ spans }) => spans)]
}
