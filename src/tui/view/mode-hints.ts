/** What the footer tells while something is open: the keys that matter there, by what they do. */
import type { ActionName } from '../actions.ts'
import type { Mode } from '../state.ts'

/** The first key of each action, then what they do together: `↑↓ choose`. */
export type ModeHint = readonly [actions: readonly ActionName[], title: string]

const choose: ModeHint = [['up', 'down'], 'choose']
const scroll: ModeHint = [['up', 'down'], 'scroll']
const before: ModeHint = [['up', 'down'], 'before']
const close: ModeHint = [['close'], 'close']

export const modeHints: Readonly<Record<Exclude<Mode['type'], 'browse'>, readonly ModeHint[]>> = {
  filter: [
    [['accept'], 'keep'],
    [['close'], 'undo'],
  ],
  find: [choose, [['accept'], 'jump'], close],
  // The answer stands there while one types.
  route: [before, [['accept'], 'to its link'], close],
  'probe-form': [[['complete'], 'take'], [['accept'], 'start'], close],
  command: [[['complete'], 'complete'], before, [['accept'], 'run']],
  'help-search': [[['close'], 'all of the help']],
  help: [scroll, [['help-search'], 'search'], close],
  gaps: [choose, [['accept'], 'go there'], [['rules-restore'], 'write lost rules back'], close],
  menu: [choose, [['accept'], 'do it'], close],
  themes: [choose, [['accept'], 'keep'], [['close'], 'as before']],
  columns: [choose, [['accept'], 'order'], [['mark'], 'show or hide'], close],
  copy: [choose, [['accept'], 'copy'], close],
  output: [scroll, close],
  shell: [
    [['shell-leave'], 'leaves the shell'],
    [['shell-up'], 'back'],
  ],
  'shell-left': [
    [['accept'], 'in'],
    [['shell-up'], 'back'],
    [['shell-next'], 'next'],
    [['shell-add'], 'another'],
    [['shell-full'], 'full'],
    [['shell-copy'], 'copy'],
    [['shell-close'], 'end'],
    [['close'], 'hide'],
  ],
  'change-menu': [choose, [['accept'], 'open'], close],
  'change-form': [
    [['change-apply'], 'make it'],
    close,
    [['change-next'], 'next'],
    [['page-down'], 'plan'],
    [['change-full'], 'whole'],
    [['change-script'], 'copy'],
  ],
  'change-run': [
    scroll,
    [['change-full'], 'whole lines'],
    [['change-script'], 'copy'],
    [['change-undo'], 'undo'],
    [['accept'], 'close'],
  ],
  compare: [scroll, close],
  quit: [
    [['accept'], 'quit'],
    [['close'], 'stay'],
  ],
}
