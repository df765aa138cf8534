import { command } from './command.ts'
import { enterNetns } from './enter-netns.ts'

/** POSIX wants one there. */
const usualShell = '/bin/sh'

export const shell = command({
  name: 'shell',
  summary: 'a shell of this host inside a namespace',
  description: [
    'The program that SHELL names (else /bin/sh), as `vethscope exec NETNS` runs it. Without a terminal it reads its commands from standard input.',
    'A prompt can show where it is: VETHSCOPE_NETNS is the namespace’s name.',
  ],
  examples: ['vethscope shell redis123', 'echo "ip route" | vethscope shell web'],
  needs: 'world',
  failsWith: 125,
  arguments: {
    netns: { value: 'NETNS', summary: 'where it runs', required: true },
  },
  options: {},
  run: (deps, { netns }) => {
    const own = process.env['SHELL']
    // A name without a folder would be looked for in PATH, and may be any program there.
    const program = own === undefined || !own.startsWith('/') ? usualShell : own
    return enterNetns(deps, netns, [program])
  },
})
