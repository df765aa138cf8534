/** Which key means which action, where. Help, footer and the README's table are printed from this and actions.ts. */
import type { ActionName } from './actions.ts'
import type { Key } from './msg.ts'
import { screens, type ScreenId } from './screens.ts'
import type { Mode, State } from './state.ts'

/** What is open over the screen, or else which screen it is. */
export type Context = Exclude<Mode['type'], 'browse'> | ScreenId

export type Binding = {
  readonly action: ActionName
  /** In the order in which they are told; the first one stands in the footer. */
  readonly keys: readonly Key[]
  readonly in: readonly Context[]
}

const topology: readonly Context[] = ['topology']
const rules: readonly Context[] = ['rules']
const tables: readonly Context[] = screens
  .map(({ id }) => id)
  .filter((id) => id !== 'topology' && id !== 'rules')
/** The contexts without anything open: what the help and the README tell. */
export const screenContexts: readonly Context[] = screens.map(({ id }) => id)
const popups: readonly Context[] = ['help', 'gaps']
const prompts: readonly Context[] = ['filter', 'find']

export const keymap: readonly Binding[] = [
  ...screens.map(({ id, key }): Binding => ({ action: `screen-${id}`, keys: [key], in: screenContexts })),
  { action: 'up', keys: ['up', 'k'], in: [...screenContexts, ...popups] },
  { action: 'down', keys: ['down', 'j'], in: [...screenContexts, ...popups] },
  { action: 'up', keys: ['up', 'C-p'], in: ['find'] },
  { action: 'down', keys: ['down', 'C-n'], in: ['find'] },
  { action: 'page-up', keys: ['pageup', 'C-b'], in: [...screenContexts, ...popups] },
  { action: 'page-down', keys: ['pagedown', 'C-f'], in: [...screenContexts, ...popups] },
  { action: 'page-up', keys: ['pageup'], in: ['find'] },
  { action: 'page-down', keys: ['pagedown'], in: ['find'] },
  { action: 'page-down', keys: ['space'], in: popups },
  { action: 'first', keys: ['home', 'g'], in: [...screenContexts, ...popups] },
  { action: 'last', keys: ['end', 'G'], in: [...screenContexts, ...popups] },
  { action: 'out', keys: ['left', 'h'], in: screenContexts },
  { action: 'in', keys: ['right', 'l'], in: screenContexts },
  { action: 'follow', keys: ['enter'], in: screenContexts },
  { action: 'accept', keys: ['enter'], in: prompts },
  { action: 'accept', keys: ['enter'], in: ['gaps'] },
  { action: 'back', keys: ['backspace', '['], in: [...topology, ...tables] },
  { action: 'back', keys: ['backspace'], in: rules },
  { action: 'forward', keys: [']'], in: [...topology, ...tables] },
  { action: 'family-previous', keys: ['['], in: rules },
  { action: 'family-next', keys: [']'], in: rules },
  { action: 'table-previous', keys: ['{'], in: [...rules, ...tables] },
  { action: 'table-next', keys: ['}'], in: [...rules, ...tables] },
  { action: 'growth', keys: ['0'], in: rules },
  { action: 'pane-next', keys: ['tab'], in: [...topology, ...tables] },
  { action: 'pane-previous', keys: ['S-tab'], in: [...topology, ...tables] },
  { action: 'filter', keys: ['/'], in: screenContexts },
  { action: 'mark', keys: ['space'], in: [...topology, ...tables] },
  { action: 'find', keys: ['f'], in: screenContexts },
  { action: 'next', keys: ['n'], in: screenContexts },
  { action: 'previous', keys: ['N'], in: screenContexts },
  { action: 'freeze', keys: ['z'], in: screenContexts },
  { action: 'gaps', keys: ['!'], in: screenContexts },
  { action: 'snapshot', keys: ['S'], in: screenContexts },
  { action: 'help', keys: ['?', 'f1'], in: screenContexts },
  { action: 'close', keys: ['escape'], in: [...screenContexts, ...popups, ...prompts] },
  { action: 'close', keys: ['q'], in: popups },
  { action: 'close', keys: ['enter', '?', 'f1'], in: ['help'] },
  { action: 'close', keys: ['!'], in: ['gaps'] },
  { action: 'quit', keys: ['q'], in: screenContexts },
  { action: 'interrupt', keys: ['C-c'], in: [...screenContexts, ...popups, ...prompts] },
  { action: 'suspend', keys: ['C-z'], in: [...screenContexts, ...popups, ...prompts] },
  { action: 'redraw', keys: ['C-l'], in: [...screenContexts, ...popups, ...prompts] },
]

const byKey = new Map(
  keymap.flatMap(({ action, keys, in: contexts }) =>
    contexts.flatMap((context) => keys.map((key) => [`${context} ${key}`, action] as const)),
  ),
)

/** Where a key is pressed now. */
export function contextOf({ mode, screen }: Pick<State, 'mode' | 'screen'>): Context {
  return mode.type === 'browse' ? screen : mode.type
}

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
