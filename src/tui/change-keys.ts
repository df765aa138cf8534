/** Keys of what changes the host. A part of the table in keymap.ts. */
import type { Binding, Context } from './keymap.ts'

const networks: readonly Context[] = ['networks']
/** Where something of the host can be selected to be changed. */
const changing: readonly Context[] = ['topology', 'namespaces', 'networks']
const open: readonly Context[] = ['change-form', 'change-run']

/** `screens`: all of them. */
export const changeKeys = (screens: readonly Context[]): readonly Binding[] => [
  { action: 'add', keys: ['a'], in: changing },
  { action: 'edit', keys: ['e'], in: changing },
  { action: 'delete', keys: ['D'], in: changing },
  { action: 'connect', keys: ['c'], in: networks },
  { action: 'disconnect', keys: ['C'], in: networks },
  { action: 'publish', keys: ['P'], in: networks },
  { action: 'undo', keys: ['u'], in: changing },
  { action: 'cleanup', keys: [], in: screens },
  { action: 'rules-restore', keys: ['R'], in: ['gaps'] },
  { action: 'rules-restore', keys: [], in: screens },
  { action: 'network-rules', keys: ['R'], in: networks },
  { action: 'change-show', keys: [], in: screens },
  { action: 'change-apply', keys: ['C-s'], in: ['change-form'] },
  { action: 'change-next', keys: ['tab', 'down', 'C-n'], in: ['change-form'] },
  { action: 'change-previous', keys: ['S-tab', 'up', 'C-p'], in: ['change-form'] },
  { action: 'accept', keys: ['enter'], in: ['change-form', 'change-run', 'change-menu'] },
  { action: 'page-up', keys: ['pageup'], in: open },
  { action: 'page-down', keys: ['pagedown'], in: open },
  { action: 'change-full', keys: ['C-o'], in: ['change-form'] },
  { action: 'change-script', keys: ['C-y'], in: ['change-form'] },
  { action: 'up', keys: ['up', 'k'], in: ['change-run'] },
  { action: 'down', keys: ['down', 'j'], in: ['change-run'] },
  { action: 'first', keys: ['home', 'g'], in: ['change-run'] },
  { action: 'last', keys: ['end', 'G'], in: ['change-run'] },
  { action: 'change-full', keys: ['o'], in: ['change-run'] },
  { action: 'change-script', keys: ['y'], in: ['change-run'] },
  { action: 'change-undo', keys: ['u'], in: ['change-run'] },
  { action: 'close', keys: ['q'], in: ['change-run'] },
]
