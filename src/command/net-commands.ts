/** Networks of a lab that are there already: who is on them, what they publish, and their end. */
import { changeCommand } from './change-flow.ts'
import { connectionOptions, connectionTo } from './connection-options.ts'
import { engineOption, onlyLab } from './engine-option.ts'

const node = { value: 'NODE', summary: 'a node of the lab', required: true } as const
const net = { value: 'NET', summary: 'a network of the lab', required: true } as const
const ports = {
  value: 'PORT',
  summary: '[HOSTIP:]PORT[-PORT]:PORT[-PORT][/tcp|udp]',
  required: true,
  many: true,
} as const

export const netCommands = [
  changeCommand({
    name: 'net rm',
    summary: 'remove networks without members',
    description: ['Several are a change each, one after the other, up to the first that is refused.'],
    arguments: { names: { ...net, many: true } },
    options: engineOption,
    wish: ({ names, engine }) =>
      onlyLab(
        engine,
        names.map((name) => ({ kind: 'net-rm', name }) as const),
      ),
  }),
  changeCommand({
    name: 'net connect',
    summary: 'put a node on one more network, while it runs',
    examples: ['vethscope net connect lab1 web --ip 10.9.0.5 --alias www'],
    arguments: { net, node },
    options: { ...connectionOptions, ...engineOption },
    wish: ({ net, node, engine, ...options }) =>
      onlyLab(engine, { kind: 'net-connect', node, connection: connectionTo(net, options) }),
  }),
  changeCommand({
    name: 'net disconnect',
    summary: 'take a node off a network, while it runs',
    arguments: { net, node },
    options: engineOption,
    wish: ({ net, node, engine }) => onlyLab(engine, { kind: 'net-disconnect', node, network: net }),
  }),
  changeCommand({
    name: 'net publish',
    summary: 'make ports of a node reachable by addresses of the host',
    examples: ['vethscope net publish web 8080:80', 'vethscope net publish web 127.0.0.1:5353:53/udp'],
    arguments: { node, ports },
    options: engineOption,
    wish: ({ node, ports, engine }) => onlyLab(engine, { kind: 'net-publish', node, ports }),
  }),
  changeCommand({
    name: 'net unpublish',
    summary: 'no longer',
    arguments: { node, ports },
    options: engineOption,
    wish: ({ node, ports, engine }) => onlyLab(engine, { kind: 'net-unpublish', node, ports }),
  }),
  changeCommand({
    name: 'net prune',
    summary: 'remove all networks of the lab that have no members',
    arguments: {},
    options: engineOption,
    wish: ({ engine }) => onlyLab(engine, { kind: 'net-prune' }),
  }),
]
