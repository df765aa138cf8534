/** What `x` offers: everything that has a key on this screen, what acts on the selected thing first. */
import { actionOf, actions, type ActionGroup, type ActionName } from '../actions.ts'
import { keysOf } from '../keymap.ts'
import type { State } from '../state.ts'

export type MenuItem = {
  readonly name: ActionName
  readonly keys: readonly string[]
  readonly title: string
  /** Why it can do nothing now; null: it can. */
  readonly why: string | null
}

const order: readonly ActionGroup[] = ['thing', 'rules', 'looking', 'finding', 'program']
/** Of no use in a menu. */
const left: readonly ActionName[] = ['close', 'accept', 'interrupt', 'redraw', 'menu']

export function menuOf(state: State): readonly MenuItem[] {
  const { screen, options } = state
  const browsing: State = { ...state, mode: { type: 'browse' } }
  const names = (Object.keys(actions) as readonly ActionName[]).filter((name) => !left.includes(name))
  return order.flatMap((group) =>
    names.flatMap((name): readonly MenuItem[] => {
      const action = actionOf(name)
      const keys = keysOf(name, screen, options.keys)
      if (action.group !== group || keys.length === 0) return []
      const enabled = action.enabled(browsing)
      return [{ name, keys, title: action.title, why: enabled === true ? null : enabled }]
    }),
  )
}
