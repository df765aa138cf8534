/** Which key means which action, where. Help, footer and the README's table are printed from this and actions.ts. */
import type { ActionName } from './actions.ts'
import type { Key } from './msg.ts'
import type { Mode, State } from './state.ts'

/** What is open, or else which screen: `browse` is Topology. */
export type Context = Mode['type'] | 'rules'

export type Binding = {
  readonly action: ActionName
  /** In the order in which they are told; the first one stands in the footer. */
  readonly keys: readonly Key[]
  readonly in: readonly Context[]
}

const topology: readonly Context[] = ['browse']
const rules: readonly Context[] = ['rules']
const browse: readonly Context[] = [...topology, ...rules]
const popups: readonly Context[] = ['help', 'gaps']
const prompts: readonly Context[] = ['filter', 'rules-filter', 'find']

export const keymap: readonly Binding[] = [
  { action: 'screen-topology', keys: ['1'], in: browse },
  { action: 'screen-rules', keys: ['3'], in: browse },
  { action: 'up', keys: ['up', 'k'], in: [...browse, ...popups] },
  { action: 'down', keys: ['down', 'j'], in: [...browse, ...popups] },
  { action: 'up', keys: ['up', 'C-p'], in: ['find'] },
  { action: 'down', keys: ['down', 'C-n'], in: ['find'] },
  { action: 'page-up', keys: ['pageup', 'C-b'], in: [...browse, ...popups] },
  { action: 'page-down', keys: ['pagedown', 'C-f'], in: [...browse, ...popups] },
  { action: 'page-up', keys: ['pageup'], in: ['find'] },
  { action: 'page-down', keys: ['pagedown'], in: ['find'] },
  { action: 'page-down', keys: ['space'], in: popups },
  { action: 'first', keys: ['home', 'g'], in: [...browse, ...popups] },
  { action: 'last', keys: ['end', 'G'], in: [...browse, ...popups] },
  { action: 'out', keys: ['left', 'h'], in: browse },
  { action: 'in', keys: ['right', 'l'], in: browse },
  { action: 'follow', keys: ['enter'], in: browse },
  { action: 'accept', keys: ['enter'], in: prompts },
  { action: 'accept', keys: ['enter'], in: ['gaps'] },
  { action: 'back', keys: ['backspace', '['], in: topology },
  { action: 'back', keys: ['backspace'], in: rules },
  { action: 'forward', keys: [']'], in: topology },
  { action: 'family-previous', keys: ['['], in: rules },
  { action: 'family-next', keys: [']'], in: rules },
  { action: 'table-previous', keys: ['{'], in: rules },
  { action: 'table-next', keys: ['}'], in: rules },
  { action: 'growth', keys: ['0'], in: rules },
  { action: 'pane-next', keys: ['tab'], in: topology },
  { action: 'pane-previous', keys: ['S-tab'], in: topology },
  { action: 'filter', keys: ['/'], in: topology },
  { action: 'rules-filter', keys: ['/'], in: rules },
  { action: 'find', keys: ['f'], in: browse },
  { action: 'next', keys: ['n'], in: browse },
  { action: 'previous', keys: ['N'], in: browse },
  { action: 'freeze', keys: ['z'], in: browse },
  { action: 'gaps', keys: ['!'], in: browse },
  { action: 'snapshot', keys: ['S'], in: browse },
  { action: 'help', keys: ['?', 'f1'], in: browse },
  { action: 'close', keys: ['escape'], in: [...browse, ...popups, ...prompts] },
  { action: 'close', keys: ['q'], in: popups },
  { action: 'close', keys: ['enter', '?', 'f1'], in: ['help'] },
  { action: 'close', keys: ['!'], in: ['gaps'] },
  { action: 'quit', keys: ['q'], in: browse },
  { action: 'interrupt', keys: ['C-c'], in: [...browse, ...popups, ...prompts] },
  { action: 'suspend', keys: ['C-z'], in: [...browse, ...popups, ...prompts] },
  { action: 'redraw', keys: ['C-l'], in: [...browse, ...popups, ...prompts] },
]

const byKey = new Map(
  keymap.flatMap(({ action, keys, in: contexts }) =>
    contexts.flatMap((context) => keys.map((key) => [`${context} ${key}`, action] as const)),
  ),
)

/** Where a key is pressed now. */
export function contextOf(state: Pick<State, 'mode' | 'screen'>): Context {
  return state.mode.type === 'browse' ? screenContextOf(state) : state.mode.type
}

/** Where it is pressed once nothing is open. */
export function screenContextOf({ screen }: Pick<State, 'screen'>): Context {
  return screen === 'rules' ? 'rules' : 'browse'
}

/** The contexts without anything open: what the help and the README tell. */
export const screenContexts: readonly Context[] = browse

export function actionFor(context: Context, key: Key): ActionName | null {
  return byKey.get(`${context} ${key}`) ?? null
}

const names: Readonly<Record<Key, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'S-tab': 'S-Tab',
  backspace: 'Backspace',
  space: 'Space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  home: 'Home',
  end: 'End',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  f1: 'F1',
}

/** As people read it: `Ctrl-L`, `PgDn`, `↑`. */
export function keyName(key: Key): string {
  return names[key] ?? (/^C-.$/.test(key) ? `Ctrl-${key.slice(2).toUpperCase()}` : key)
}

/** The keys of an action in one context, best known first. */
export function keysOf(action: ActionName, context: Context): readonly string[] {
  return keymap
    .filter((binding) => binding.action === action && binding.in.includes(context))
    .flatMap((binding) => binding.keys.map(keyName))
}
