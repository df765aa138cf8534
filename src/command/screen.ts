import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'

/** What runs when no command is named. */
export const screen = command({
  name: '',
  summary: 'the screen, live, on this host',
  needs: 'screen',
  arguments: {},
  options: {
    replay: { type: 'text', value: 'FILE', summary: 'the screen on a snapshot: needs no root and no kernel' },
    theme: { type: 'text', value: 'NAME', summary: 'colours of the screen' },
    readonly: { type: 'switch', summary: 'offer nothing that would change this host' },
  },
  run: async ({ source, open }, { replay, theme, readonly }) =>
    succeeded({
      kind: 'screen',
      source: replay === undefined ? source : open(replay),
      theme,
      readonly: readonly || replay !== undefined,
    }),
})
