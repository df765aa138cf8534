/** Forms of lab networks and nodes. */
import { labDrivers } from '../../model/lab-words.ts'
import {
  bridgeWords,
  linkWords,
  networksOfNode,
  networkWords,
  nodeWords,
  publishedWords,
} from '../select/change-offers.ts'
import type { Field, Form, Values } from './form.ts'
import { portOffers } from './port-offers.ts'

const yesNo = ['no', 'yes'] as const
const noYes = ['yes', 'no'] as const
const driver = ({ driver: chosen }: Values): string => chosen ?? 'bridge'
const hasBridge = (values: Values): boolean => ['bridge', 'vxlan'].includes(driver(values))
const hasParent = (values: Values): boolean => driver(values) !== 'bridge'
const isVxlan = (values: Values): boolean => driver(values) === 'vxlan'

const name: Field = { id: 'name', label: 'name', where: { as: 'word' }, required: true }
const network: Field = {
  id: 'network',
  label: 'network',
  where: { as: 'word' },
  required: true,
  offers: networkWords,
}
const node: Field = { id: 'node', label: 'node', where: { as: 'word' }, required: true, offers: nodeWords }
const alias: Field = {
  id: 'alias',
  label: 'aliases',
  where: { as: 'options', name: '--alias' },
  hint: 'further names on that network, parted by blanks',
}
const ip6: Field = {
  id: 'ip6',
  label: 'ipv6',
  where: { as: 'option', name: '--ip6' },
  hint: 'of a network with IPv6; empty: the next free one',
}
const mac: Field = {
  id: 'mac-address',
  label: 'mac',
  where: { as: 'option', name: '--mac-address' },
  hint: 'empty: one is made',
}
const links: Field = {
  id: 'link',
  label: 'links',
  where: { as: 'options', name: '--link' },
  offers: nodeWords,
  hint: 'NODE or NODE:ALIAS',
}
const ports: Field = {
  id: 'ports',
  label: 'ports',
  where: { as: 'words' },
  required: true,
  hint: '[HOSTIP:]PORT:PORT[/udp]',
}

export const netForms = {
  'net-create': {
    title: 'make a network',
    verb: ['net', 'create'],
    fields: [
      name,
      {
        id: 'driver',
        label: 'driver',
        where: { as: 'option', name: '--driver' },
        choices: labDrivers,
      },
      {
        id: 'subnet',
        label: 'subnet',
        where: { as: 'options', name: '--subnet' },
        hint: 'empty: the next free one',
      },
      {
        id: 'gateway',
        label: 'gateway',
        where: { as: 'options', name: '--gateway' },
        hint: 'empty: the first address',
      },
      {
        id: 'parent',
        label: 'parent',
        where: { as: 'option', name: '--parent' },
        when: hasParent,
        offers: (world) => linkWords(world, 'host'),
        hint: 'the link it stands on',
      },
      {
        id: 'mode',
        label: 'mode',
        where: { as: 'option', name: '--mode' },
        when: (values) => ['macvlan', 'ipvlan'].includes(driver(values)),
        offers: (_, values) =>
          driver(values) === 'ipvlan' ? ['l2', 'l3', 'l3s'] : ['bridge', 'private', 'vepa', 'passthru'],
      },
      { id: 'vni', label: 'vni', where: { as: 'option', name: '--vni' }, when: isVxlan },
      {
        id: 'local',
        label: 'local',
        where: { as: 'option', name: '--local' },
        when: isVxlan,
        hint: 'this host’s address',
      },
      {
        id: 'remote',
        label: 'remotes',
        where: { as: 'options', name: '--remote' },
        when: isVxlan,
        hint: 'other hosts’ addresses',
      },
      {
        id: 'internal',
        label: 'internal',
        where: { as: 'switch', name: '--internal' },
        choices: yesNo,
        hint: 'no way out of it',
      },
      {
        id: 'ipv6',
        label: 'ipv6',
        where: { as: 'switch', name: '--ipv6' },
        choices: yesNo,
      },
      {
        id: 'icc',
        label: 'icc',
        where: { as: 'false', name: '--icc' },
        choices: noYes,
        hint: 'members reach each other',
      },
      {
        id: 'ip-masq',
        label: 'masquerade',
        where: { as: 'false', name: '--ip-masq' },
        choices: noYes,
        hint: 'what leaves gets the host’s address',
        when: hasBridge,
      },
      {
        id: 'bridge',
        label: 'bridge',
        where: { as: 'option', name: '--bridge', short: '-b' },
        when: hasBridge,
        offers: (world) => bridgeWords(world, 'host'),
        hint: 'empty: one is made; else one that is there, and stays',
      },
      {
        id: 'ip-range',
        label: 'ip range',
        where: { as: 'options', name: '--ip-range' },
        hint: 'the part of the subnet that members get',
      },
      { id: 'mtu', label: 'mtu', where: { as: 'option', name: '--mtu' }, hint: 'empty: that of its uplink' },
      { ...mac, when: hasBridge, hint: 'of its bridge; empty: one is made' },
      {
        id: 'opt',
        label: 'options',
        where: { as: 'options', name: '--opt', short: '-o' },
        hint: 'KEY=VALUE, by Docker’s own names',
      },
      { id: 'label', label: 'labels', where: { as: 'options', name: '--label' }, hint: 'KEY=VALUE' },
      {
        id: 'accept-in-foreign',
        label: 'accept',
        where: { as: 'switch', name: '--accept-in-foreign' },
        choices: yesNo,
        when: hasBridge,
        hint: 'in a foreign nft chain that would drop it, too',
      },
    ],
  },
  'net-rm': { title: 'remove a network', verb: ['net', 'rm'], fields: [network] },
  'net-prune': { title: 'remove networks without members', verb: ['net', 'prune'], fields: [] },
  'net-connect': {
    title: 'connect a node to a network',
    verb: ['net', 'connect'],
    fields: [
      network,
      node,
      {
        id: 'ip',
        label: 'address',
        where: { as: 'option', name: '--ip' },
        hint: 'empty: the next free one',
      },
      alias,
      links,
      ip6,
      mac,
    ],
  },
  'net-disconnect': {
    title: 'take a node off a network',
    verb: ['net', 'disconnect'],
    fields: [
      {
        ...network,
        offers: (world, { node: of }) =>
          (of ?? '') === '' ? networkWords(world) : networksOfNode(world, of),
      },
      node,
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
  'node-add': {
    title: 'make a node',
    verb: ['node', 'add'],
    fields: [
      name,
      {
        id: 'network',
        label: 'networks',
        where: { as: 'options', name: '--network' },
        offers: networkWords,
        hint: 'parted by blanks; empty: none',
      },
      {
        id: 'mode',
        label: 'mode',
        where: { as: 'option', name: '--mode' },
        offers: (world) => ['bridge', 'none', 'host', ...nodeWords(world).map((each) => `container:${each}`)],
        hint: 'empty: bridge; none, host, container:NODE',
      },
      {
        id: 'ip',
        label: 'address',
        where: { as: 'option', name: '--ip' },
        hint: 'empty: the next free one',
      },
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
