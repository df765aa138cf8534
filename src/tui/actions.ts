/**
 * What can be done on the screen: a title for the help, whether it can be done now or why not, and what it does.
 * Nothing here changes the host.
 */
import { changeActions } from './change-actions.ts'
import { copyActions } from './copy-actions.ts'
import { screenOf } from './screens/screen-of.ts'
import { motionActions } from './motion-actions.ts'
import { probeActions } from './probe-actions.ts'
import { probeRunActions } from './probe-run-actions.ts'
import { savingActions } from './saving-actions.ts'
import { screenActions } from './screen-actions.ts'
import { shellActions } from './shell-actions.ts'
import type { State } from './state.ts'
import { findingsOf } from './select/findings.ts'
import { canLookInside } from './select/inside.ts'
import { connectionsOpened } from './update/connections-open.ts'
import { canFreeze, frozen } from './update/freeze.ts'
import { commandOpened, completionTurned } from './update/command-line.ts'
import { emptyInput } from './update/input.ts'
import { wentBack, wentForward } from './update/history.ts'
import { hasMatches, wentToMatch } from './update/matches.ts'
import { familyTurned, hasFamilies } from './update/rules.ts'
import { accepted, canClose, closed, filterOpened, findOpened } from './update/prompt.ts'
import { offerTaken } from './update/probe-form.ts'
import { quitAsked } from './update/quit.ts'
import { routeOpened } from './update/route.ts'
import { mouseTurned } from './update/mouse-turned.ts'
import type { Step } from './update/step.ts'
import { canTurnUnit, unitTurned } from './update/unit.ts'
import { hasThemes, themesOpened } from './update/themes.ts'
import { polledBecause } from './select/polled.ts'
import { shown } from './select/shown.ts'
import { troubleOf } from './select/trouble.ts'

export type ActionGroup =
  | 'thing'
  | 'moving'
  | 'looking'
  | 'finding'
  | 'rules'
  | 'probes'
  | 'change'
  | 'program'

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

/** What the screen that is shown makes of it. */
function here(
  what: 'follow' | 'out' | 'in' | 'marked',
): readonly [Action['enabled'], (state: State) => State] {
  return [(state) => screenOf(state)[what].can(state), (state) => screenOf(state)[what].run(state)]
}

function canTellGaps(state: State): true | string {
  const { findings, unchecked } = findingsOf(state)
  const isAny = findings.length + unchecked.length + troubleOf(shown(state).world).length > 0
  return isAny || polledBecause(state) !== null ? true : 'nothing is wrong, and everything could be read'
}

function hasPanes(state: State): true | string {
  return screenOf(state).pane === null ? 'this screen has no panes' : true
}

/** `without`: why it does nothing on a screen that has no such thing. */
function turn(
  what: 'turned' | 'netns',
  step: 1 | -1,
  without: string,
): readonly [Action['enabled'], (state: State) => State] {
  return [
    (state) => screenOf(state)[what]?.can(state) ?? without,
    (state) => screenOf(state)[what]?.run(state, step) ?? state,
  ]
}

const oneTable = 'this screen has one table'
const noNetns = 'this screen is not about one namespace'

function hasColumns(state: State): true | string {
  return screenOf(state).columns === null ? 'this screen has no columns' : true
}

const somewhere = (state: State): true | string =>
  shown(state).world === null ? 'nothing has been read yet' : true

