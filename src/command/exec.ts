import { command } from './command.ts'
import { enterNetns } from './enter-netns.ts'

export const exec = command({
  name: 'exec',
  summary: 'run a command of this host inside a namespace',
  description: [
    'Of the host it is the program and its files; of the namespace it is the network: its links, routes and rules, its own resolv.conf and hosts (/etc/netns/NAME, or the container’s), and its links in /sys. A container without any tool is looked into with the host’s.',
    'vethscope becomes the command, so input, terminal, signals and exit code are the command’s own. 125: could not enter, 126: not executable, 127: not found. What stands behind CMD belongs to it; -- before CMD may be left out.',
    'It finds the namespace’s name in VETHSCOPE_NETNS.',
  ],
  examples: [
    'vethscope exec redis123 -- ss -tlnp',
    'vethscope exec redis123 -- getent hosts db',
    'vethscope exec web -- sh -c "ip addr; ip route"',
  ],
  needs: 'world',
  failsWith: 125,
  arguments: {
    netns: { value: 'NETNS', summary: 'where it runs', required: true },
    argv: {
      value: 'CMD',
      summary: 'the command and its arguments',
      required: true,
      many: true,
      verbatim: true,
    },
  },
  options: {},
  run: (deps, { netns, argv }) => enterNetns(deps, netns, argv),
})
