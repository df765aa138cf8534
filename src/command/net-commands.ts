/** Networks that are there already: who is on them, what they publish, and their end. */
import { succeeded, type Outcome } from '../lib/failure.ts'
import type { Intent } from '../model/intent.ts'
import { changeCommand } from './change-flow.ts'
import {
  connectionOptions,
  connectionTo,
  containerConnection,
  containerOptions,
} from './connection-options.ts'
import { engineOption, engineOptions, ofEngine, onlyLab, withoutOptions } from './engine-option.ts'

const member = {
  value: 'NODE',
  summary: 'a node of the lab; with --engine a container',
  required: true,
} as const
const node = { value: 'NODE', summary: 'a node of the lab', required: true } as const
const net = {
  value: 'NET',
  summary: 'a network of the lab; with --engine of that engine',
  required: true,
} as const
const ports = {
  value: 'PORT',
  summary: '[HOSTIP:]PORT[-PORT]:PORT[-PORT][/tcp|udp]',
  required: true,
  many: true,
} as const
const swarmWide = {
  type: 'switch',
  summary: 'also a network of a swarm, which is on every host of it',
} as const
const ofOneEngine = 'An engine is asked over its socket, as its own command line does.'

export const netCommands = [
  changeCommand({
    name: 'net rm',
    summary: 'remove networks without members',
    description: [
      'Several are a change each, one after the other, up to the first that is refused.',
      `${ofOneEngine} With --force members are taken off first; undone, the network comes back with another id and the same members.`,
    ],
    examples: ['vethscope net rm lab1', 'vethscope net rm web --engine docker --force'],
    arguments: { names: { ...net, many: true } },
    options: {
      force: { type: 'switch', summary: 'of an engine: take its members off first' },
      'swarm-wide': swarmWide,
      ...engineOptions,
    },
    wish: ({ names, force, 'swarm-wide': isSwarmWide, engine = 'lab', socket }) =>
      engine === 'lab'
        ? withoutOptions(engine, { force, 'swarm-wide': isSwarmWide, socket }, () =>
            succeeded<readonly Intent[]>(names.map((name) => ({ kind: 'net-rm', name }))),
          )
        : succeeded<readonly Intent[]>(
            names.map((name) => ({
              kind: 'engine-net-rm',
              ...ofEngine(engine, socket),
              name,
              force,
              swarmWide: isSwarmWide,
            })),
          ),
  }),
  changeCommand({
    name: 'net connect',
    summary: 'put a node, or a container, on one more network, while it runs',
    description: [ofOneEngine],
    examples: [
      'vethscope net connect lab1 web --ip 10.9.0.5 --alias www',
      'vethscope net connect backend nginx1 --engine docker --alias www',
    ],
    arguments: { net, node: { ...member, names: 'members' } },
    options: { ...connectionOptions, ...containerOptions, ...engineOptions },
    wish: ({ net, node, engine = 'lab', socket, ...options }): Outcome<Intent> => {
      if (engine === 'lab') {
        const { 'link-local-ip': linkLocal, 'driver-opt': driverOpt } = options
        return withoutOptions(engine, { 'link-local-ip': linkLocal, 'driver-opt': driverOpt, socket }, () =>
          succeeded<Intent>({ kind: 'net-connect', node, connection: connectionTo(net, options) }),
        )
      }
      const connection = containerConnection(net, options)
      if (!connection.ok) return connection
      return succeeded({
        kind: 'engine-net-connect',
        ...ofEngine(engine, socket),
        container: node,
        connection: connection.value,
      })
    },
  }),
  changeCommand({
    name: 'net disconnect',
    summary: 'take a node, or a container, off a network, while it runs',
    description: [ofOneEngine],
    arguments: { net, node: { ...member, names: 'members' } },
    options: {
      force: { type: 'switch', summary: 'of an engine: also where its own records of it are broken' },
      ...engineOptions,
    },
    wish: ({ net, node, force, engine = 'lab', socket }): Outcome<Intent> =>
      engine === 'lab'
        ? withoutOptions(engine, { force, socket }, () =>
            succeeded<Intent>({ kind: 'net-disconnect', node, network: net }),
          )
        : succeeded({
            kind: 'engine-net-disconnect',
            ...ofEngine(engine, socket),
            container: node,
            network: net,
            force,
          }),
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
    summary: 'remove all networks of the lab, or of an engine, that have no members',
    description: [
      'What would be removed is listed first. Those that an engine or its swarm made for itself stay, and those that a stopped container needs to start.',
    ],
    arguments: {},
    options: engineOptions,
    wish: ({ engine = 'lab', socket }): Outcome<Intent> =>
      engine === 'lab'
        ? withoutOptions(engine, { socket }, () => succeeded<Intent>({ kind: 'net-prune' }))
        : succeeded({ kind: 'engine-net-prune', ...ofEngine(engine, socket) }),
  }),
]