export const actions = {
  ...motionActions,
  out: action('moving', 'fold, or out to the row above', null, ...here('out')),
  in: action('moving', 'unfold, or in: to the far end, to the first row below', null, ...here('in')),
  follow: action(
    'thing',
    "follow: peer, device below, master; a rule's chain; output",
    ({ screen, probes }) => (screen !== 'probes' ? 'follow' : probes.output.isFull ? 'list' : 'full'),
    ...here('follow'),
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
  'pane-next': action(
    'moving',
    'next pane: rows, details, path, changes',
    'panes',
    hasPanes,
    (state) => screenOf(state).pane?.(state, 1) ?? state,
  ),
  'pane-previous': action(
    'moving',
    'previous pane',
    null,
    hasPanes,
    (state) => screenOf(state).pane?.(state, -1) ?? state,
  ),
  filter: action('finding', 'filter while you type', 'filter', somewhere, filterOpened),
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
  mark: action('thing', 'mark, and on to the next', null, ...here('marked')),
  route: action(
    'thing',
    'which way a packet would take out of its namespace',
    null,
    canLookInside,
    routeOpened,
  ),
  connections: action('thing', 'the connections of its namespace', null, canLookInside, connectionsOpened),
  freeze: action(
    'looking',
    'freeze the picture, and live again',
    (state) => (state.frozen === null ? 'freeze' : 'live again'),
    canFreeze,
    frozen,
  ),
  unit: action('looking', 'traffic in bits, or in packets', null, canTurnUnit, unitTurned),
  gaps: action(
    'looking',
    'what is wrong, and what could not be read, and why',
    null,
    canTellGaps,
    (state) => ({ ...state, mode: { type: 'gaps', scroll: 0, cursor: state.finding ?? 0 } }),
  ),
  ...savingActions,
  ...probeActions,
  ...shellActions,
  ...probeRunActions,
  ...changeActions,
  ...screenActions,
  'table-next': action(
    'looking',
    'the next table or sheet of details; of rules also all',
    (state) => screenOf(state).turned?.what(state) ?? 'table',
    ...turn('turned', 1, oneTable),
  ),
  'table-previous': action('looking', 'the table or sheet before', null, ...turn('turned', -1, oneTable)),
  'netns-next': action(
    'looking',
    'the next namespace: its connections, or its rules',
    'namespace',
    ...turn('netns', 1, noNetns),
  ),
  'netns-previous': action('looking', 'the namespace before', null, ...turn('netns', -1, noNetns)),
  'family-next': action(
    'rules',
    'the next family: iptables or nft, ip or ip6; then all',
    'family',
    hasFamilies,
    (state) => familyTurned(state, 1),
  ),
  'family-previous': action('rules', 'the family before', null, hasFamilies, (state) =>
    familyTurned(state, -1),
  ),
  growth: action(
    'rules',
    'count the growth of counters from now',
    'growth from now',
    (state) => screenOf(state).growth?.can(state) ?? 'nothing here grows',
    (state) => screenOf(state).growth?.run(state) ?? state,
  ),
  ...copyActions,
  columns: action('looking', 'which columns, and what orders the rows', null, hasColumns, (state) => ({
    ...state,
    mode: { type: 'columns', cursor: 0, scroll: 0 },
  })),
  theme: action('program', 'another theme', null, hasThemes, themesOpened),
  mouse: {
    title: 'use the mouse, and leave it to the terminal again',
    group: 'program',
    footer: null,
    enabled: always,
    run: mouseTurned,
  },
  menu: action('program', 'what can be done with the selected thing, and here', 'more', always, (state) => ({
    ...state,
    mode: { type: 'menu', cursor: 0, scroll: 0 },
  })),
  command: action(
    'program',
    'type an action or any command of the command line',
    null,
    always,
    commandOpened,
  ),
  complete: action('program', 'the next completion', null, always, (state) =>
    state.mode.type === 'probe-form' ? offerTaken(state) : completionTurned(state, 1),
  ),
  'complete-back': action('program', 'the completion before', null, always, (state) =>
    completionTurned(state, -1),
  ),
  'help-search': action('program', 'only the keys and words that hold something', null, always, (state) => ({
    ...state,
    mode: { type: 'help-search', input: emptyInput },
  })),
  help: action('program', 'this help', 'help', always, (state) => ({
    ...state,
    mode: { type: 'help', scroll: 0 },
  })),
  close: {
    title: 'close the topmost thing only; never quits',
    group: 'program',
    footer: null,
    enabled: canClose,
    run: closed,
  },
  accept: action('program', 'take what was typed', null, always, accepted),
  redraw: effect('draw the screen again', { type: 'redraw' }),
  suspend: effect('to the shell; fg comes back', { type: 'suspend' }),
  quit: {
    title: 'quit; asks where something runs',
    group: 'program',
    footer: 'quit',
    enabled: always,
    run: quitAsked,
  },
  /** As SIGINT would: 128 + 2. */
  interrupt: effect('quit', { type: 'quit', exitCode: 130 }),
} satisfies Readonly<Record<string, Action>>

export type ActionName = keyof typeof actions

export function actionOf(name: ActionName): Action {
  return actions[name]
}
