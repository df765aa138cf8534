/** A key becomes an action by the keymap; in a prompt, what is no action is text. */
import { actionOf, type ActionName } from '../actions.ts'
import { actionFor, contextOf, keyName } from '../keymap.ts'
import type { Key } from '../msg.ts'
import { actionWords, commandOf } from '../select/completions.ts'
import { screenOf } from '../screens/screen-of.ts'
import { menuOf } from '../select/menu.ts'
import type { Input, State } from '../state.ts'
import { changeFormOpened, fieldAccepted, pressedInForm } from './change-form.ts'
import { changeLine } from './change-line.ts'
import { runAccepted } from './change-runs.ts'
import { recalled, remembered } from './command-line.ts'
import { valueCopied } from './copy.ts'
import { edited, inserted } from './input.ts'
import { formAccepted } from './probe-form.ts'
import { probeLine } from './probe-form-line.ts'
import { findOpened, typed } from './prompt.ts'
import { quitting } from './quit.ts'
import { ran } from './run.ts'
import { pastedIntoShell, shellAccepted, typedIntoShell } from './shells.ts'
import { saying, type Step } from './step.ts'
import { themeShown } from './themes.ts'

export function pressed(state: State, key: Key): Step {
  const silent: State = state.message === null ? state : { ...state, message: null }
  const name = actionFor(contextOf(state), key, state.options.keys)
  if (name !== null) {
    // Esc on nothing but a message has taken that away.
    if (name === 'close' && state.message !== null && actionOf(name).enabled(silent) !== true) return [silent]
    return inMode(silent, name) ?? done(silent, name, keyName(key))
  }
  if (silent.mode.type === 'shell') return typedIntoShell(silent, key)
  if (silent.mode.type === 'shell-left') return pressed({ ...silent, mode: { type: 'browse' } }, key)
  if (silent.mode.type === 'change-form') return [pressedInForm(silent, silent.mode, key)]
  const input = inputIn(silent)
  if (input !== null) {
    const next = edited(input, key)
    return [next === null ? silent : typed(silent, next)]
  }
  const chosen = silent.mode.type === 'menu' ? actionFor(silent.screen, key, silent.options.keys) : null
  if (chosen !== null) return chosenInMenu(silent, chosen)
  return [saying(silent, 'refused', `${keyName(key)} does nothing here; ? shows the keys`)]
}

/** What was pressed or typed, where it can be done, else why not. */
function done(state: State, name: ActionName, said: string): Step {
  const action = actionOf(name)
  const enabled = action.enabled(state)
  return enabled === true ? action.run(state) : [saying(state, 'refused', `${said}: ${enabled}`)]
}

/** What leads to another action by its name; null: what is open has no such thing. */
function inMode(state: State, name: ActionName): Step | null {
  const { mode } = state
  const step = name === 'up' ? -1 : name === 'down' ? 1 : null
  const isAccept = name === 'accept'
  switch (mode.type) {
    case 'menu': {
      if (!isAccept) return null
      const item = menuOf(state)[mode.cursor]
      return item === undefined ? [state] : chosenInMenu(state, item.name)
    }
    case 'help-search':
      return isAccept ? [state] : null
    case 'themes':
      if (step !== null) return themeShown(state, mode.cursor + step)
      return isAccept ? [{ ...state, mode: { type: 'browse' } }] : null
    case 'probe-form':
      return isAccept ? formAccepted(state, mode) : null
    case 'shell-left':
      return isAccept ? shellAccepted(state) : null
    case 'change-menu': {
      const chosen = isAccept ? mode.choices[mode.cursor] : undefined
      return chosen === undefined ? null : [changeFormOpened(state, chosen.form, chosen.values)]
    }
    case 'change-form':
      return isAccept ? [fieldAccepted(state, mode)] : null
    case 'change-run':
      return isAccept ? runAccepted(state) : null
    case 'quit':
      return isAccept ? quitting(state) : null
    case 'copy':
      return isAccept ? valueCopied(state, mode.cursor) : null
    case 'columns':
      return onColumn(state, mode.cursor, name)
    case 'command':
      if (name === 'up' || name === 'down') return [recalled(state, name)]
      return isAccept ? entered(state, mode.input.text.trim()) : null
    default:
      return null
  }
}

/** Enter orders by the column, Space takes it away or brings it back. */
function onColumn(state: State, cursor: number, name: ActionName): Step | null {
  const { columns } = screenOf(state)
  const column = columns?.all(state)[cursor]
  if (columns === null || column === undefined) return null
  if (name === 'mark') return [columns.toggled(state, column.id)]
  if (name !== 'accept') return null
  return column.order === undefined
    ? [saying(state, 'refused', `rows have no order by ${column.title}`)]
    : [columns.ordered(state, column.id)]
}

function chosenInMenu(state: State, name: ActionName): Step {
  return done({ ...state, mode: { type: 'browse' } }, name, actionOf(name).title)
}

/** What keys do goes by its name; all else is a command of the command line. */
function entered(state: State, line: string): Step {
  const closed: State = { ...state, mode: { type: 'browse' } }
  if (line === '') return [closed]
  const kept = remembered(closed, line)
  const command = commandOf(state.options.commands ?? [], line.split(/\s+/))
  // `ping` alone has nothing that a command could ask: it opens what the key does.
  const isAction = command === null || (command.name === line && command.words.length > 0)
  const action = isAction ? actionWords.get(line) : undefined
  if (action !== undefined) return done(kept, action, line)
  return changeLine(kept, line) ?? probeLine(kept, line) ?? ran(kept, line)
}

/** What is pasted while nothing is typed into is looked for. */
export function pasted(state: State, text: string): Step {
  if (state.mode.type === 'shell') return pastedIntoShell(state, text)
  const input = inputIn(state)
  if (input !== null) return [typed(state, inserted(input, text.replace(/[\r\n]+$/, '')))]
  if (state.mode.type !== 'browse' || text.trim() === '') return [state]
  return [findOpened({ ...state, message: null }, inserted({ text: '', cursor: 0 }, text.trim()).text)]
}

function inputIn({ mode }: State): Input | null {
  return 'input' in mode ? mode.input : null
}
