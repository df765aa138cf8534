import { succeeded } from '../lib/failure.ts'
import type { IntentOf } from '../model/intent.ts'
import { changeCommand } from './change-flow.ts'
import type { Values } from './command.ts'

const words = {
  netns: { value: 'NETNS', summary: 'whose route', required: true },
  destination: { value: 'DST', summary: 'default, or a prefix: 10.1.0.0/16', required: true },
} as const

const options = {
  via: { type: 'text', value: 'IP', summary: 'the gateway' },
  dev: { type: 'text', value: 'LINK', summary: 'the link it leaves by' },
  src: { type: 'text', value: 'IP', summary: 'the source address it prefers' },
  metric: { type: 'integer', value: 'N', min: 0, max: 0xff_ff_ff_ff, summary: 'the smaller one is taken' },
  table: { type: 'text', value: 'T', summary: 'a number, or main, local, default' },
} as const

export const routeCommands = [
  changeCommand({
    name: 'route add',
    summary: 'add a route',
    examples: ['vethscope route add red default --via 10.0.0.1'],
    arguments: words,
    options,
    wish: (values) => succeeded({ kind: 'route-add', ...routeOf(values) }),
  }),
  changeCommand({
    name: 'route rm',
    summary: 'remove a route; what is given besides DST tells which one',
    arguments: words,
    options,
    wish: (values) => succeeded({ kind: 'route-rm', ...routeOf(values) }),
  }),
]

function routeOf({
  netns,
  destination,
  via,
  dev,
  src,
  metric,
  table,
}: Values<typeof words, typeof options>): Omit<IntentOf<'route-add'>, 'kind'> {
  return {
    netns,
    destination,
    ...(via === undefined ? {} : { via }),
    ...(dev === undefined ? {} : { link: dev }),
    ...(src === undefined ? {} : { src }),
    ...(metric === undefined ? {} : { metric }),
    ...(table === undefined ? {} : { table }),
  }
}
