import { succeeded } from '../lib/failure.ts'
import { changeCommand } from './change-flow.ts'

const name = { value: 'NAME', summary: 'a name below /run/netns', required: true } as const

export const netnsCommands = [
  changeCommand({
    name: 'netns add',
    summary: 'make a namespace',
    description: ['As `ip netns add` does, with its loopback up.'],
    examples: ['vethscope netns add red'],
    arguments: { name },
    options: {},
    wish: ({ name }) => succeeded({ kind: 'netns-add', name }),
  }),
  changeCommand({
    name: 'netns rm',
    summary: 'remove the name of a namespace, and with the last one all that is in it',
    arguments: { name: { ...name, names: 'netns' } },
    options: {},
    wish: ({ name }) => succeeded({ kind: 'netns-rm', name }),
  }),
]
