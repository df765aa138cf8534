/** Which key means which action, where. Help, footer and the README's table are printed from this and actions.ts. */
import type { ActionName } from './actions.ts'
import { changeKeys } from './change-keys.ts'
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
const popups: readonly Context[] = [
  'help',
  'gaps',
  'menu',
  'output',
  'themes',
  'columns',
  'change-menu',
  'copy',
  'compare',
]
const question: readonly Context[] = ['quit']
const probes: readonly Context[] = ['probes']
const networks: readonly Context[] = ['networks']
const open: readonly Context[] = ['change-form', 'change-run']
const notProbes = (contexts: readonly Context[]): readonly Context[] =>
  contexts.filter((context) => context !== 'probes')
const prompts: readonly Context[] = ['filter', 'find', 'route', 'command', 'help-search', 'probe-form']

export const keymap: readonly Binding[] = [
  ...screens.map(({ id, key }): Binding => ({ action: `screen-${id}`, keys: [key], in: screenContexts })),
  { action: 'up', keys: ['up', 'k'], in: [...screenContexts, ...popups] },
  { action: 'down', keys: ['down', 'j'], in: [...screenContexts, ...popups] },
  { action: 'copy', keys: ['y'], in: screenContexts },
  { action: 'copy-value', keys: ['Y'], in: screenContexts },
  { action: 'columns', keys: ['o', 'O'], in: notProbes(tables) },
  // There `o` saves, as `E` does on the Log.
  { action: 'columns', keys: ['O'], in: probes },
  { action: 'theme', keys: ['T'], in: screenContexts },
  { action: 'mouse', keys: ['m'], in: screenContexts },
  { action: 'menu', keys: ['x'], in: screenContexts },
  { action: 'command', keys: [':'], in: screenContexts },
  { action: 'help-search', keys: ['/'], in: ['help'] },
  { action: 'up', keys: ['up', 'C-p'], in: ['command'] },
  { action: 'down', keys: ['down', 'C-n'], in: ['command'] },
  { action: 'complete', keys: ['tab'], in: ['command'] },
  { action: 'complete-back', keys: ['S-tab'], in: ['command'] },
  { action: 'up', keys: ['up', 'C-p'], in: ['find'] },
  { action: 'down', keys: ['down', 'C-n'], in: ['find'] },
  { action: 'page-up', keys: ['pageup', 'C-b'], in: [...screenContexts, ...popups] },
  { action: 'page-down', keys: ['pagedown', 'C-f'], in: [...screenContexts, ...popups] },
  { action: 'page-up', keys: ['pageup'], in: ['find'] },
  { action: 'page-down', keys: ['pagedown'], in: ['find'] },
  { action: 'up', keys: ['up', 'C-p'], in: ['route'] },
  { action: 'down', keys: ['down', 'C-n'], in: ['route'] },
  { action: 'page-up', keys: ['pageup'], in: ['route'] },
  { action: 'page-down', keys: ['pagedown'], in: ['route'] },
  { action: 'up', keys: ['up', 'C-p'], in: ['probe-form'] },
  { action: 'down', keys: ['down', 'C-n'], in: ['probe-form'] },
  { action: 'page-up', keys: ['pageup'], in: ['probe-form'] },
  { action: 'page-down', keys: ['pagedown'], in: ['probe-form'] },
  { action: 'complete', keys: ['tab'], in: ['probe-form'] },
  { action: 'probe-from', keys: ['C-t'], in: ['probe-form'] },
  { action: 'page-down', keys: ['space'], in: ['help', 'gaps', 'output', 'compare'] },
  { action: 'first', keys: ['home', 'g'], in: [...screenContexts, ...popups] },
  { action: 'last', keys: ['end', 'G'], in: [...screenContexts, ...popups] },
  { action: 'out', keys: ['left', 'h'], in: screenContexts },
  { action: 'in', keys: ['right', 'l'], in: screenContexts },
  { action: 'follow', keys: ['enter'], in: screenContexts },
  { action: 'accept', keys: ['enter'], in: prompts },
  { action: 'accept', keys: ['enter'], in: ['gaps', 'menu', 'themes', 'columns', 'copy'] },
  { action: 'mark', keys: ['space'], in: ['columns'] },
  { action: 'back', keys: ['backspace', '['], in: [...topology, ...tables] },
  { action: 'back', keys: ['backspace'], in: rules },
  { action: 'forward', keys: [']'], in: [...topology, ...tables] },
  { action: 'family-previous', keys: ['['], in: rules },
  { action: 'family-next', keys: [']'], in: rules },
  { action: 'table-previous', keys: ['{'], in: [...rules, ...tables] },
  { action: 'table-next', keys: ['}'], in: [...rules, ...tables] },
  { action: 'netns-previous', keys: ['('], in: [...rules, 'ports'] },
  { action: 'netns-next', keys: [')'], in: [...rules, 'ports'] },
  { action: 'growth', keys: ['0'], in: [...rules, 'namespaces'] },
  { action: 'pane-next', keys: ['tab'], in: rules },
  { action: 'pane-previous', keys: ['S-tab'], in: rules },
  { action: 'pane-next', keys: ['tab'], in: [...topology, ...tables] },
  { action: 'pane-previous', keys: ['S-tab'], in: [...topology, ...tables] },
  { action: 'filter', keys: ['/'], in: screenContexts },
  { action: 'mark', keys: ['space'], in: [...topology, ...tables] },
  { action: 'find', keys: ['f'], in: screenContexts },
  { action: 'next', keys: ['n'], in: screenContexts },
  { action: 'previous', keys: ['N'], in: screenContexts },
  { action: 'route', keys: ['r'], in: notProbes(screenContexts) },
  { action: 'route', keys: [], in: probes },
  { action: 'probe-again', keys: ['r'], in: probes },
  { action: 'probe-repeat', keys: ['R'], in: probes },
  { action: 'probe-edit', keys: ['e'], in: probes },
  { action: 'probe-stop', keys: ['K'], in: probes },
  { action: 'probe-save', keys: ['o', 'E'], in: probes },
  { action: 'probe-compare', keys: ['='], in: probes },
  { action: 'ping', keys: ['p'], in: screenContexts },
  { action: 'http', keys: ['w'], in: screenContexts },
  { action: 'tcp', keys: ['t'], in: screenContexts },
  { action: 'dns', keys: ['d'], in: screenContexts },
  { action: 'capture', keys: ['c'], in: screenContexts.filter((context) => context !== 'networks') },
  { action: 'capture', keys: [], in: networks },
  { action: 'udp', keys: [], in: screenContexts },
  { action: 'traceroute', keys: [], in: screenContexts },
  { action: 'listen', keys: [], in: screenContexts },
  { action: 'exec', keys: [], in: screenContexts },
  { action: 'matrix', keys: ['M'], in: screenContexts },
  ...changeKeys(screenContexts),
  { action: 'shell', keys: ['s'], in: screenContexts },
  { action: 'shell-leave', keys: ['C-]'], in: [...screenContexts, 'shell', 'shell-left'] },
  { action: 'shell-up', keys: ['S-pageup', 'M-pageup'], in: [...screenContexts, 'shell'] },
  { action: 'shell-down', keys: ['S-pagedown', 'M-pagedown'], in: [...screenContexts, 'shell'] },
  { action: 'shell-up', keys: ['pageup', 'S-pageup', 'M-pageup'], in: ['shell-left'] },
  { action: 'shell-down', keys: ['pagedown', 'S-pagedown', 'M-pagedown'], in: ['shell-left'] },
  { action: 'shell-next', keys: ['tab'], in: ['shell-left'] },
  { action: 'shell-previous', keys: ['S-tab'], in: ['shell-left'] },
  { action: 'shell-add', keys: ['a'], in: ['shell-left'] },
  { action: 'shell-full', keys: ['F'], in: ['shell-left'] },
  { action: 'shell-copy', keys: ['Y'], in: ['shell-left'] },
  { action: 'shell-close', keys: ['K'], in: ['shell-left'] },
  { action: 'accept', keys: ['enter', 's'], in: ['shell-left'] },
  { action: 'close', keys: ['escape'], in: ['shell-left'] },
  // No key of its own: by `x` and `:`, or one of the config file.
  { action: 'connections', keys: [], in: screenContexts },
  { action: 'freeze', keys: ['z'], in: screenContexts },
  { action: 'unit', keys: ['b'], in: topology },
  { action: 'gaps', keys: ['!'], in: screenContexts },
  { action: 'snapshot', keys: ['S'], in: screenContexts },
  { action: 'log-export', keys: ['E'], in: ['log'] },
  { action: 'help', keys: ['?', 'f1'], in: screenContexts },
  {
    action: 'close',
    keys: ['escape'],
    in: [...screenContexts, ...popups, ...prompts, ...open, ...question],
  },
  { action: 'close', keys: ['q'], in: popups },
  { action: 'close', keys: ['enter', '?', 'f1'], in: ['help'] },
  { action: 'close', keys: ['enter'], in: ['output'] },
  { action: 'close', keys: ['x'], in: ['menu'] },
  { action: 'close', keys: ['T'], in: ['themes'] },
  { action: 'close', keys: ['o', 'O'], in: ['columns'] },
  { action: 'close', keys: ['Y'], in: ['copy'] },
  { action: 'close', keys: ['!'], in: ['gaps'] },
  { action: 'close', keys: ['=', 'enter'], in: ['compare'] },
  { action: 'accept', keys: ['enter', 'q', 'y'], in: question },
  { action: 'close', keys: ['n'], in: question },
  { action: 'quit', keys: ['q'], in: screenContexts },
  {
    action: 'interrupt',
    keys: ['C-c'],
    in: [...screenContexts, ...popups, ...prompts, ...open, ...question],
  },
  { action: 'suspend', keys: ['C-z'], in: [...screenContexts, ...popups, ...prompts, ...open, ...question] },
  { action: 'redraw', keys: ['C-l'], in: [...screenContexts, ...popups, ...prompts, ...open, ...question] },
]

