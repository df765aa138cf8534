/** Forms of networks and nodes: of a lab, and of the engines that have such a thing. */
import {
  networksOfNode,
  networkWords,
  nodeWords,
  publishedWords,
  removableWords,
} from '../select/change-offers.ts'
import type { Form, FormField, Values } from './form.ts'
import { engineOf, isLab } from './form-host.ts'
import { netCreateForm } from './net-create-form.ts'
import {
  alias,
  engine,
  force,
  ip,
  ip6,
  isDocker,
  isEngines,
  links,
  mac,
  name,
  network,
  node,
  socket,
  swarmWide,
  whoConnects,
  whoIsOn,
} from './net-fields.ts'
import { portOffers } from './port-offers.ts'

const who = (values: Values): string => (isLab(values) ? 'a node' : 'a container')

const ports: FormField = {
  id: 'ports',
  label: 'ports',
  where: { as: 'words' },
  required: true,
  hint: '[HOSTIP:]PORT:PORT[/udp]',
}

export const netForms = {
  'net-create': netCreateForm,
  'net-rm': {
    title: 'remove a network',
    verb: ['net', 'rm'],
    fields: [engine, socket, { ...network, offers: removableWords }, force, swarmWide],
  },
  'net-prune': {
    title: (values) =>
      isLab(values)
        ? 'remove networks without members'
        : `remove networks of ${engineOf(values)} without members`,
    verb: ['net', 'prune'],
    fields: [engine, socket],
  },
  'net-connect': {
    title: (values) => `connect ${who(values)} to a network`,
    verb: ['net', 'connect'],
    fields: [
      engine,
      socket,
      network,
      ...whoConnects,
      ip,
      alias,
      links,
      ip6,
      mac,
      {
        id: 'link-local-ip',
        label: 'link-local',
        where: { as: 'options', name: '--link-local-ip' },
        when: isDocker,
        hint: 'addresses of 169.254.0.0/16 or fe80::/64',
      },
      {
        id: 'driver-opt',
        label: 'options',
        where: { as: 'options', name: '--driver-opt' },
        when: isDocker,
        hint: 'KEY=VALUE of the network’s driver',
      },
    ],
  },
  'net-disconnect': {
    title: (values) => `take ${who(values)} off a network`,
    verb: ['net', 'disconnect'],
    fields: [
      engine,
      socket,
      { ...network, offers: networksOfNode },
      ...whoIsOn,
      { ...force, when: isEngines, hint: 'yes: also where the container does not answer' },
    ],
  },
  'net-publish': {
    title: 'publish ports of a node',
    verb: ['net', 'publish'],
    fields: [
      node,
      {
        ...ports,
        offers: (world, values, listening) =>
          portOffers(world, { typed: values['ports'], node: values['node'] }, listening),
      },
    ],
  },
  'net-unpublish': {
    title: 'no longer publish ports of a node',
    verb: ['net', 'unpublish'],
    fields: [node, { ...ports, offers: (world, { node: of }) => publishedWords(world, of) }],
  },
  'net-apply': {
    title: 'make or remove the networks of a file',
    verb: ['net', 'apply'],
    fields: [
      {
        id: 'file',
        label: 'file',
        where: { as: 'word' },
        required: true,
        hint: 'YAML or JSON, as net export writes it',
      },
      {
        id: 'remove',
        label: 'remove',
        where: { as: 'switch', name: '--remove' },
        choices: ['no', 'yes'],
        hint: 'yes: what it names and is there goes',
      },
      {
        id: 'replace',
        label: 'replace',
        where: { as: 'switch', name: '--replace' },
        choices: ['no', 'yes'],
        when: ({ remove }) => remove !== 'yes',
        hint: 'yes: what cannot be changed in place is made again',
      },
    ],
  },
  'node-add': {
    title: 'make a node',
    verb: ['node', 'add'],
    fields: [
      name,
      {
        id: 'network',
        label: 'networks',
        where: { as: 'options', name: '--network' },
        offers: (world) => networkWords(world),
        hint: 'parted by blanks; empty: none',
      },
      {
        id: 'mode',
        label: 'mode',
        where: { as: 'option', name: '--mode' },
        offers: (world) => ['bridge', 'none', 'host', ...nodeWords(world).map((each) => `container:${each}`)],
        hint: 'empty: bridge; none, host, container:NODE',
      },
      ip,
      alias,
      links,
      {
        id: 'publish',
        label: 'publish',
        where: { as: 'options', name: '--publish', short: '-p' },
        offers: (world, values, listening) =>
          portOffers(world, { typed: values['publish'], node: undefined }, listening),
        hint: '[HOSTIP:]PORT:PORT[/udp]',
      },
      ip6,
      mac,
      {
        id: 'add-host',
        label: 'more names',
        where: { as: 'options', name: '--add-host' },
        hint: 'NAME:IP, parted by blanks',
      },
    ],
  },
  'node-rm': { title: 'remove a node', verb: ['node', 'rm'], fields: [node] },
} as const satisfies Readonly<Record<string, Form>>
