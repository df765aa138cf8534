/** What `x` offers: everything that has a key on this screen, what acts on the selected thing first. */
import { actionOf, actions, type ActionGroup, type ActionName } from '../actions.ts'
import { isOffered, keysOf } from '../keymap.ts'
import type { State } from '../state.ts'

export type MenuItem = {
  readonly name: ActionName
  readonly keys: readonly string[]
  readonly title: string
  /** Why it can do nothing now; null: it can. */
  readonly why: string | null
}

const order: readonly ActionGroup[] = ['thing', 'change', 'probes', 'rules', 'looking', 'finding', 'program']
/** What acts on the selected thing, the usual first. */
const things: readonly ActionName[] = [
  'follow',
  'mark',
  'copy',
  'copy-value',
  'route',
  'screen-rules',
  'connections',
]
/** Of no use in a menu. */
const left: readonly ActionName[] = ['close', 'accept', 'interrupt', 'redraw', 'menu']

export function menuOf(state: State): readonly MenuItem[] {
  const { screen, options } = state
  const browsing: State = { ...state, mode: { type: 'browse' } }
  const all = Object.keys(actions) as readonly ActionName[]
  const names = new Set([
    ...things,
    ...order.flatMap((group) => all.filter((name) => actionOf(name).group === group)),
  ])
  return [...names].flatMap((name): readonly MenuItem[] => {
    if (left.includes(name) || name === `screen-${screen}` || !isOffered(name, screen)) return []
    const action = actionOf(name)
    const enabled = action.enabled(browsing)
    return [
      {
        name,
        keys: keysOf(name, screen, options.keys),
        title: action.title,
        why: enabled === true ? null : enabled,
      },
    ]
  })
}
