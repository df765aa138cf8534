import { succeeded } from '../lib/failure.ts'
import { changeCommand } from './change-flow.ts'

const netns = { value: 'NETNS', summary: 'where it is', required: true } as const

export const bridgeCommands = [
  changeCommand({
    name: 'bridge add',
    summary: 'make a bridge',
    examples: ['vethscope bridge add host br0 --up'],
    arguments: { netns, link: { value: 'NAME', summary: 'its name', required: true } },
    options: {
      mtu: { type: 'integer', value: 'BYTES', min: 68, max: 65_535, summary: 'its MTU; it keeps it' },
      up: { type: 'switch', summary: 'set it up' },
    },
    wish: ({ netns, link, mtu, up }) =>
      succeeded({ kind: 'bridge-add', netns, link, up, ...(mtu === undefined ? {} : { mtu }) }),
  }),
  changeCommand({
    name: 'bridge rm',
    summary: 'remove a bridge; its ports stay, without one',
    arguments: { netns, link: { value: 'BRIDGE', summary: 'its name', required: true } },
    options: {},
    wish: ({ netns, link }) => succeeded({ kind: 'bridge-rm', netns, link }),
  }),
]
