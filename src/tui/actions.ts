/**
 * What can be done on the screen: a title for the help, whether it can be done now or why not, and what it does.
 * Nothing here changes the host.
 */
import { screens, type ScreenId } from './screens.ts'
import type { PaneId, State } from './state.ts'
import { findingsOf } from './select/findings.ts'
import { canFollow, followed } from './update/follow.ts'
import { canGoIn, canGoOut, wentIn, wentOut } from './update/fold.ts'
import { canFreeze, frozen } from './update/freeze.ts'
import { leaving, wentBack, wentForward } from './update/jump.ts'
import { hasMatches, wentToMatch } from './update/matches.ts'
import { moved } from './update/move.ts'
import {
  canOpenRules,
  familyTurned,
  growthReset,
  hasFamilies,
  hasTables,
  onRules,
  rulesFilterOpened,
  rulesOpened,
  tableTurned,
} from './update/rules.ts'
import { canFollowRule, followedRule } from './update/rules-follow.ts'
import { canEnterRule, canLeaveRule, wentIntoRule, wentOutOfRule } from './update/rules-move.ts'
import { accepted, canClose, closed, filterOpened, findOpened } from './update/prompt.ts'
import { canSnapshot, snapshotAsked } from './update/snapshot.ts'
import type { Step } from './update/step.ts'
import { polledBecause } from './select/polled.ts'
import { shown } from './select/shown.ts'
import { troubleOf } from './select/trouble.ts'

export type ActionGroup = 'moving' | 'looking' | 'finding' | 'rules' | 'program'

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

/** What each screen has of it. */
function here<R>(of: Readonly<Record<ScreenId, (state: State) => R>>): (state: State) => R {
  return (state) => of[state.screen](state)
}

function canTellGaps(state: State): true | string {
  const { findings, unchecked } = findingsOf(state)
  const isAny = findings.length + unchecked.length + troubleOf(shown(state).world).length > 0
  return isAny || polledBecause(state) !== null ? true : 'nothing is wrong, and everything could be read'
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
  out: action(
    'moving',
    'fold, or out to the row above',
    null,
    here({ topology: canGoOut, rules: canLeaveRule }),
    here({ topology: wentOut, rules: wentOutOfRule }),
  ),
  in: action(
    'moving',
    'unfold, or in: to the far end, to the first row below',
    null,
    here({ topology: canGoIn, rules: canEnterRule }),
    here({ topology: wentIn, rules: wentIntoRule }),
  ),
  follow: action(
    'moving',
    "follow: peer, device below, master; a rule's chain or address",
    'follow',
    here({ topology: canFollow, rules: canFollowRule }),
    here({ topology: followed, rules: followedRule }),
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
  next: action(
    'finding',
    'next match of the filter or find, else the next finding',
    'next',
    hasMatches,
    (state) => wentToMatch(state, 1),
  ),
  previous: action('finding', 'previous match or finding', null, hasMatches, (state) =>
    wentToMatch(state, -1),
  ),
  freeze: action(
    'looking',
    'freeze the picture, and live again',
    (state) => (state.frozen === null ? 'freeze' : 'live again'),
    canFreeze,
    frozen,
  ),
  gaps: action(
    'looking',
    'what is wrong, and what could not be read, and why',
    null,
    canTellGaps,
    (state) => ({ ...state, mode: { type: 'gaps', scroll: 0, cursor: state.finding ?? 0 } }),
  ),
  snapshot: {
    title: 'save everything that can be read as a snapshot file here',
    group: 'looking',
    footer: 'save',
    enabled: canSnapshot,
    run: snapshotAsked,
  },
  'screen-topology': action('looking', `the ${screens[0].title} screen`, null, always, (state) =>
    state.screen === 'topology' ? state : { ...leaving(state), screen: 'topology' },
  ),
  'screen-rules': action(
    'looking',
    `the ${screens[1].title} screen: the firewall of the namespace that is selected`,
    null,
    canOpenRules,
    rulesOpened,
  ),
  'table-next': action(
    'rules',
    'only the next table, after the last all of them',
    'table',
    hasTables,
    (state) => tableTurned(state, 1),
  ),
  'table-previous': action('rules', 'the table before', null, hasTables, (state) => tableTurned(state, -1)),
  'family-next': action(
    'rules',
    'only the next family (iptables or nft, ip or ip6), after the last all',
    'family',
    hasFamilies,
    (state) => familyTurned(state, 1),
  ),
  'family-previous': action('rules', 'the family before', null, hasFamilies, (state) =>
    familyTurned(state, -1),
  ),
  'rules-filter': action('rules', 'only rules that hold these words', 'filter', onRules, rulesFilterOpened),
  growth: action('rules', 'count the growth of counters from now', 'growth from now', onRules, growthReset),
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
