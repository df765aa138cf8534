import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { shells } from './program.ts'

export const completion = command({
  name: 'completion',
  summary: 'what makes a shell complete commands, options, and names of namespaces and links',
  description: [
    'bash: into ~/.local/share/bash-completion/completions/vethscope. zsh: as _vethscope into a folder of fpath. fish: into ~/.config/fish/completions/vethscope.fish.',
  ],
  examples: [
    'source <(vethscope completion bash)',
    'vethscope completion fish > ~/.config/fish/completions/vethscope.fish',
  ],
  needs: 'nothing',
  arguments: { shell: { value: 'SHELL', summary: 'which one', required: true, choices: shells } },
  options: {},
  run: async ({ program }, { shell }) =>
    succeeded({ kind: 'text', data: { text: await program.completion(shell) }, answer: 'yes', gaps: [] }),
})
