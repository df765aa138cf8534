/** Settings of a namespace that are no link's: sysctls, masquerading. */
import { succeeded } from '../lib/failure.ts'
import type { IntentOf } from '../model/intent.ts'
import { changeCommand } from './change-flow.ts'
import type { Values } from './command.ts'

const masqueraded = {
  netns: { value: 'NETNS', summary: 'who routes', required: true },
  subnet: { value: 'SUBNET', summary: 'whose packets: 10.0.0.0/24', required: true },
} as const
const leaving = { out: { type: 'text', value: 'LINK', summary: 'only what leaves by that link' } } as const

export const settingCommands = [
  changeCommand({
    name: 'sysctl set',
    summary: 'set a sysctl of a namespace',
    description: ['A value that begins with - stands behind `--`.'],
    examples: ['vethscope sysctl set red net.ipv4.ip_forward 1'],
    arguments: {
      netns: { value: 'NETNS', summary: 'whose', required: true },
      name: { value: 'NAME', summary: 'as sysctl(8) writes it: net.ipv4.ip_forward', required: true },
      value: { value: 'VALUE', summary: 'its new value', required: true },
    },
    options: {},
    wish: ({ netns, name, value }) => succeeded({ kind: 'sysctl-set', netns, name, value }),
  }),
  changeCommand({
    name: 'masquerade add',
    summary: 'give packets of a subnet the address of the link that they leave by',
    examples: ['vethscope masquerade add host 10.0.0.0/24'],
    arguments: masqueraded,
    options: leaving,
    wish: (values) => succeeded({ kind: 'masquerade-add', ...masqueradeOf(values) }),
  }),
  changeCommand({
    name: 'masquerade rm',
    summary: 'no longer',
    arguments: masqueraded,
    options: leaving,
    wish: (values) => succeeded({ kind: 'masquerade-rm', ...masqueradeOf(values) }),
  }),
]

function masqueradeOf({
  netns,
  subnet,
  out,
}: Values<typeof masqueraded, typeof leaving>): Omit<IntentOf<'masquerade-add'>, 'kind'> {
  return { netns, subnet, ...(out === undefined ? {} : { out }) }
}
