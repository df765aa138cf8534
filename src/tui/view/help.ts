/** Every key, printed from the keymap and the action table: what can do nothing now says why. */
import { actionOf, actions, type ActionGroup, type ActionName } from '../actions.ts'
import { keysOf, type Context } from '../keymap.ts'
import type { Line } from '../frame.ts'
import type { State } from '../state.ts'
import { gap, lineOf, padded, span } from './text.ts'

export const groupTitles: Readonly<Record<ActionGroup, string>> = {
  moving: 'Moving',
  finding: 'Finding',
  looking: 'Looking',
  program: 'Program',
}

const groups = Object.keys(groupTitles) as readonly ActionGroup[]

export function helpLines(state: State, columns: number): readonly Line[] {
  const asBrowsing: State = { ...state, mode: { type: 'browse' } }
  return [
    ...groups.flatMap((group) => [
      lineOf([span(groupTitles[group], 'heading')], columns),
      ...namesIn(group, 'browse').map((name) => actionLine(asBrowsing, name, columns)),
      lineOf([], columns),
    ]),
    lineOf([span('The filter ( / )', 'heading')], columns),
    ...filterWords.map(([token, means]) =>
      lineOf([...padded([span(token, 'key')], 18), gap(1), span(means)], columns),
    ),
    lineOf([], columns),
    lineOf([span('Nothing on this screen changes the host.', 'dim')], columns),
  ]
}

export function namesIn(group: ActionGroup, context: Context): readonly ActionName[] {
  return (Object.keys(actions) as readonly ActionName[]).filter(
    (name) => actionOf(name).group === group && keysOf(name, context).length > 0,
  )
}

function actionLine(state: State, name: ActionName, columns: number): Line {
  const action = actionOf(name)
  const enabled = action.enabled(state)
  const keys = padded([span(keysOf(name, 'browse').join(' '), 'key')], 18)
  if (enabled === true) return lineOf([...keys, gap(1), span(action.title)], columns)
  return lineOf(
    [...keys, gap(1), span(action.title, 'dim'), span(`  now not: ${enabled}`, 'changed')],
    columns,
  )
}

const filterWords: readonly (readonly [string, string])[] = [
  ['word', 'in a name, address, MAC or id; several words: all must fit'],
  ['172.17.0.0/16', 'addresses inside it'],
  [':8080', 'a port'],
  ['kind:veth', 'links of that kind'],
  ['is:down', 'also is:up, is:hidden, is:unreadable, is:unresolved, is:off-bridge'],
  ['!word', 'not that'],
]
