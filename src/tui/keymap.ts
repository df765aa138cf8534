/** Which key means which action, where. Help, footer and the README's table are printed from this and actions.ts. */
import type { ActionName } from './actions.ts'
import type { Key } from './msg.ts'
import type { Mode } from './state.ts'

export type Context = Mode['type']

export type Binding = {
  readonly action: ActionName
  /** In the order in which they are told; the first one stands in the footer. */
  readonly keys: readonly Key[]
  readonly in: readonly Context[]
}

const browse: readonly Context[] = ['browse']
const popups: readonly Context[] = ['help', 'gaps']
const prompts: readonly Context[] = ['filter', 'find']

export const keymap: readonly Binding[] = [
  { action: 'screen-topology', keys: ['1'], in: browse },
  { action: 'up', keys: ['up', 'k'], in: ['browse', ...popups] },
  { action: 'down', keys: ['down', 'j'], in: ['browse', ...popups] },
  { action: 'up', keys: ['up', 'C-p'], in: ['find'] },
  { action: 'down', keys: ['down', 'C-n'], in: ['find'] },
  { action: 'page-up', keys: ['pageup', 'C-b'], in: ['browse', ...popups] },
  { action: 'page-down', keys: ['pagedown', 'C-f'], in: ['browse', ...popups] },
  { action: 'page-up', keys: ['pageup'], in: ['find'] },
  { action: 'page-down', keys: ['pagedown'], in: ['find'] },
  { action: 'page-down', keys: ['space'], in: popups },
  { action: 'first', keys: ['home', 'g'], in: ['browse', ...popups] },
  { action: 'last', keys: ['end', 'G'], in: ['browse', ...popups] },
  { action: 'out', keys: ['left', 'h'], in: browse },
  { action: 'in', keys: ['right', 'l'], in: browse },
  { action: 'follow', keys: ['enter'], in: browse },
  { action: 'accept', keys: ['enter'], in: prompts },
  { action: 'back', keys: ['backspace', '['], in: browse },
  { action: 'forward', keys: [']'], in: browse },
  { action: 'pane-next', keys: ['tab'], in: browse },
  { action: 'pane-previous', keys: ['S-tab'], in: browse },
  { action: 'filter', keys: ['/'], in: browse },
  { action: 'find', keys: ['f'], in: browse },
  { action: 'next', keys: ['n'], in: browse },
  { action: 'previous', keys: ['N'], in: browse },
  { action: 'freeze', keys: ['z'], in: browse },
  { action: 'gaps', keys: ['!'], in: browse },
  { action: 'snapshot', keys: ['S'], in: browse },
  { action: 'help', keys: ['?', 'f1'], in: browse },
  { action: 'close', keys: ['escape'], in: ['browse', ...popups, ...prompts] },
  { action: 'close', keys: ['q', 'enter'], in: popups },
  { action: 'close', keys: ['?', 'f1'], in: ['help'] },
  { action: 'close', keys: ['!'], in: ['gaps'] },
  { action: 'quit', keys: ['q'], in: browse },
  { action: 'interrupt', keys: ['C-c'], in: ['browse', ...popups, ...prompts] },
  { action: 'suspend', keys: ['C-z'], in: ['browse', ...popups, ...prompts] },
  { action: 'redraw', keys: ['C-l'], in: ['browse', ...popups, ...prompts] },
]

const byKey = new Map(
  keymap.flatMap(({ action, keys, in: contexts }) =>
    contexts.flatMap((context) => keys.map((key) => [`${context} ${key}`, action] as const)),
  ),
)

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
