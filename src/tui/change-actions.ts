/** What asks for a change of the host. None of these makes one but `change-apply`. A part of the table in actions.ts. */
import type { State } from './state.ts'
import type { ChangeKind } from './select/change-choices.ts'
import { whyNotConnected, whyNotPublished } from './select/why-not.ts'
import {
  canApply,
  canAskOf,
  canChange,
  canChoose,
  changeFormOpened,
  choicesOpened,
  fieldMoved,
  formOpenedHere,
  fullTurned,
} from './update/change-form.ts'
import { applied, canUndoShown, runReopened, scriptCopied, undoOfShown } from './update/change-runs.ts'
import { canRestoreRules, restoreOpened } from './update/change-restore.ts'
import type { Step } from './update/step.ts'

function ask(
  title: string,
  footer: string | null,
  run: (state: State) => State,
  enabled: (state: State) => true | string = canChange,
) {
  return {
    title,
    group: 'change',
    // Where nothing can be changed from, the footer has no room for it.
    footer,
    enabled,
    run: (state: State): Step => [run(state)],
  } as const
}

function choose(kind: ChangeKind, title: string, footer: string | null) {
  return ask(
    title,
    footer,
    (state) => choicesOpened(state, kind),
    (state) => canChoose(state, kind),
  )
}

const always = (): true => true

function inForm(
  title: string,
  run: (state: State) => Step,
  enabled: (state: State) => true | string = always,
) {
  return { title, group: 'change', footer: null, enabled, run } as const
}

export const changeActions = {
  add: choose('add', 'add: a network, node, namespace, link, address, route …', 'add'),
  edit: choose('edit', 'change it: rename, up, down, bridge, MTU, ports …', null),
  delete: choose('delete', 'delete it, or something of it', null),
  connect: ask(
    'connect a node or container to a network',
    'connect',
    (state) => formOpenedHere(state, 'net-connect', true),
    (state) => canAskOf(state, whyNotConnected),
  ),
  disconnect: ask(
    'take a node or container off a network',
    'disconnect',
    (state) => formOpenedHere(state, 'net-disconnect', true),
    (state) => canAskOf(state, whyNotConnected),
  ),
  publish: ask(
    'publish ports of a node',
    'publish',
    (state) => formOpenedHere(state, 'net-publish', false),
    (state) => canAskOf(state, whyNotPublished),
  ),
  undo: ask('take a change back', 'undo', (state) => changeFormOpened(state, 'undo', {})),
  cleanup: ask('take back what was begun and not ended', null, (state) =>
    changeFormOpened(state, 'cleanup', {}),
  ),
  'rules-restore': ask(
    'write back rules that an engine or a lab lost (F05, F06)',
    null,
    restoreOpened,
    canRestoreRules,
  ),
  'change-show': ask('the change that is being made, or was the last', null, runReopened, (state) =>
    state.changes.runs.length > 0 ? true : 'no change was made from here',
  ),
  'change-next': inForm('the next field', (state) => [fieldMoved(state, 1)]),
  'change-previous': inForm('the field before', (state) => [fieldMoved(state, -1)]),
  'change-apply': inForm('make this change', applied, canApply),
  'change-full': inForm('long commands whole, or cut', (state) => [fullTurned(state)]),
  'change-script': inForm('copy the commands', scriptCopied),
  'change-undo': inForm('take this change back', (state) => [undoOfShown(state)], canUndoShown),
} as const
