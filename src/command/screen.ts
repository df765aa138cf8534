import { succeeded } from '../lib/failure.ts'
import { command, type OptionSpecs } from './command.ts'

/** How any screen looks. */
export const lookOptions = {
  theme: { type: 'text', value: 'THEME', summary: 'colours of the screen: vethscope themes lists them' },
  ascii: { type: 'switch', summary: 'draw with ASCII only' },
  mouse: { type: 'switch', summary: 'use the mouse from the beginning' },
} as const satisfies OptionSpecs

/** What runs when no command is named. */
export const screen = command({
  name: '',
  summary: 'the screen, live, on this host',
  needs: 'screen',
  arguments: {},
  options: {
    replay: { type: 'text', value: 'FILE', summary: 'the screen on a snapshot: needs no root and no kernel' },
    ...lookOptions,
    readonly: { type: 'switch', summary: 'offer nothing that would change this host' },
  },
  run: async ({ source, open }, { replay, theme, ascii, mouse, readonly }) =>
    succeeded({
      kind: 'screen',
      source: replay === undefined ? source : open(replay),
      theme,
      ascii,
      mouse,
      readonly: readonly || replay !== undefined,
    }),
})
