import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'

export const man = command({
  name: 'man',
  summary: 'the manual page, for man -l - or a folder of man pages',
  examples: ['vethscope man | man -l -', 'vethscope man > ~/.local/share/man/man1/vethscope.1'],
  needs: 'nothing',
  arguments: {},
  options: {},
  run: async ({ program }) =>
    succeeded({ kind: 'text', data: { text: await program.manPage() }, answer: 'yes', gaps: [] }),
})