/** Where a key is pressed now. */
export function contextOf({ mode, screen }: Pick<State, 'mode' | 'screen'>): Context {
  return mode.type === 'browse' ? screen : mode.type
}

/** Of the config file: an action and the keys that take the place of its own. */
export type UserKeys = Readonly<Record<string, readonly Key[]>>

export function actionFor(context: Context, key: Key, user?: UserKeys): ActionName | null {
  return boundFor(user).byKey.get(`${context} ${key}`) ?? null
}

type Bound = { readonly bindings: readonly Binding[]; readonly byKey: ReadonlyMap<string, ActionName> }

const none: UserKeys = {}
const bound = new WeakMap<UserKeys, Bound>()

function boundFor(user: UserKeys = none): Bound {
  let made = bound.get(user)
  if (made === undefined) {
    const bindings = user === none ? keymap : withUserKeys(user)
    const byKey = new Map(
      bindings.flatMap(({ action, keys, in: contexts }) =>
        contexts.flatMap((context) => keys.map((key) => [`${context} ${key}`, action] as const)),
      ),
    )
    made = { bindings, byKey }
    bound.set(user, made)
  }
  return made
}

/** What was chosen takes a key away from whatever had it there; which of that is a mistake, key-clash.ts knows. */
function withUserKeys(user: UserKeys): readonly Binding[] {
  const chosen = chosenBindings(user)
  const taken = new Set(
    chosen.flatMap(({ keys, in: contexts }) =>
      contexts.flatMap((each) => keys.map((key) => `${each} ${key}`)),
    ),
  )
  const rest = keymap
    .filter(({ action }) => !Object.hasOwn(user, action))
    .flatMap(({ action, keys, in: contexts }) =>
      contexts.map((context) => ({
        action,
        keys: keys.filter((key) => !taken.has(`${context} ${key}`)),
        in: [context],
      })),
    )
  return [...chosen, ...rest]
}

