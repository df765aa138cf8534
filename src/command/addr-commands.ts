import { succeeded } from '../lib/failure.ts'
import { changeCommand } from './change-flow.ts'

const words = {
  netns: { value: 'NETNS', summary: 'where the link is', required: true },
  link: { value: 'LINK', summary: 'which link', required: true },
  address: { value: 'ADDRESS', summary: 'with its length: 10.0.0.1/24', required: true },
} as const

export const addrCommands = [
  changeCommand({
    name: 'addr add',
    summary: 'give a link an address',
    examples: ['vethscope addr add red veth0 10.0.0.1/24'],
    arguments: words,
    options: {},
    wish: (values) => succeeded({ ...only(values), kind: 'addr-add' }),
  }),
  changeCommand({
    name: 'addr rm',
    summary: 'take an address off a link; routes that need it go with it',
    arguments: words,
    options: {},
    wish: (values) => succeeded({ ...only(values), kind: 'addr-rm' }),
  }),
]

function only({ netns, link, address }: { readonly [K in keyof typeof words]: string }) {
  return { netns, link, address }
}
