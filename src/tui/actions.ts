/**
 * What can be done on the screen: a title for the help, whether it can be done now or why not, and what it does.
 * Nothing here changes the host.
 */
import { screens } from './screens.ts'
import type { PaneId, State } from './state.ts'
import { canFollow, followed } from './update/follow.ts'
import { canGoIn, canGoOut, wentIn, wentOut } from './update/fold.ts'
import { canFreeze, frozen } from './update/freeze.ts'
import { wentBack, wentForward } from './update/jump.ts'
import { hasMatches, wentToMatch } from './update/matches.ts'
import { moved } from './update/move.ts'
import { accepted, canClose, closed, filterOpened, findOpened } from './update/prompt.ts'
import { canSnapshot, snapshotAsked } from './update/snapshot.ts'
import type { Step } from './update/step.ts'
import { polledBecause } from './select/polled.ts'
import { shown } from './select/shown.ts'
import { troubleOf } from './select/trouble.ts'

export type ActionGroup = 'moving' | 'looking' | 'finding' | 'program'

export type Action = {
  readonly title: string
  readonly group: ActionGroup
  /** Short, for the footer; null: not there. */
  readonly footer: string | null | ((state: State) => string)
  /** true, or why it can do nothing now. */
  readonly enabled: (state: State) => true | string
  readonly run: (state: State) => Step
}

const always = (): true => true

function action(
  group: ActionGroup,
  title: string,
  footer: Action['footer'],
  enabled: (state: State) => true | string,
  run: (state: State) => State,
): Action {
  return { title, group, footer, enabled, run: (state) => [run(state)] }
}

function effect(title: string, made: Step[1] & object): Action {
  return { title, group: 'program', footer: null, enabled: always, run: (state) => [state, made] }
}

const somewhere = (state: State): true | string =>
  shown(state).world === null ? 'nothing has been read yet' : true

export const actions = {
  up: action('moving', 'one up', null, always, (state) => moved(state, 'up')),
  down: action('moving', 'one down', null, always, (state) => moved(state, 'down')),
  'page-up': action('moving', 'a page up', null, always, (state) => moved(state, 'page-up')),
  'page-down': action('moving', 'a page down', null, always, (state) => moved(state, 'page-down')),
  first: action('moving', 'to the first', null, always, (state) => moved(state, 'first')),
  last: action('moving', 'to the last', null, always, (state) => moved(state, 'last')),
  out: action('moving', 'fold, or out to the row above', null, canGoOut, wentOut),
  in: action('moving', 'unfold, or in: to the far end, to the first row below', null, canGoIn, wentIn),
  follow: action(
    'moving',
    'follow: to the peer, the device below, the master',
    'follow',
    canFollow,
    followed,
  ),
  back: action(
    'moving',
    'back to where you were',
    'back',
    (state) => (state.history.back.length > 0 ? true : 'there is nothing to go back to'),
    wentBack,
  ),
  forward: action(
    'moving',
    'forward again',
    null,
    (state) => (state.history.forward.length > 0 ? true : 'there is nothing to go forward to'),
    wentForward,
  ),
  'pane-next': action('moving', 'next pane: tree, details, path, changes', 'panes', always, (state) =>
    paneTurned(state, 1),
  ),
  'pane-previous': action('moving', 'previous pane', null, always, (state) => paneTurned(state, -1)),
  filter: action('finding', 'filter the tree while you type', 'filter', somewhere, filterOpened),
  find: action(
    'finding',
    'find anything: a name, address, MAC, pid, eth0@if6 …',
    'find',
    somewhere,
    (state) => findOpened(state),
  ),
  next: action('finding', 'next match of the filter or find', 'next', hasMatches, (state) =>
    wentToMatch(state, 1),
  ),
  previous: action('finding', 'previous match', null, hasMatches, (state) => wentToMatch(state, -1)),
  freeze: action(
    'looking',
    'freeze the picture, and live again',
    (state) => (state.frozen === null ? 'freeze' : 'live again'),
    canFreeze,
    frozen,
  ),
  gaps: action(
    'looking',
    'what could not be read, and why',
    null,
    (state) =>
      troubleOf(shown(state).world).length > 0 || polledBecause(state) !== null
        ? true
        : 'everything could be read',
    (state) => ({ ...state, mode: { type: 'gaps', scroll: 0 } }),
  ),
  snapshot: {
    title: 'save everything that can be read as a snapshot file here',
    group: 'looking',
    footer: 'save',
    enabled: canSnapshot,
    run: snapshotAsked,
  },
  'screen-topology': action('looking', `the ${screens[0].title} screen`, null, always, (state) => ({
    ...state,
    screen: 'topology',
  })),
  help: action('program', 'this help', 'help', always, (state) => ({
    ...state,
    mode: { type: 'help', scroll: 0 },
  })),
  close: action('program', 'close the topmost thing only; never quits', null, canClose, closed),
  accept: action('program', 'take what was typed', null, always, accepted),
  redraw: effect('draw the screen again', { type: 'redraw' }),
  suspend: effect('to the shell; fg comes back', { type: 'suspend' }),
  quit: { ...effect('quit', { type: 'quit', exitCode: 0 }), footer: 'quit' },
  /** As SIGINT would: 128 + 2. */
  interrupt: effect('quit', { type: 'quit', exitCode: 130 }),
} satisfies Readonly<Record<string, Action>>

export type ActionName = keyof typeof actions

export function actionOf(name: ActionName): Action {
  return actions[name]
}

const panes: readonly PaneId[] = ['tree', 'detail', 'path', 'changes']

function paneTurned(state: State, step: 1 | -1): State {
  const at = panes.indexOf(state.topology.focus)
  const focus = panes[(at + step + panes.length) % panes.length] ?? 'tree'
  return { ...state, topology: { ...state.topology, focus } }
}