/** One for each key that the user gave an action, with all the places where it means that. */
export function chosenBindings(user: UserKeys): readonly Binding[] {
  return Object.entries(user).flatMap(([name, keys]) => {
    const action = keymap.find((binding) => binding.action === name)?.action
    if (action === undefined) return []
    return keys.map((key): Binding => ({ action, keys: [key], in: placesOf(action, key, user) }))
  })
}

/**
 * Wherever the action can be done. Where text is typed, characters stay text; and a key that is the action's own somewhere
 * takes none away elsewhere: `q` closes what is open, also if the user says so, and still quits where nothing is.
 */
function placesOf(action: ActionName, key: Key, user: UserKeys): readonly Context[] {
  const isTyped = (context: Context): boolean => context === 'change-form' || prompts.includes(context)
  const isText = Array.from(key).length === 1 || key === 'space'
  const own = keymap.filter((binding) => binding.action === action)
  const all = [...new Set(own.flatMap((binding) => binding.in))].filter(
    (context) => !(isText && isTyped(context)),
  )
  const at = new Set(own.flatMap((binding) => (binding.keys.includes(key) ? binding.in : [])))
  if (at.size === 0) return all
  const elsewhere = keymap.filter(
    (binding) => binding.action !== action && (user[binding.action] ?? binding.keys).includes(key),
  )
  return all.filter(
    (context) => at.has(context) || !elsewhere.some((binding) => binding.in.includes(context)),
  )
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
  'S-pageup': 'S-PgUp',
  'S-pagedown': 'S-PgDn',
  'M-pageup': 'M-PgUp',
  'M-pagedown': 'M-PgDn',
  f1: 'F1',
}

/** As people read it: `Ctrl-L`, `PgDn`, `↑`. */
export function keyName(key: Key): string {
  return names[key] ?? (/^C-.$/.test(key) ? `Ctrl-${key.slice(2).toUpperCase()}` : key)
}

/** Whether it can be done there at all, by a key or without one. */
export function isOffered(action: ActionName, context: Context): boolean {
  return keymap.some((binding) => binding.action === action && binding.in.includes(context))
}

/** The keys of an action in one context, best known first. */
export function keysOf(action: ActionName, context: Context, user?: UserKeys): readonly string[] {
  return boundFor(user)
    .bindings.filter((binding) => binding.action === action && binding.in.includes(context))
    .flatMap((binding) => binding.keys.map(keyName))
}
