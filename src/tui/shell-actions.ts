/** Shells inside namespaces, and the keys of the pane once one has left them. A part of the table in actions.ts. */
import type { State } from './state.ts'
import {
  canAddShell,
  canCopyShell,
  canOpenShell,
  canScrollShell,
  canTurnToShell,
  leftOrEntered,
  shellAdded,
  shellAsked,
  shellClosed,
  shellCopied,
  shellFilled,
  shellScrolled,
  shellTurned,
} from './update/shells.ts'
import type { Step } from './update/step.ts'

const program = { group: 'program', footer: null } as const

export const shellActions = {
  shell: {
    title: 'a shell in its namespace, with the tools of the host',
    group: 'thing',
    footer: 'shell',
    enabled: canOpenShell,
    run: shellAsked,
  },
  'shell-leave': {
    ...program,
    title: 'out of the shell, and back; twice sends the key itself',
    enabled: canTurnToShell,
    run: leftOrEntered,
  },
  'shell-up': {
    ...program,
    title: 'a page back in the shell',
    enabled: canScrollShell,
    run: (state: State): Step => shellScrolled(state, { pages: -1 }),
  },
  'shell-down': {
    ...program,
    title: 'a page on in the shell',
    enabled: canScrollShell,
    run: (state: State): Step => shellScrolled(state, { pages: 1 }),
  },
  'shell-next': {
    ...program,
    title: 'the next shell',
    enabled: canTurnToShell,
    run: (state: State): Step => [shellTurned(state, 1)],
  },
  'shell-previous': {
    ...program,
    title: 'the shell before',
    enabled: canTurnToShell,
    run: (state: State): Step => [shellTurned(state, -1)],
  },
  'shell-add': {
    ...program,
    title: 'another shell in the same namespace',
    enabled: canAddShell,
    run: shellAdded,
  },
  'shell-full': {
    ...program,
    title: 'the shell over the whole screen, or as a pane',
    enabled: canTurnToShell,
    run: (state: State): Step => [shellFilled(state)],
  },
  'shell-copy': {
    ...program,
    title: 'copy what the shell shows',
    enabled: canCopyShell,
    run: shellCopied,
  },
  'shell-close': {
    ...program,
    title: 'close the shell, and end what runs in it',
    enabled: canTurnToShell,
    run: shellClosed,
  },
} as const
